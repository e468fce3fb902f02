/**
 * Convolutions of wasm with padding 'same' and a kernel narrower than its stride: the total padding comes out negative there, wraps
 * around, and every output is 0. The padding in numbers, which is never negative, gives the same positions. With padding in numbers and a
 * rounding mode other than 'floor', windows hang over the end, which XNNPACK leaves out of its result; it gets that much more padding.
 */
import * as tf from '@tensorflow/tfjs';
import type { KernelRepair } from '../repair.ts';
import { byCpuKernel } from './cpu-kernel.ts';
import { paddingsOf } from './overhang.ts';

interface Attributes {
  readonly strides: [number, number] | number;
  readonly dilations?: [number, number] | number | null;
  readonly pad: 'valid' | 'same' | number | number[][];
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

type Shape4D = [number, number, number, number];

function withPaddingInNumbers(kernelName: string, depthwise: boolean): KernelRepair {
  return {
    kernelName,
    backendName: 'wasm',
    kind: 'replace',
    kernelFunc: (params, original) => {
      const attrs = params.attrs as unknown as Attributes;
      if (attrs.pad === 'valid') return original(params);
      const x = (params.inputs['x'] as tf.TensorInfo).shape as Shape4D;
      const filter = (params.inputs['filter'] as tf.TensorInfo).shape as Shape4D;
      const { strides, dilations, dimRoundingMode } = attrs;
      const info = tf.backend_util.computeConv2DInfo(
        x,
        filter,
        strides,
        dilations ?? 1,
        attrs.pad as 'same',
        dimRoundingMode,
        depthwise,
      );
      const narrow = info.effectiveFilterHeight < info.strideHeight || info.effectiveFilterWidth < info.strideWidth;
      const { top, bottom, left, right, overhangs } = paddingsOf(info);
      if (!(overhangs || (narrow && attrs.pad === 'same'))) return original(params);
      const pad = [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ];
      return original({ ...params, attrs: { ...params.attrs, pad, dimRoundingMode: 'floor' } as tf.NamedAttrMap });
    },
  };
}

/** Padding does not do for a pooling: its entries must not count. */
function poolOverhangs(params: Parameters<tf.KernelFunc>[0]): boolean {
  const { filterSize, strides, pad, dimRoundingMode } = params.attrs as unknown as {
    readonly filterSize: [number, number] | number;
    readonly strides: [number, number] | number;
    readonly pad: 'valid' | 'same' | number;
    readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  };
  if (typeof pad === 'string') return false;
  const shape = (params.inputs['x'] as tf.TensorInfo).shape as Shape4D;
  return paddingsOf(tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode)).overhangs;
}

export const wasmNarrowWindows: readonly KernelRepair[] = [
  withPaddingInNumbers('Conv2D', false),
  withPaddingInNumbers('FusedConv2D', false),
  withPaddingInNumbers('DepthwiseConv2dNative', true),
  withPaddingInNumbers('FusedDepthwiseConv2D', true),
  byCpuKernel('MaxPool', poolOverhangs),
  byCpuKernel('AvgPool', poolOverhangs),
];
