/** What most properties of rearrangements have in common. */
import type { Draw } from '../harness/draw.ts';
import type { KernelCase, KernelProperty } from '../harness/kernel-case.ts';
import { type Array64, drawValues, dtypes, typed, type Values } from '../harness/values.ts';

/** A property of one operand of any dtype whose entries come out as they are. */
export function rearrangement(
  name: string,
  make: (
    draw: Draw,
    input: (shape: readonly number[]) => Values,
  ) => Omit<KernelCase, 'inputs' | 'expected'> & { x: Values; expected: Array64 | Array64[] },
  share = 1,
): KernelProperty {
  return {
    name,
    share,
    generate(draw) {
      const dtype = draw.pick(dtypes);
      const { x, expected, ...rest } = make(draw, (shape) => drawValues(draw, shape, dtype));
      return { ...rest, inputs: [x], expected: [expected].flat().map((values) => typed(values, x.dtype)), terms: 0 };
    },
  };
}
