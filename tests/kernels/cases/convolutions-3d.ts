/** Convolutions over three axes, forwards, backwards and transposed. */
import * as tf from '@tensorflow/tfjs';
import type { Array64 } from '../../../packages/engine/src/gradients/table/reference/array64.ts';
import {
  convolution,
  transposedConvolution,
} from '../../../packages/engine/src/gradients/table/reference/convolution.ts';
import type { KernelProperty } from '../harness/kernel-case.ts';
import { drawValues, typed } from '../harness/values.ts';
import { adjoint } from './adjoint.ts';
import { drawWindows } from './windows.ts';

type Triple = [number, number, number];

const conv3d: KernelProperty = {
  name: 'conv3d',
  share: 2,
  generate(draw) {
    const windows = drawWindows(draw, { spatial: 3, dilated: true, largest: 5 });
    const [inChannels, outChannels] = [draw.integer(1, 2), draw.integer(1, 3)];
    const x = drawValues(draw, [draw.integer(1, 2), ...windows.input, inChannels]);
    const filter = drawValues(draw, [...windows.sizes, inChannels, outChannels]);
    const { strides, dilations, pad } = windows;
    return {
      options: { strides, dilations, pad },
      inputs: [x, filter],
      run: (t, f) =>
        tf.conv3d(t as tf.Tensor5D, f as tf.Tensor5D, strides as Triple, pad as 'same', 'NDHWC', dilations as Triple),
      expected: typed(convolution(x, filter, windows), 'float32'),
      terms: 60,
    };
  },
};

const conv3dGradients: KernelProperty = {
  name: 'gradients of conv3d',
  generate(draw) {
    const windows = drawWindows(draw, { spatial: 3, largest: 4 });
    const [inChannels, outChannels] = [draw.integer(1, 2), draw.integer(1, 2)];
    const x = drawValues(draw, [draw.integer(1, 2), ...windows.input, inChannels]);
    const filter = drawValues(draw, [...windows.sizes, inChannels, outChannels]);
    const dy = drawValues(draw, [x.shape[0]!, ...windows.output, outChannels]);
    const { strides, pad } = windows;
    const expected = [
      adjoint((at: Array64) => convolution(at, filter, windows), x, dy),
      adjoint((at: Array64) => convolution(x, at, windows), filter, dy),
    ];
    return {
      options: { strides, pad },
      inputs: [x, filter, dy],
      run: (t, f, d) =>
        tf.grads((a: tf.Tensor, b: tf.Tensor) =>
          tf.conv3d(a as tf.Tensor5D, b as tf.Tensor5D, strides as Triple, pad as 'same'),
        )([t!, f!], d!),
      expected: expected.map((values) => typed(values, 'float32')),
      terms: 60,
    };
  },
};

const conv3dTranspose: KernelProperty = {
  name: 'conv3dTranspose',
  generate(draw) {
    const windows = drawWindows(draw, { spatial: 3, largest: 5 });
    const [inChannels, outChannels] = [draw.integer(1, 2), draw.integer(1, 2)];
    const batch = draw.integer(1, 2);
    const x = drawValues(draw, [batch, ...windows.output, inChannels]);
    const filter = drawValues(draw, [...windows.sizes, outChannels, inChannels]);
    const { strides, pad, input } = windows;
    const outShape = [batch, ...input, outChannels] as [number, number, number, number, number];
    return {
      options: { strides, pad, outShape },
      inputs: [x, filter],
      run: (t, f) => tf.conv3dTranspose(t as tf.Tensor5D, f as tf.Tensor5D, outShape, strides as Triple, pad as 'same'),
      expected: typed(transposedConvolution(x, filter, input, windows), 'float32'),
      terms: 60,
    };
  },
};

export const convolution3dProperties: readonly KernelProperty[] = [conv3d, conv3dGradients, conv3dTranspose];
