/** Convolutions of any number of spatial axes, in float64, by their definition. Channels last. */
import { type Array64, atOrZero, build } from './array64.ts';

export interface Windows {
  readonly strides: readonly number[];
  readonly dilations?: readonly number[] | undefined;
  readonly pad: 'same' | 'valid' | readonly (readonly [number, number])[];
}

interface Axis {
  readonly output: number;
  readonly before: number;
  readonly stride: number;
  readonly dilation: number;
}

/** Output size and padding of each spatial axis, by TensorFlow's rules. */
export function windowAxes(input: readonly number[], sizes: readonly number[], windows: Windows): Axis[] {
  return input.map((size, i) => {
    const stride = windows.strides[i]!;
    const dilation = windows.dilations?.[i] ?? 1;
    const reach = (sizes[i]! - 1) * dilation + 1;
    if (windows.pad === 'same') {
      const output = Math.ceil(size / stride);
      const before = Math.floor(Math.max(0, (output - 1) * stride + reach - size) / 2);
      return { output, before, stride, dilation };
    }
    const [before, after] = windows.pad === 'valid' ? [0, 0] : windows.pad[i]!;
    return { output: Math.floor((size + before + after - reach) / stride) + 1, before, stride, dilation };
  });
}

/** Calls `visit` with every index of `shape`. */
export function each(shape: readonly number[], visit: (index: readonly number[]) => void): void {
  build(shape, (index) => {
    visit(index);
    return 0;
  });
}

/** `y[n, o, k] = sum_{t, c} x[n, o s + t d - before, c] W[t, c, k]` */
export function convolution(x: Array64, filter: Array64, windows: Windows): Array64 {
  const spatial = x.shape.slice(1, -1);
  const taps = filter.shape.slice(0, -2);
  const axes = windowAxes(spatial, taps, windows);
  const [inChannels, outChannels] = filter.shape.slice(-2) as [number, number];
  return build([x.shape[0]!, ...axes.map(({ output }) => output), outChannels], (index) => {
    let total = 0;
    each(taps, (tap) => {
      const place = axes.map(({ stride, dilation, before }, i) => index[i + 1]! * stride + tap[i]! * dilation - before);
      for (let c = 0; c < inChannels; c++) {
        const value = atOrZero(x, [index[0]!, ...place, c]);
        if (value !== 0) total += value * atOrZero(filter, [...tap, c, index[index.length - 1]!]);
      }
    });
    return total;
  });
}

/** `y[n, o, c M + m] = sum_t x[n, o s + t d - before, c] W[t, c, m]` */
export function depthwiseConvolution(x: Array64, filter: Array64, windows: Windows): Array64 {
  const taps = filter.shape.slice(0, 2);
  const axes = windowAxes(x.shape.slice(1, -1), taps, windows);
  const [channels, multiplier] = filter.shape.slice(2) as [number, number];
  return build([x.shape[0]!, ...axes.map(({ output }) => output), channels * multiplier], (index) => {
    const depth = index[index.length - 1]!;
    const [c, m] = [Math.floor(depth / multiplier), depth % multiplier];
    let total = 0;
    each(taps, (tap) => {
      const place = axes.map(({ stride, dilation, before }, i) => index[i + 1]! * stride + tap[i]! * dilation - before);
      total += atOrZero(x, [index[0]!, ...place, c]) * atOrZero(filter, [...tap, c, m]);
    });
    return total;
  });
}

/** The adjoint of a convolution whose input has the spatial size `output`; filter `[...taps, outChannels, inChannels]`. */
export function transposedConvolution(
  x: Array64,
  filter: Array64,
  output: readonly number[],
  windows: Windows,
): Array64 {
  const taps = filter.shape.slice(0, -2);
  const axes = windowAxes(output, taps, windows);
  const [outChannels, inChannels] = filter.shape.slice(-2) as [number, number];
  return build([x.shape[0]!, ...output, outChannels], (index) => {
    let total = 0;
    each(taps, (tap) => {
      const place = axes.map(({ stride, before }, i) => (index[i + 1]! + before - tap[i]!) / stride);
      if (!place.every(Number.isInteger)) return;
      for (let c = 0; c < inChannels; c++) {
        const value = atOrZero(x, [index[0]!, ...place, c]);
        if (value !== 0) total += value * atOrZero(filter, [...tap, index[index.length - 1]!, c]);
      }
    });
    return total;
  });
}

/** Pooling: `combine` receives the entries of each window that lie inside the input. */
export function pooling(
  x: Array64,
  sizes: readonly number[],
  windows: Windows,
  combine: (values: number[]) => number,
): Array64 {
  const spatial = x.shape.slice(1, -1);
  const axes = windowAxes(spatial, sizes, windows);
  return build([x.shape[0]!, ...axes.map(({ output }) => output), x.shape[x.shape.length - 1]!], (index) => {
    const values: number[] = [];
    each(sizes, (offset) => {
      const place = axes.map(({ stride, before }, i) => index[i + 1]! * stride + offset[i]! - before);
      if (place.every((p, i) => p >= 0 && p < spatial[i]!)) {
        values.push(atOrZero(x, [index[0]!, ...place, index[index.length - 1]!]));
      }
    });
    return combine(values);
  });
}
