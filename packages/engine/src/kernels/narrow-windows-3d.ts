/**
 * Convolutions and poolings over three axes with padding 'same' and a window narrower than its stride: tfjs computes a negative padding
 * for them, so that every backend reads shifted windows. Entries after the last window that is read are cut off first; then the padding
 * is 0, as it should be.
 */
import * as tf from '@tensorflow/tfjs';
import { padOrCropAxis } from './dilate-axis.ts';
import type { KernelRepair } from './repair.ts';

type Triple = readonly [number, number, number];

interface Attributes {
  readonly strides: Triple | number;
  readonly dilations?: Triple | number | null;
  readonly pad: 'valid' | 'same' | number;
  readonly filterSize?: Triple | number;
  readonly filterShape?: readonly number[];
  readonly inputShape?: readonly number[];
}

function triple(value: Triple | number | null | undefined): Triple {
  if (value === null || value === undefined) return [1, 1, 1];
  return typeof value === 'number' ? [value, value, value] : value;
}

/** The part of `[batch, depth, height, width, channels]` that windows read. */
function partRead(shape: readonly number[], sizes: Triple, strides: Triple): number[] {
  return shape.map((size, axis) => {
    if (axis === 0 || axis === 4) return size;
    const [window, stride] = [sizes[axis - 1]!, strides[axis - 1]!];
    return window < stride ? Math.min(size, (Math.ceil(size / stride) - 1) * stride + window) : size;
  });
}

function resizedTo(x: tf.Tensor, shape: readonly number[]): tf.Tensor {
  return shape.reduce((cut, size, axis) => padOrCropAxis(cut, axis, 0, size - cut.shape[axis]!), x);
}

interface Kernel {
  readonly name: string;
  /** The input that has the voxels, and whether the result has their shape. */
  readonly voxels?: string;
  readonly backwards?: boolean;
}

const kernels: readonly Kernel[] = [
  { name: 'Conv3D', voxels: 'x' },
  { name: 'Conv3DBackpropInputV2', backwards: true },
  { name: 'Conv3DBackpropFilterV2', voxels: 'x' },
  { name: 'AvgPool3D', voxels: 'x' },
  { name: 'AvgPool3DGrad', voxels: 'input', backwards: true },
  { name: 'MaxPool3D', voxels: 'x' },
  { name: 'MaxPool3DGrad', voxels: 'input', backwards: true },
];

function repair({ name, voxels, backwards }: Kernel, backendName: string): KernelRepair {
  return {
    kernelName: name,
    backendName,
    kind: 'replace',
    kernelFunc: (params, original) => {
      const attrs = params.attrs as unknown as Attributes;
      if (attrs.pad !== 'same') return original(params);
      const filter = params.inputs['filter'] as tf.Tensor | undefined;
      const window = attrs.filterSize ?? attrs.filterShape ?? filter!.shape;
      const dilations = triple(attrs.dilations);
      const sizes = triple(typeof window === 'number' ? window : (window.slice(0, 3) as unknown as Triple));
      const reach = sizes.map((size, i) => (size - 1) * dilations[i]! + 1) as unknown as Triple;
      const given = voxels === undefined ? undefined : (params.inputs[voxels] as tf.Tensor);
      const shape = given?.shape ?? attrs.inputShape!;
      const part = partRead(shape, reach, triple(attrs.strides));
      if (tf.util.arraysEqual([...shape], part)) return original(params);
      return tf.tidy(() => {
        const inputs = voxels === undefined ? params.inputs : { ...params.inputs, [voxels]: resizedTo(given!, part) };
        const used = attrs.inputShape === undefined ? params.attrs : { ...params.attrs, inputShape: part };
        const call = { ...params, inputs, attrs: used } as typeof params;
        const result = original(call) as tf.TensorInfo;
        const tensor = tf.engine().makeTensorFromTensorInfo(result);
        return backwards === true ? resizedTo(tensor, shape) : tensor;
      });
    },
  };
}

/** The repairs of one backend, but for the kernels in `except`, which it has of its own. */
export function narrowWindows3d(backendName: string, except: readonly string[] = []): KernelRepair[] {
  return kernels.filter(({ name }) => !except.includes(name)).map((kernel) => repair(kernel, backendName));
}
