/** Convolutions of every kind: strides, dilation, padding, transposed, depthwise, separable, one and three axes, fused. */
import * as tf from '@tensorflow/tfjs';
import { type GradientCase, gradientCase } from '../gradient-case.ts';
import { reshape, zip } from '../reference/array64.ts';
import { convolution, depthwiseConvolution, transposedConvolution } from '../reference/convolution.ts';

type Pad = 'same' | 'valid';
const explicit: [[number, number], [number, number], [number, number], [number, number]] = [
  [0, 0],
  [1, 2],
  [0, 1],
  [0, 0],
];

const geometries: readonly (readonly [size: number, stride: number, dilation: number, pad: Pad | typeof explicit])[] = [
  [1, 1, 1, 'valid'],
  [3, 1, 1, 'same'],
  [3, 1, 1, 'valid'],
  [3, 2, 1, 'same'],
  [4, 2, 1, 'same'],
  [2, 2, 1, 'valid'],
  [3, 2, 1, explicit],
  [2, 3, 1, 'same'],
  [3, 1, 2, 'same'],
  [2, 1, 2, 'valid'],
];

function name(size: number, stride: number, dilation: number, pad: Pad | typeof explicit): string {
  const padding = typeof pad === 'string' ? pad : 'explicit padding';
  return `${size}x${size}${stride > 1 ? `, stride ${stride}` : ''}${dilation > 1 ? `, dilation ${dilation}` : ''}, ${padding}`;
}

const image = [2, 5, 4, 2];

const plain = geometries.map(([size, stride, dilation, pad]) =>
  gradientCase(
    'conv2d',
    name(size, stride, dilation, pad),
    [image, [size, size, 2, 2]],
    (x, filter) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, pad, 'NHWC', dilation),
    (x, filter) =>
      convolution(x!, filter!, {
        strides: [stride, stride],
        dilations: [dilation, dilation],
        pad: typeof pad === 'string' ? pad : pad.slice(1, 3),
      }),
  ),
);

const transposed = (
  [
    [3, 1, 'same'],
    [3, 2, 'same'],
    [2, 3, 'same'],
    [4, 2, 'same'],
    [5, 2, 'same'],
    [3, 2, 'valid'],
    [2, 3, 'valid'],
  ] as const
).map(([size, stride, pad]) => {
  const output = [3, 2].map((n) => (pad === 'same' ? n * stride : (n - 1) * stride + size)) as [number, number];
  return gradientCase(
    'conv2dTranspose',
    name(size, stride, 1, pad),
    [
      [2, 3, 2, 2],
      [size, size, 2, 2],
    ],
    (x, filter) => tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, [2, ...output, 2], stride, pad),
    (x, filter) => transposedConvolution(x!, filter!, output, { strides: [stride, stride], pad }),
  );
});

const depthwise = geometries
  .filter(([size, , , pad]) => size > 1 && typeof pad === 'string')
  .flatMap(([size, stride, dilation, pad]) =>
    [1, 2].map((multiplier) =>
      gradientCase(
        'depthwiseConv2d',
        `${name(size, stride, dilation, pad)}, multiplier ${multiplier}`,
        [image, [size, size, 2, multiplier]],
        (x, filter) =>
          tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, pad as Pad, 'NHWC', dilation),
        (x, filter) =>
          depthwiseConvolution(x!, filter!, {
            strides: [stride, stride],
            dilations: [dilation, dilation],
            pad: pad as Pad,
          }),
      ),
    ),
  );

const volumes = (
  [
    [2, 1, 'same'],
    [2, 2, 'same'],
    [1, 2, 'same'],
    [2, 1, 'valid'],
  ] as const
).map(([size, stride, pad]) =>
  gradientCase(
    'conv3d',
    `${size}x${size}x${size}, stride ${stride}, ${pad}`,
    [
      [1, 3, 2, 3, 2],
      [size, size, size, 2, 2],
    ],
    (x, filter) => tf.conv3d(x as tf.Tensor5D, filter as tf.Tensor5D, stride, pad),
    (x, filter) => convolution(x!, filter!, { strides: [stride, stride, stride], pad }),
  ),
);

/** tf.layers.conv2d runs this for a linear activation. */
const fused = ([1, 2] as const).map((dilation) =>
  gradientCase(
    'fused.conv2d',
    `bias, linear, dilation ${dilation}`,
    [image, [2, 2, 2, 2], [2]],
    (x, filter, bias) =>
      tf.fused.conv2d({
        x: x as tf.Tensor4D,
        filter: filter as tf.Tensor4D,
        strides: 1,
        pad: 'same',
        dilations: [dilation, dilation],
        bias: bias!,
      }),
    (x, filter, bias) =>
      zip(
        convolution(x!, filter!, { strides: [1, 1], dilations: [dilation, dilation], pad: 'same' }),
        bias!,
        (a, b) => a + b,
      ),
  ),
);

/** A kernel wider than high, narrower than its stride along one axis. */
const rectangular = gradientCase(
  'conv2d',
  '1x3, stride 2x1, same',
  [image, [1, 3, 2, 2]],
  (x, filter) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, [2, 1], 'same'),
  (x, filter) => convolution(x!, filter!, { strides: [2, 1], pad: 'same' }),
);

export const convolutionCases: readonly GradientCase[] = [
  ...plain,
  rectangular,
  ...transposed,
  ...depthwise,
  gradientCase(
    'separableConv2d',
    '3x3, stride 2, same',
    [image, [3, 3, 2, 2], [1, 1, 4, 3]],
    (x, d, p) => tf.separableConv2d(x as tf.Tensor4D, d as tf.Tensor4D, p as tf.Tensor4D, 2, 'same'),
    (x, d, p) =>
      convolution(depthwiseConvolution(x!, d!, { strides: [2, 2], pad: 'same' }), p!, { strides: [1, 1], pad: 'same' }),
  ),
  gradientCase(
    'conv1d',
    '3, stride 2, same',
    [
      [2, 6, 2],
      [3, 2, 2],
    ],
    (x, filter) => tf.conv1d(x as tf.Tensor3D, filter as tf.Tensor3D, 2, 'same'),
    (x, filter) => convolution(x!, filter!, { strides: [2], pad: 'same' }),
  ),
  gradientCase(
    'conv2d',
    'one image without a batch axis',
    [
      [4, 4, 2],
      [3, 3, 2, 2],
    ],
    (x, filter) => tf.conv2d(x as tf.Tensor3D, filter as tf.Tensor4D, 1, 'same'),
    (x, filter) => {
      const y = convolution(reshape(x!, [1, 4, 4, 2]), filter!, { strides: [1, 1], pad: 'same' });
      return reshape(y, [4, 4, 2]);
    },
  ),
  ...volumes,
  ...fused,
];
