/** Pooling of images and volumes, and resizing. */
import * as tf from '@tensorflow/tfjs';
import { type GradientCase, gradientCase } from '../gradient-case.ts';
import { at, build, mean } from '../reference/array64.ts';
import { pooling } from '../reference/convolution.ts';

const largest = (values: number[]) => Math.max(...values);

const windows = (
  [
    [2, 2, 'valid'],
    [3, 2, 'same'],
    [3, 1, 'same'],
    [2, 1, 'valid'],
    [2, 3, 'same'],
  ] as const
).flatMap(([size, stride, pad]) =>
  [
    [2, 4, 4, 1],
    [1, 6, 6, 2],
    [2, 5, 4, 2],
  ].flatMap((shape) => {
    const variant = `[${shape}], ${size}x${size}, stride ${stride}, ${pad}`;
    const sizes = [size, size];
    const options = { strides: [stride, stride], pad };
    return [
      gradientCase(
        'maxPool',
        variant,
        [shape],
        (x) => tf.maxPool(x as tf.Tensor4D, size, stride, pad),
        (x) => pooling(x!, sizes, options, largest),
      ),
      gradientCase(
        'avgPool',
        variant,
        [shape],
        (x) => tf.avgPool(x as tf.Tensor4D, size, stride, pad),
        (x) => pooling(x!, sizes, options, mean),
      ),
    ];
  }),
);

const volumes = (
  [
    [2, 'valid'],
    [2, 'same'],
    [1, 'same'],
  ] as const
).flatMap(([size, pad]) => {
  const shape = [1, 4, 3, 3, 2];
  const sizes = [size, size, size];
  const variant = size === 2 ? pad : `${pad}, narrower than its stride`;
  const options = { strides: [2, 2, 2], pad };
  return [
    gradientCase(
      'maxPool3d',
      variant,
      [shape],
      (x) => tf.maxPool3d(x as tf.Tensor5D, size, 2, pad),
      (x) => pooling(x!, sizes, options, largest),
    ),
    gradientCase(
      'avgPool3d',
      variant,
      [shape],
      (x) => tf.avgPool3d(x as tf.Tensor5D, size, 2, pad),
      (x) => pooling(x!, sizes, options, mean),
    ),
  ];
});

interface ResizeOptions {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** Where output `o` of an axis lies in the input, by TensorFlow's three conventions. */
function source(o: number, input: number, output: number, { alignCorners, halfPixelCenters }: ResizeOptions): number {
  if (alignCorners && output > 1) return (o * (input - 1)) / (output - 1);
  return halfPixelCenters ? ((o + 0.5) * input) / output - 0.5 : (o * input) / output;
}

const clamp = (i: number, size: number) => Math.min(size - 1, Math.max(0, i));

function nearest(o: number, input: number, output: number, options: ResizeOptions): number {
  const place = source(o, input, output, options);
  if (options.alignCorners) return clamp(Math.round(place), input);
  return clamp(Math.floor(options.halfPixelCenters ? place + 0.5 : place), input);
}

const sizes: readonly (readonly [string, [number, number]])[] = [
  ['up twice', [6, 4]],
  ['up, not whole', [5, 5]],
  ['down', [2, 1]],
];

const conventions: readonly (readonly [string, ResizeOptions])[] = [
  ['', { alignCorners: false, halfPixelCenters: false }],
  [', alignCorners', { alignCorners: true, halfPixelCenters: false }],
  [', halfPixelCenters', { alignCorners: false, halfPixelCenters: true }],
];

const resizing = sizes.flatMap(([change, size]) =>
  conventions.flatMap(([convention, options]) => {
    const shape = [2, 3, 2, 2];
    const variant = `${change}${convention}`;
    const { alignCorners, halfPixelCenters } = options;
    return [
      gradientCase(
        'resizeNearestNeighbor',
        variant,
        [shape],
        (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, size, alignCorners, halfPixelCenters),
        (x) =>
          build([2, ...size, 2], ([n, i, j, c]) =>
            at(x!, [n!, nearest(i!, 3, size[0], options), nearest(j!, 2, size[1], options), c!]),
          ),
      ),
      gradientCase(
        'resizeBilinear',
        variant,
        [shape],
        (x) => tf.image.resizeBilinear(x as tf.Tensor4D, size, alignCorners, halfPixelCenters),
        (x) =>
          build([2, ...size, 2], ([n, i, j, c]) => {
            const [row, column] = [source(i!, 3, size[0], options), source(j!, 2, size[1], options)];
            const [top, left] = [Math.floor(row), Math.floor(column)];
            let value = 0;
            for (const [r, rowWeight] of [
              [top, 1 - (row - top)],
              [top + 1, row - top],
            ] as const) {
              for (const [q, columnWeight] of [
                [left, 1 - (column - left)],
                [left + 1, column - left],
              ] as const) {
                value += rowWeight * columnWeight * at(x!, [n!, clamp(r, 3), clamp(q, 2), c!]);
              }
            }
            return value;
          }),
      ),
    ];
  }),
);

export const poolingCases: readonly GradientCase[] = [
  ...windows,
  ...volumes,
  ...resizing,
  gradientCase(
    'layers.upSampling2d',
    'nearest, batch 2',
    [[2, 2, 3, 2]],
    (x) => tf.layers.upSampling2d({ size: [2, 2] }).apply(x!) as tf.Tensor,
    (x) => build([2, 4, 6, 2], ([n, i, j, c]) => at(x!, [n!, i! >> 1, j! >> 1, c!])),
  ),
];
