/** Depthwise convolution, alone and fused, and its gradients. (A separable convolution is this and a pointwise one.) */

import type * as tf from '@tensorflow/tfjs';
import { addBiasAndActivation, isFusible } from './bias-activation.ts';
import { type ConvolutionGeometry, convolutionGeometry, geometryIntegers } from './conv2d-geometry.ts';
import { input, isFloat, type KernelCall, type NativeKernel } from './native-kernel.ts';

interface DepthwiseGeometry extends ConvolutionGeometry {
  /** Filters per channel. */
  multiplier: number;
}

function depthwiseGeometry(
  call: KernelCall,
  imageShape: readonly number[],
  filterShape: readonly number[],
): DepthwiseGeometry | undefined {
  const g = convolutionGeometry(call, imageShape, filterShape, true);
  return g === undefined ? undefined : { ...g, multiplier: g.outChannels / g.channels };
}

function forward(call: KernelCall): tf.TensorInfo | undefined {
  const x = input(call, 'x');
  const filter = input(call, 'filter');
  const g = isFloat(x, filter) ? depthwiseGeometry(call, x.shape, filter.shape) : undefined;
  if (g === undefined) return undefined;
  const { backend } = call;
  const out = backend.reserve([g.batch, g.outHeight, g.outWidth, g.outChannels], 'float32');
  backend.kernel('depthwise')(
    backend.pointer(x),
    backend.pointer(filter),
    backend.pointer(out),
    backend.integers(geometryIntegers(g)),
    g.multiplier,
  );
  return out;
}

function inputGradient(call: KernelCall): tf.TensorInfo | undefined {
  const dy = input(call, 'dy');
  const filter = input(call, 'filter');
  const shape = call.attrs['inputShape'] as number[];
  const g = isFloat(dy, filter) ? depthwiseGeometry(call, shape, filter.shape) : undefined;
  if (g === undefined) return undefined;
  const { backend } = call;
  const dx = backend.reserve(shape, 'float32');
  backend.kernel('depthwise_input_gradient')(
    backend.pointer(dy),
    backend.pointer(filter),
    backend.pointer(dx),
    backend.integers(geometryIntegers(g)),
    g.multiplier,
  );
  return dx;
}

function filterGradient(call: KernelCall): tf.TensorInfo | undefined {
  const x = input(call, 'x');
  const dy = input(call, 'dy');
  const shape = call.attrs['filterShape'] as number[];
  const g = isFloat(x, dy) ? depthwiseGeometry(call, x.shape, shape) : undefined;
  if (g === undefined) return undefined;
  const { backend } = call;
  const out = backend.reserve(shape, 'float32');
  backend.kernel('depthwise_filter_gradient')(
    backend.pointer(x),
    backend.pointer(dy),
    backend.pointer(out),
    backend.integers(geometryIntegers(g)),
    g.multiplier,
  );
  return out;
}

export const depthwiseKernels: NativeKernel[] = [
  { name: 'DepthwiseConv2dNative', run: forward },
  {
    name: 'FusedDepthwiseConv2D',
    run: (call) => {
      if (!isFusible(call)) return undefined;
      const out = forward(call);
      return out === undefined ? undefined : addBiasAndActivation(call, out);
    },
  },
  { name: 'DepthwiseConv2dNativeBackpropInput', run: inputGradient },
  { name: 'DepthwiseConv2dNativeBackpropFilter', run: filterGradient },
];
