/** Largest entries and averages of windows, with their gradients. */
import * as tf from '@tensorflow/tfjs';
import { mean } from '../../../packages/engine/src/gradients/table/reference/array64.ts';
import { each, pooling, windowAxes } from '../../../packages/engine/src/gradients/table/reference/convolution.ts';
import type { KernelProperty } from '../harness/kernel-case.ts';
import { type Array64, build, drawValues, typed } from '../harness/values.ts';
import { adjoint } from './adjoint.ts';
import { asTfjsPad, type DrawnWindows, drawWindows } from './windows.ts';

type Pair = [number, number];
type Triple = [number, number, number];
type Kind = 'max' | 'avg';

const average = (values: number[]) => mean(values);

function pooled(x: Array64, windows: DrawnWindows, kind: Kind): Array64 {
  return pooling(x, windows.sizes, windows, kind === 'max' ? (values) => Math.max(...values) : average);
}

/** `dy` at the first largest entry of each window. */
function maxGradient(x: Array64, dy: Array64, windows: DrawnWindows): Array64 {
  const spatial = x.shape.slice(1, -1);
  const axes = windowAxes(spatial, windows.sizes, windows);
  const gradient = build(x.shape, () => 0);
  const offset = (index: readonly number[]) => index.reduce((total, i, axis) => total * x.shape[axis]! + i, 0);
  let output = 0;
  each(dy.shape, (index) => {
    let best = -1;
    each(windows.sizes, (tap) => {
      const place = axes.map(({ stride, before }, i) => index[i + 1]! * stride + tap[i]! - before);
      if (!place.every((p, i) => p >= 0 && p < spatial[i]!)) return;
      const from = offset([index[0]!, ...place, index[index.length - 1]!]);
      if (best === -1 || x.data[from]! > x.data[best]!) best = from;
    });
    if (best !== -1) gradient.data[best]! += dy.data[output]!;
    output++;
  });
  return gradient;
}

/** The same without padding where a window would lie in it wholly: nothing defines the value of such a window. */
function withEntries(windows: DrawnWindows): DrawnWindows {
  const { input, sizes, strides, dilations, output, pad } = windows;
  if (typeof pad === 'string') return windows;
  const everyWindowHasSome = input.every((size, i) =>
    Array.from({ length: output[i]! }, (_, o) => o * strides[i]! - pad[i]![0]).every(
      (start) => start + sizes[i]! > 0 && start < size,
    ),
  );
  if (everyWindowHasSome) return windows;
  const plain = { strides, dilations, pad: 'valid' } as const;
  const positions = windowAxes(input, sizes, plain).map((axis) => axis.output);
  return { ...plain, asked: 'valid', input, sizes, output: positions };
}

function pool2d(kind: Kind): KernelProperty {
  return {
    name: `${kind}Pool`,
    share: 2,
    generate(draw) {
      const windows = withEntries(drawWindows(draw, { spatial: 2, explicit: true }));
      const x = drawValues(draw, [draw.integer(1, 3), ...windows.input, draw.integer(1, 4)], 'float32', {
        low: -5,
        high: 2,
      });
      const { sizes, strides, asked, rounding } = windows;
      const run = kind === 'max' ? tf.maxPool : tf.avgPool;
      return {
        options: { sizes, strides, asked, rounding },
        inputs: [x],
        run: (t) => run(t as tf.Tensor4D, sizes as Pair, strides as Pair, asTfjsPad(asked), rounding),
        expected: typed(pooled(x, windows, kind), 'float32'),
        terms: kind === 'max' ? 0 : 4,
      };
    },
  };
}

function pool2dGradient(kind: Kind): KernelProperty {
  return {
    name: `gradient of ${kind}Pool`,
    share: 2,
    generate(draw) {
      const windows = drawWindows(draw, { spatial: 2, largest: 6 });
      const x = drawValues(draw, [draw.integer(1, 2), ...windows.input, draw.integer(1, 3)], 'float32', {
        low: -5,
        high: 2,
      });
      const dy = drawValues(draw, [x.shape[0]!, ...windows.output, x.shape[3]!]);
      const { sizes, strides, pad } = windows;
      const run = kind === 'max' ? tf.maxPool : tf.avgPool;
      return {
        options: { sizes, strides, pad },
        inputs: [x, dy],
        run: (t, d) =>
          tf.grad((at: tf.Tensor) => run(at as tf.Tensor4D, sizes as Pair, strides as Pair, asTfjsPad(pad)))(t!, d!),
        expected: typed(
          kind === 'max' ? maxGradient(x, dy, windows) : adjoint((at) => pooled(at, windows, 'avg'), x, dy),
          'float32',
        ),
        terms: 8,
      };
    },
  };
}

function pool3d(kind: Kind): KernelProperty {
  return {
    name: `${kind}Pool3d`,
    generate(draw) {
      const windows = drawWindows(draw, { spatial: 3, largest: 5 });
      const x = drawValues(draw, [draw.integer(1, 2), ...windows.input, draw.integer(1, 3)], 'float32', {
        low: -5,
        high: 2,
      });
      const { sizes, strides, pad } = windows;
      const run = kind === 'max' ? tf.maxPool3d : tf.avgPool3d;
      return {
        options: { sizes, strides, pad },
        inputs: [x],
        run: (t) => run(t as tf.Tensor5D, sizes as Triple, strides as Triple, pad as 'same'),
        expected: typed(pooled(x, windows, kind), 'float32'),
        terms: kind === 'max' ? 0 : 4,
      };
    },
  };
}

function pool3dGradient(kind: Kind): KernelProperty {
  return {
    name: `gradient of ${kind}Pool3d`,
    generate(draw) {
      const windows = drawWindows(draw, { spatial: 3, largest: 4 });
      const x = drawValues(draw, [draw.integer(1, 2), ...windows.input, draw.integer(1, 2)], 'float32', {
        low: -5,
        high: 2,
      });
      const dy = drawValues(draw, [x.shape[0]!, ...windows.output, x.shape[4]!]);
      const { sizes, strides, pad } = windows;
      const run = kind === 'max' ? tf.maxPool3d : tf.avgPool3d;
      return {
        options: { sizes, strides, pad },
        inputs: [x, dy],
        run: (t, d) =>
          tf.grad((at: tf.Tensor) => run(at as tf.Tensor5D, sizes as Triple, strides as Triple, pad as 'same'))(t!, d!),
        expected: typed(
          kind === 'max' ? maxGradient(x, dy, windows) : adjoint((at) => pooled(at, windows, 'avg'), x, dy),
          'float32',
        ),
        terms: 8,
      };
    },
  };
}

export const poolingProperties: readonly KernelProperty[] = (['max', 'avg'] as const).flatMap((kind) => [
  pool2d(kind),
  pool2dGradient(kind),
  pool3d(kind),
  pool3dGradient(kind),
]);
