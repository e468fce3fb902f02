/**
 * Gradients of 2-D convolutions, plain and depthwise, of every order and with dilation. The two backward kernels are linear
 * in each argument, so their own gradients are the three convolutions again. A dilated convolution is a plain one with a
 * filter that has zeros between its taps; its gradients are taken through that filter.
 */
import * as tf from '@tensorflow/tfjs';
import { dilateAxis } from '../kernels/dilate-axis.ts';
import type { Attributes, Gradient } from './gradient.ts';

function run(kernelName: string, inputs: Record<string, tf.Tensor>, attributes: Attributes): tf.Tensor {
  return tf.engine().runKernel(kernelName, inputs, attributes as unknown as tf.NamedAttrMap);
}

/** The names of one family's kernels: a convolution and what takes its output's gradient back. */
interface Family {
  readonly forward: string;
  readonly toInput: string;
  readonly toFilter: string;
}

const plain: Family = { forward: 'Conv2D', toInput: 'Conv2DBackpropInput', toFilter: 'Conv2DBackpropFilter' };
const depthwise: Family = {
  forward: 'DepthwiseConv2dNative',
  toInput: 'DepthwiseConv2dNativeBackpropInput',
  toFilter: 'DepthwiseConv2dNativeBackpropFilter',
};

/** The attributes that the three kernels share, without dilation. */
function geometry({ strides, pad, dataFormat, dimRoundingMode }: Attributes): Attributes {
  return { strides, pad, dataFormat, dimRoundingMode, dilations: [1, 1] };
}

function dilationOf(attributes: Attributes): readonly [number, number] {
  const dilations = attributes['dilations'] as number | [number, number] | null | undefined;
  if (dilations === null || dilations === undefined) return [1, 1];
  return typeof dilations === 'number' ? [dilations, dilations] : dilations;
}

function dilateFilter(filter: tf.Tensor, [rows, columns]: readonly [number, number]): tf.Tensor {
  return dilateAxis(dilateAxis(filter, 0, rows), 1, columns);
}

/** The taps of a dilated filter, which is the adjoint of spreading them. */
function gatherTaps(filter: tf.Tensor, [rows, columns]: readonly [number, number]): tf.Tensor {
  if (rows === 1 && columns === 1) return filter;
  return tf.stridedSlice(filter, [0, 0, 0, 0], filter.shape, [rows, columns, 1, 1]);
}

/** The gradients of a convolution with respect to its input and its filter; also those of the fused one. */
export function convolutionGradients(
  dy: tf.Tensor,
  x: tf.Tensor,
  filter: tf.Tensor,
  attributes: Attributes,
  family: Family = plain,
): { x: () => tf.Tensor; filter: () => tf.Tensor } {
  const dilation = dilationOf(attributes);
  const shared = geometry(attributes);
  const spreadShape = filter.shape.map((size, axis) => (axis < 2 ? (size - 1) * dilation[axis as 0 | 1] + 1 : size));
  return {
    x: () => run(family.toInput, { dy, filter: dilateFilter(filter, dilation) }, { ...shared, inputShape: x.shape }),
    filter: () => gatherTaps(run(family.toFilter, { x, dy }, { ...shared, filterShape: spreadShape }), dilation),
  };
}

function familyGradients(family: Family): Gradient[] {
  return [
    {
      kernelName: family.forward,
      inputsToSave: ['x', 'filter'],
      gradFunc: (dy, [x, filter], attributes) => convolutionGradients(dy, x!, filter!, attributes, family),
    },
    {
      kernelName: family.toInput,
      inputsToSave: ['dy', 'filter'],
      gradFunc: (ddx, [dy, filter], attributes) => ({
        dy: () => run(family.forward, { x: ddx, filter: filter! }, geometry(attributes)),
        filter: () =>
          run(family.toFilter, { x: ddx, dy: dy! }, { ...geometry(attributes), filterShape: filter!.shape }),
      }),
    },
    {
      kernelName: family.toFilter,
      inputsToSave: ['x', 'dy'],
      gradFunc: (ddFilter, [x, dy], attributes) => ({
        x: () => run(family.toInput, { dy: dy!, filter: ddFilter }, { ...geometry(attributes), inputShape: x!.shape }),
        dy: () => run(family.forward, { x: x!, filter: ddFilter }, geometry(attributes)),
      }),
    },
  ];
}

export const convolution2dGradients: readonly Gradient[] = [...familyGradients(plain), ...familyGradients(depthwise)];
