/** Convolutions with a bias and an activation in one kernel. */
import * as tf from '@tensorflow/tfjs';
import {
  convolution,
  depthwiseConvolution,
} from '../../../packages/engine/src/gradients/table/reference/convolution.ts';
import type { KernelProperty } from '../harness/kernel-case.ts';
import { drawValues, typed } from '../harness/values.ts';
import { activationNames, activations } from './matrices.ts';
import { asTfjsPad, drawWindows } from './windows.ts';

type Pair = [number, number];
const terms = 20;

const fusedConv2d: KernelProperty = {
  name: 'fused.conv2d',
  share: 3,
  generate(draw) {
    const windows = drawWindows(draw, { spatial: 2, dilated: true });
    const [inChannels, outChannels] = [draw.integer(1, 3), draw.integer(1, 4)];
    const x = drawValues(draw, [draw.integer(1, 2), ...windows.input, inChannels]);
    const filter = drawValues(draw, [...windows.sizes, inChannels, outChannels]);
    const bias = drawValues(draw, [outChannels]);
    const withBias = draw.yes();
    const activation = draw.pick(activationNames);
    const { strides, dilations, pad } = windows;
    const plain = convolution(x, filter, windows);
    const data = plain.data.map((value, i) =>
      activations[activation](value + (withBias ? bias.data[i % outChannels]! : 0)),
    );
    return {
      options: { strides, dilations, pad, activation, withBias },
      inputs: [x, filter, bias],
      run: (t, f, b) =>
        tf.fused.conv2d({
          x: t as tf.Tensor4D,
          filter: f as tf.Tensor4D,
          strides: strides as Pair,
          pad: asTfjsPad(pad),
          dilations: dilations as Pair,
          activation,
          leakyreluAlpha: 0.3,
          ...(withBias && { bias: b! }),
        }),
      expected: typed({ shape: plain.shape, data }, 'float32'),
      terms,
    };
  },
};

const fusedDepthwise: KernelProperty = {
  name: 'fused.depthwiseConv2d',
  share: 2,
  generate(draw) {
    const windows = drawWindows(draw, { spatial: 2, dilated: true });
    const [channels, multiplier] = [draw.integer(1, 3), draw.integer(1, 2)];
    const depth = channels * multiplier;
    const x = drawValues(draw, [draw.integer(1, 2), ...windows.input, channels]);
    const filter = drawValues(draw, [...windows.sizes, channels, multiplier]);
    const bias = drawValues(draw, [depth]);
    const withBias = draw.yes();
    const activation = draw.pick(activationNames);
    const { strides, dilations, pad } = windows;
    const plain = depthwiseConvolution(x, filter, windows);
    const data = plain.data.map((value, i) => activations[activation](value + (withBias ? bias.data[i % depth]! : 0)));
    return {
      options: { strides, dilations, pad, activation, withBias },
      inputs: [x, filter, bias],
      run: (t, f, b) =>
        tf.fused.depthwiseConv2d({
          x: t as tf.Tensor4D,
          filter: f as tf.Tensor4D,
          strides: strides as Pair,
          pad: asTfjsPad(pad),
          dilations: dilations as Pair,
          activation,
          leakyreluAlpha: 0.3,
          ...(withBias && { bias: b! }),
        }),
      expected: typed({ shape: plain.shape, data }, 'float32'),
      terms,
    };
  },
};

export const fusedConvolutionProperties: readonly KernelProperty[] = [fusedConv2d, fusedDepthwise];
