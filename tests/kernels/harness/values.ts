/** Numbers with a shape and a dtype, in float64: what goes into a kernel and what should come out. */
import { type Array64, build, sizeOf } from '../../../packages/engine/src/gradients/table/reference/array64.ts';
import type { Draw } from './draw.ts';

export type Dtype = 'float32' | 'int32' | 'bool';
export const dtypes: readonly Dtype[] = ['float32', 'int32', 'bool'];

export interface Values extends Array64 {
  readonly dtype: Dtype;
}

export function typed(x: Array64, dtype: Dtype): Values {
  return { shape: x.shape, data: x.data, dtype };
}

/** A number as a tensor of the dtype keeps it: floats rounded, fractions cut off, truth values 0 or 1. */
export function stored(value: number, dtype: Dtype): number {
  if (dtype === 'float32') return Math.fround(value);
  return dtype === 'int32' ? Math.trunc(value) | 0 : Number(value !== 0);
}

/** The entries of `x` in another dtype. */
export function castTo(x: Array64, dtype: Dtype): Values {
  return { shape: x.shape, data: x.data.map((value) => stored(value, dtype)), dtype };
}

export interface Range {
  readonly low?: number;
  readonly high?: number;
  /** Values that stand among the others now and then. */
  readonly special?: readonly number[];
}

/** Random entries in [low, high], by default [-2, 2], or [-9, 9] for integers. */
export function drawValues(draw: Draw, shape: readonly number[], dtype: Dtype = 'float32', range: Range = {}): Values {
  const random = draw.values();
  const { low = dtype === 'int32' ? -9 : -2, high = dtype === 'int32' ? 9 : 2, special = [] } = range;
  const data = new Float64Array(sizeOf(shape));
  for (let i = 0; i < data.length; i++) {
    const among = special.length > 0 && random.integer(5) === 0;
    if (among) data[i] = stored(special[random.integer(special.length)]!, dtype);
    else if (dtype === 'bool') data[i] = random.integer(2);
    else if (dtype === 'int32') data[i] = Math.ceil(low) + random.integer(Math.floor(high) - Math.ceil(low) + 1);
    else data[i] = Math.fround(low + (high - low) * random.uniform());
  }
  return { shape: [...shape], data, dtype };
}

/** The dtype of an operation of two: the wider one. */
export function wider(a: Dtype, b: Dtype): Dtype {
  return dtypes[Math.min(dtypes.indexOf(a), dtypes.indexOf(b))]!;
}

export { type Array64, build, sizeOf };
