/** Resized images with their gradients, and batch normalisation. */
import * as tf from '@tensorflow/tfjs';
import { at } from '../../../packages/engine/src/gradients/table/reference/array64.ts';
import type { KernelProperty } from '../harness/kernel-case.ts';
import { filled } from '../harness/shapes.ts';
import { type Array64, build, drawValues, typed } from '../harness/values.ts';
import { adjoint } from './adjoint.ts';

type Pair = [number, number];
type Kind = 'NearestNeighbor' | 'Bilinear';

interface Resizing {
  readonly size: Pair;
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** Where output `o` lies on the input's axis, as TensorFlow's options say. */
function placeOf(
  o: number,
  from: number,
  to: number,
  { alignCorners, halfPixelCenters }: Resizing,
  kind: Kind,
): number {
  const scale = alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
  if (!halfPixelCenters) return o * scale;
  return (o + 0.5) * scale - (kind === 'Bilinear' ? 0.5 : 0);
}

function resized(x: Array64, resizing: Resizing, kind: Kind): Array64 {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const [outHeight, outWidth] = resizing.size;
  const clamp = (i: number, size: number) => Math.min(size - 1, Math.max(0, i));
  const taps = (o: number, from: number, to: number): [index: number, weight: number][] => {
    // Twelve places are enough to undo what rounding does to quotients of small numbers.
    const place = Number(placeOf(o, from, to, resizing, kind).toFixed(12));
    if (kind === 'NearestNeighbor')
      return [[clamp(resizing.alignCorners ? Math.round(place) : Math.floor(place), from), 1]];
    const low = Math.floor(place);
    return [
      [clamp(low, from), 1 - (place - low)],
      [clamp(low + 1, from), place - low],
    ];
  };
  return build([batch, outHeight, outWidth, channels], ([n, y, column, c]) => {
    let total = 0;
    for (const [i, rowWeight] of taps(y!, height, outHeight)) {
      for (const [j, columnWeight] of taps(column!, width, outWidth))
        total += rowWeight * columnWeight * at(x, [n!, i, j, c!]);
    }
    return total;
  });
}

function resize(kind: Kind, backwards: boolean): KernelProperty {
  const operation = kind === 'Bilinear' ? tf.image.resizeBilinear : tf.image.resizeNearestNeighbor;
  return {
    name: `${backwards ? 'gradient of ' : ''}resize${kind}`,
    share: 1.5,
    generate(draw) {
      const [height, width] = [draw.integer(1, 6), draw.integer(1, 6)];
      const size: Pair = draw.yes()
        ? [height * draw.integer(1, 3), width * draw.integer(1, 3)]
        : [draw.integer(1, 9), draw.integer(1, 9)];
      const mode = draw.integer(0, 2);
      const resizing = { size, alignCorners: mode === 1, halfPixelCenters: mode === 2 };
      // Nearest neighbours keep the dtype of their images; bilinear ones are averages.
      const dtype = backwards ? 'float32' : draw.pick(['float32', 'float32', 'int32'] as const);
      const x = drawValues(draw, [draw.integer(1, 3), height, width, draw.integer(1, 3)], dtype);
      const expected = resized(x, resizing, kind);
      const result = kind === 'Bilinear' ? 'float32' : dtype;
      const { alignCorners, halfPixelCenters } = resizing;
      const options = { ...resizing };
      if (!backwards) {
        return {
          options,
          inputs: [x],
          run: (t) => operation(t as tf.Tensor4D, size, alignCorners, halfPixelCenters),
          expected: typed(expected, result),
          terms: 4,
        };
      }
      const dy = drawValues(draw, expected.shape);
      return {
        options,
        inputs: [x, dy],
        run: (t, d) =>
          tf.grad((image: tf.Tensor) => operation(image as tf.Tensor4D, size, alignCorners, halfPixelCenters))(t!, d!),
        expected: typed(
          adjoint((image) => resized(image, resizing, kind), x, dy),
          'float32',
        ),
        terms: 10,
      };
    },
  };
}

/** Mean, variance, scale and offset belong to one axis, as those of `tf.layers.batchNormalization({ axis })` do. */
const batchNorm: KernelProperty = {
  name: 'batchNorm',
  share: 2,
  generate(draw) {
    const shape = filled(draw.shape(2, 4, 4));
    const x = drawValues(draw, shape);
    const axis = draw.yes() ? draw.integer(0, shape.length - 1) : shape.length - 1;
    const last = axis === shape.length - 1;
    const own = last && draw.yes() ? [shape[axis]!] : shape.map((size, i) => (i === axis ? size : 1));
    const [average, variance] = [drawValues(draw, own), drawValues(draw, own, 'float32', { low: 0.1, high: 3 })];
    const [scale, offset] = [drawValues(draw, own), drawValues(draw, own)];
    const [withScale, withOffset] = [draw.yes(), draw.yes()];
    const expected = build(shape, (index) => {
      const normal = (at(x, index) - at(average, index)) / Math.sqrt(at(variance, index) + 1e-3);
      return normal * (withScale ? at(scale, index) : 1) + (withOffset ? at(offset, index) : 0);
    });
    return {
      options: { axis, withScale, withOffset },
      inputs: [x, average, variance, scale, offset],
      run: (t, m, v, s, o) =>
        tf.batchNorm(
          t as tf.Tensor4D,
          m as tf.Tensor1D,
          v as tf.Tensor1D,
          withOffset ? (o as tf.Tensor1D) : undefined,
          withScale ? (s as tf.Tensor1D) : undefined,
          1e-3,
        ),
      expected: typed(expected, 'float32'),
      terms: 20,
    };
  },
};

export const imageProperties: readonly KernelProperty[] = [
  resize('NearestNeighbor', false),
  resize('NearestNeighbor', true),
  resize('Bilinear', false),
  resize('Bilinear', true),
  batchNorm,
];
