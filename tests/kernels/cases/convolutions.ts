/** Convolutions over one and two axes, forwards and backwards, plain and depthwise. */
import * as tf from '@tensorflow/tfjs';
import type { Array64 } from '../../../packages/engine/src/gradients/table/reference/array64.ts';
import {
  convolution,
  depthwiseConvolution,
  transposedConvolution,
} from '../../../packages/engine/src/gradients/table/reference/convolution.ts';
import type { KernelProperty } from '../harness/kernel-case.ts';
import { drawValues, typed } from '../harness/values.ts';
import { adjoint } from './adjoint.ts';
import { asTfjsPad, drawWindows } from './windows.ts';

type Pair = [number, number];
const terms = 20;

const conv2d: KernelProperty = {
  name: 'conv2d',
  share: 4,
  generate(draw) {
    const windows = drawWindows(draw, { spatial: 2, dilated: true, explicit: true });
    const [inChannels, outChannels] = [draw.integer(1, 5), draw.integer(1, 5)];
    const x = drawValues(draw, [draw.integer(1, 3), ...windows.input, inChannels]);
    const filter = drawValues(draw, [...windows.sizes, inChannels, outChannels]);
    const { strides, dilations, asked, rounding } = windows;
    return {
      options: { strides, dilations, asked, rounding },
      inputs: [x, filter],
      run: (t, f) =>
        tf.conv2d(
          t as tf.Tensor4D,
          f as tf.Tensor4D,
          strides as Pair,
          asTfjsPad(asked),
          'NHWC',
          dilations as Pair,
          rounding,
        ),
      expected: typed(convolution(x, filter, windows), 'float32'),
      terms,
    };
  },
};

const conv2dGradients: KernelProperty = {
  name: 'gradients of conv2d',
  share: 4,
  generate(draw) {
    const windows = drawWindows(draw, { spatial: 2, dilated: true, explicit: true, largest: 6 });
    const [inChannels, outChannels] = [draw.integer(1, 3), draw.integer(1, 3)];
    const x = drawValues(draw, [draw.integer(1, 2), ...windows.input, inChannels]);
    const filter = drawValues(draw, [...windows.sizes, inChannels, outChannels]);
    const dy = drawValues(draw, [x.shape[0]!, ...windows.output, outChannels]);
    const { strides, dilations, asked, rounding } = windows;
    const expected = [
      adjoint((at: Array64) => convolution(at, filter, windows), x, dy),
      adjoint((at: Array64) => convolution(x, at, windows), filter, dy),
    ];
    return {
      options: { strides, dilations, asked, rounding },
      inputs: [x, filter, dy],
      run: (t, f, d) =>
        tf.grads((a: tf.Tensor, b: tf.Tensor) =>
          tf.conv2d(
            a as tf.Tensor4D,
            b as tf.Tensor4D,
            strides as Pair,
            asTfjsPad(asked),
            'NHWC',
            dilations as Pair,
            rounding,
          ),
        )([t!, f!], d!),
      expected: expected.map((values) => typed(values, 'float32')),
      terms,
    };
  },
};

const conv2dTranspose: KernelProperty = {
  name: 'conv2dTranspose',
  share: 3,
  generate(draw) {
    const windows = drawWindows(draw, { spatial: 2, explicit: true });
    const [inChannels, outChannels] = [draw.integer(1, 4), draw.integer(1, 4)];
    const batch = draw.integer(1, 2);
    const x = drawValues(draw, [batch, ...windows.output, inChannels]);
    const filter = drawValues(draw, [...windows.sizes, outChannels, inChannels]);
    const { strides, asked, rounding, input } = windows;
    const outShape = [batch, ...input, outChannels] as [number, number, number, number];
    return {
      options: { strides, asked, rounding, outShape },
      inputs: [x, filter],
      run: (t, f) =>
        tf.conv2dTranspose(t as tf.Tensor4D, f as tf.Tensor4D, outShape, strides as Pair, asTfjsPad(asked), rounding),
      expected: typed(transposedConvolution(x, filter, input, windows), 'float32'),
      terms,
    };
  },
};

