/**
 * Gradients of average pooling. Forward, tfjs divides by the number of entries inside the input; its backward kernels
 * divide by the size of the window, which is wrong at padded borders. Scaling `dy` by the fraction makes up for it.
 */
import * as tf from '@tensorflow/tfjs';
import type { Attributes, Gradient } from './gradient.ts';
import { anyPadded, coveredFraction, windowAxes } from './pool-windows.ts';

function run(kernelName: string, inputs: Record<string, tf.Tensor>, attributes: Attributes): tf.Tensor {
  return tf.engine().runKernel(kernelName, inputs, attributes as unknown as tf.NamedAttrMap);
}

function averagePooling(forward: string, backward: string): Gradient[] {
  return [
    {
      kernelName: forward,
      inputsToSave: ['x'],
      gradFunc: (dy, [x], attributes) => ({
        x: () => {
          const axes = windowAxes(x!.shape, attributes);
          const scaled = anyPadded(axes) ? tf.div(dy, coveredFraction(axes)) : dy;
          return run(backward, { dy: scaled, input: x! }, attributes);
        },
      }),
    },
    {
      // Linear in dy; its adjoint divides by the size of the window too.
      kernelName: backward,
      inputsToSave: ['input'],
      gradFunc: (ddx, [input], attributes) => ({
        dy: () => {
          const axes = windowAxes(input!.shape, attributes);
          const means = run(forward, { x: ddx }, { ...attributes, dataFormat: input!.rank === 5 ? 'NDHWC' : 'NHWC' });
          return anyPadded(axes) ? tf.mul(means, coveredFraction(axes)) : means;
        },
        input: () => tf.zerosLike(input!),
      }),
    },
  ];
}

export const averagePoolingGradients: readonly Gradient[] = [
  ...averagePooling('AvgPool', 'AvgPoolGrad'),
  ...averagePooling('AvgPool3D', 'AvgPool3DGrad'),
];
