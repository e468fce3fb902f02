/** 2-D pooling and its gradients. */

import * as tf from '@tensorflow/tfjs';
import { type ConvolutionGeometry, geometryFrom, geometryIntegers } from './conv2d-geometry.ts';
import { input, isFloat, type KernelCall, type NativeKernel } from './native-kernel.ts';

function poolGeometry(call: KernelCall, shape: readonly number[]): ConvolutionGeometry | undefined {
  const { filterSize, strides, pad, dimRoundingMode } = call.attrs;
  const info = tf.backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize as [number, number],
    strides as [number, number],
    1,
    pad as 'same',
    dimRoundingMode as 'floor',
  );
  return geometryFrom(info);
}

function pool(call: KernelCall, kernel: string): tf.TensorInfo | undefined {
  const x = input(call, 'x');
  if (!isFloat(x)) return undefined;
  const g = poolGeometry(call, x.shape);
  if (g === undefined) return undefined;
  const { backend } = call;
  // tfjs takes windows of one pixel for the identity whenever the shapes agree, whatever the padding.
  if (g.filterHeight === 1 && g.filterWidth === 1 && g.height === g.outHeight && g.width === g.outWidth) {
    return backend.alias(x);
  }
  const out = backend.reserve([g.batch, g.outHeight, g.outWidth, g.channels], 'float32');
  backend.kernel(kernel)(backend.pointer(x), backend.pointer(out), backend.integers(geometryIntegers(g)));
  return out;
}

function maxPoolGradient(call: KernelCall): tf.TensorInfo | undefined {
  const dy = input(call, 'dy');
  const x = input(call, 'input');
  const g = isFloat(dy, x) ? poolGeometry(call, x.shape) : undefined;
  if (g === undefined) return undefined;
  const { backend } = call;
  const dx = backend.reserve(x.shape, 'float32');
  backend.kernel('max_pool_gradient')(
    backend.pointer(x),
    backend.pointer(dy),
    backend.pointer(dx),
    backend.integers(geometryIntegers(g)),
  );
  return dx;
}

function averagePoolGradient(call: KernelCall): tf.TensorInfo | undefined {
  const dy = input(call, 'dy');
  const x = input(call, 'input');
  const g = isFloat(dy, x) ? poolGeometry(call, x.shape) : undefined;
  if (g === undefined) return undefined;
  const { backend } = call;
  const dx = backend.reserve(x.shape, 'float32');
  backend.kernel('average_pool_gradient')(
    backend.pointer(dy),
    backend.pointer(dx),
    backend.integers(geometryIntegers(g)),
  );
  return dx;
}

export const poolingKernels: NativeKernel[] = [
  { name: 'MaxPool', run: (call) => pool(call, 'max_pool') },
  { name: 'AvgPool', run: (call) => pool(call, 'average_pool') },
  { name: 'MaxPoolGrad', run: maxPoolGradient },
  { name: 'AvgPoolGrad', run: averagePoolGradient },
];