const depthwise: KernelProperty = {
  name: 'depthwiseConv2d',
  share: 3,
  generate(draw) {
    const windows = drawWindows(draw, { spatial: 2, dilated: true, explicit: true });
    const [channels, multiplier] = [draw.integer(1, 5), draw.integer(1, 3)];
    const x = drawValues(draw, [draw.integer(1, 2), ...windows.input, channels]);
    const filter = drawValues(draw, [...windows.sizes, channels, multiplier]);
    const { strides, dilations, asked, rounding } = windows;
    return {
      options: { strides, dilations, asked, rounding },
      inputs: [x, filter],
      run: (t, f) =>
        tf.depthwiseConv2d(
          t as tf.Tensor4D,
          f as tf.Tensor4D,
          strides as Pair,
          asTfjsPad(asked),
          'NHWC',
          dilations as Pair,
          rounding,
        ),
      expected: typed(depthwiseConvolution(x, filter, windows), 'float32'),
      terms,
    };
  },
};

const depthwiseGradients: KernelProperty = {
  name: 'gradients of depthwiseConv2d',
  share: 3,
  generate(draw) {
    const windows = drawWindows(draw, { spatial: 2, dilated: true, largest: 6 });
    const [channels, multiplier] = [draw.integer(1, 3), draw.integer(1, 2)];
    const x = drawValues(draw, [draw.integer(1, 2), ...windows.input, channels]);
    const filter = drawValues(draw, [...windows.sizes, channels, multiplier]);
    const dy = drawValues(draw, [x.shape[0]!, ...windows.output, channels * multiplier]);
    const { strides, dilations, pad } = windows;
    const expected = [
      adjoint((at: Array64) => depthwiseConvolution(at, filter, windows), x, dy),
      adjoint((at: Array64) => depthwiseConvolution(x, at, windows), filter, dy),
    ];
    return {
      options: { strides, dilations, pad },
      inputs: [x, filter, dy],
      run: (t, f, d) =>
        tf.grads((a: tf.Tensor, b: tf.Tensor) =>
          tf.depthwiseConv2d(
            a as tf.Tensor4D,
            b as tf.Tensor4D,
            strides as Pair,
            asTfjsPad(pad),
            'NHWC',
            dilations as Pair,
          ),
        )([t!, f!], d!),
      expected: expected.map((values) => typed(values, 'float32')),
      terms,
    };
  },
};

const separable: KernelProperty = {
  name: 'separableConv2d',
  generate(draw) {
    const windows = drawWindows(draw, { spatial: 2, dilated: true });
    const [channels, multiplier, outChannels] = [draw.integer(1, 3), draw.integer(1, 2), draw.integer(1, 3)];
    const x = drawValues(draw, [draw.integer(1, 2), ...windows.input, channels]);
    const filter = drawValues(draw, [...windows.sizes, channels, multiplier]);
    const pointwise = drawValues(draw, [1, 1, channels * multiplier, outChannels]);
    const { strides, dilations, pad } = windows;
    const expected = convolution(depthwiseConvolution(x, filter, windows), pointwise, {
      strides: [1, 1],
      pad: 'valid',
    });
    return {
      options: { strides, dilations, pad },
      inputs: [x, filter, pointwise],
      run: (t, f, p) =>
        tf.separableConv2d(
          t as tf.Tensor4D,
          f as tf.Tensor4D,
          p as tf.Tensor4D,
          strides as Pair,
          asTfjsPad(pad),
          dilations as Pair,
        ),
      expected: typed(expected, 'float32'),
      terms: 60,
    };
  },
};

const conv1d: KernelProperty = {
  name: 'conv1d',
  generate(draw) {
    const windows = drawWindows(draw, { spatial: 1, dilated: true });
    const [inChannels, outChannels] = [draw.integer(1, 3), draw.integer(1, 3)];
    const x = drawValues(draw, [draw.integer(1, 2), ...windows.input, inChannels]);
    const filter = drawValues(draw, [...windows.sizes, inChannels, outChannels]);
    const { strides, dilations, pad } = windows;
    return {
      options: { strides, dilations, pad },
      inputs: [x, filter],
      run: (t, f) => tf.conv1d(t as tf.Tensor3D, f as tf.Tensor3D, strides[0]!, asTfjsPad(pad), 'NWC', dilations[0]!),
      expected: typed(convolution(x, filter, windows), 'float32'),
      terms,
    };
  },
};

export const convolutionProperties: readonly KernelProperty[] = [
  conv2d,
  conv2dGradients,
  conv2dTranspose,
  depthwise,
  depthwiseGradients,
  separable,
  conv1d,
];
