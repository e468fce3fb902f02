/** Gradients of the two backward kernels of 3-D convolution, which tfjs has none of. */
import * as tf from '@tensorflow/tfjs';
import type { Attributes, Gradient } from './gradient.ts';

function run(kernelName: string, inputs: Record<string, tf.Tensor>, attributes: Attributes): tf.Tensor {
  return tf.engine().runKernel(kernelName, inputs, attributes as unknown as tf.NamedAttrMap);
}

/** The attributes that the three kernels share. */
function geometry({ strides, pad }: Attributes): Attributes {
  return { strides, pad, dataFormat: 'NDHWC', dilations: [1, 1, 1] };
}

const toInput: Gradient = {
  kernelName: 'Conv3DBackpropInputV2',
  inputsToSave: ['dy', 'filter'],
  gradFunc: (ddx, [dy, filter], attributes) => ({
    dy: () => run('Conv3D', { x: ddx, filter: filter! }, geometry(attributes)),
    filter: () =>
      run('Conv3DBackpropFilterV2', { x: ddx, dy: dy! }, { ...geometry(attributes), filterShape: filter!.shape }),
  }),
};

const toFilter: Gradient = {
  kernelName: 'Conv3DBackpropFilterV2',
  inputsToSave: ['x', 'dy'],
  gradFunc: (ddFilter, [x, dy], attributes) => ({
    x: () =>
      run('Conv3DBackpropInputV2', { dy: dy!, filter: ddFilter }, { ...geometry(attributes), inputShape: x!.shape }),
    dy: () => run('Conv3D', { x: x!, filter: ddFilter }, geometry(attributes)),
  }),
};

export const convolution3dGradients: readonly Gradient[] = [toInput, toFilter];
