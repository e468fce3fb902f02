/** Sizes of kernels, strides, dilations and paddings, drawn so that what seldom happens in a tidy network happens here. */
import type { Windows } from '../../../packages/engine/src/gradients/table/reference/convolution.ts';
import { windowAxes } from '../../../packages/engine/src/gradients/table/reference/convolution.ts';
import type { Draw } from '../harness/draw.ts';

export interface DrawnWindows extends Windows {
  readonly input: readonly number[];
  readonly sizes: readonly number[];
  readonly strides: number[];
  readonly dilations: number[];
  readonly output: readonly number[];
  /** The padding as it is asked for; `pad` also has what windows that hang over reach beyond it. */
  readonly asked: Windows['pad'];
  readonly rounding?: 'floor' | 'ceil' | 'round';
}

export interface WindowChoice {
  readonly spatial: number;
  /** Whether taps may be apart (never together with a stride, which tfjs refuses). */
  readonly dilated?: boolean;
  /** Whether a padding may be given in numbers. */
  readonly explicit?: boolean;
  readonly largest?: number;
}

/** A window over `spatial` axes that fits at least once. */
export function drawWindows(
  draw: Draw,
  { spatial, dilated = false, explicit = false, largest = 7 }: WindowChoice,
): DrawnWindows {
  const axes = Array.from({ length: spatial }, (_, i) => i);
  const sizes = axes.map(() => draw.integer(1, 4));
  const apart = dilated && draw.rarely(3);
  const strides = axes.map(() => (apart ? 1 : draw.integer(1, 4)));
  const dilations = axes.map(() => (apart ? draw.integer(1, 3) : 1));
  const kind = draw.pick(explicit ? (['valid', 'same', 'explicit'] as const) : (['valid', 'same'] as const));
  const pad = kind === 'explicit' ? axes.map((): [number, number] => [draw.integer(0, 2), draw.integer(0, 2)]) : kind;
  const input = axes.map((i) => {
    const reach = (sizes[i]! - 1) * dilations[i]! + 1;
    return draw.integer(kind === 'same' ? 1 : reach, Math.max(reach, largest));
  });
  if (typeof pad === 'string') {
    const output = windowAxes(input, sizes, { strides, dilations, pad }).map((axis) => axis.output);
    return { strides, dilations, pad, asked: pad, input, sizes, output };
  }
  const rounding = draw.pick(['floor', 'ceil', 'round'] as const);
  return {
    strides,
    dilations,
    rounding,
    asked: pad,
    input,
    sizes,
    ...rounded({ input, sizes, strides, dilations, pad }, rounding),
  };
}

/** Sizes of the output with a rounding mode, and the padding that its last windows reach into. */
function rounded(
  { input, sizes, strides, dilations, pad }: Omit<DrawnWindows, 'output' | 'asked'>,
  mode: 'floor' | 'ceil' | 'round',
): { pad: [number, number][]; output: number[] } {
  const reach = sizes.map((size, i) => (size - 1) * dilations[i]! + 1);
  const sides = pad as readonly (readonly [number, number])[];
  const output = input.map((size, i) => {
    const places = (size + sides[i]![0] + sides[i]![1] - reach[i]!) / strides[i]! + 1;
    return mode === 'floor' ? Math.floor(places) : mode === 'ceil' ? Math.ceil(places) : Math.round(places);
  });
  const reached = input.map((size, i): [number, number] => {
    const [before, after] = sides[i]!;
    return [before, Math.max(after, (output[i]! - 1) * strides[i]! + reach[i]! - size - before)];
  });
  return { pad: reached, output };
}

/** A padding as tfjs takes it. */
export function asTfjsPad(pad: Windows['pad']): 'valid' | 'same' {
  return (typeof pad === 'string' ? pad : [[0, 0], ...pad, [0, 0]]) as 'valid' | 'same';
}
