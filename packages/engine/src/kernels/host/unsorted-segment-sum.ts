/**
 * UnsortedSegmentSum, the gradient of `tf.gather` and of every embedding: wasm has none, and cpu's compares every row with
 * every segment. One pass over the rows instead. Rows with a negative or too large segment are dropped, as in TensorFlow.
 */
import type * as tf from '@tensorflow/tfjs';
import type { KernelRepair } from '../repair.ts';
import { computeValues, type HostBackendName } from './float32-values.ts';

/** Adds each row of `x` to the row of `output` that its segment names. */
export function addRowsBySegment(
  output: Float32Array | Int32Array,
  x: ArrayLike<number>,
  segments: ArrayLike<number>,
  width: number,
): void {
  const count = width === 0 ? 0 : output.length / width;
  for (let row = 0; row < segments.length; row++) {
    const segment = segments[row]!;
    if (segment < 0 || segment >= count) continue;
    const from = row * width;
    const to = segment * width;
    for (let i = 0; i < width; i++) output[to + i]! += x[from + i]!;
  }
}

export function unsortedSegmentSum(backendName: HostBackendName, kind: KernelRepair['kind']): KernelRepair {
  return {
    kernelName: 'UnsortedSegmentSum',
    backendName,
    kind,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const x = inputs['x'] as tf.TensorInfo;
      const segmentIds = inputs['segmentIds'] as tf.TensorInfo;
      const { numSegments } = attrs as { numSegments: number };
      const dtype = x.dtype === 'int32' ? 'int32' : 'float32';
      const rest = x.shape.slice(segmentIds.shape.length);
      const width = rest.reduce((product, size) => product * size, 1);
      return computeValues(
        backendName,
        backend,
        dtype,
        [x, segmentIds],
        [numSegments, ...rest],
        (output, values, segments) => addRowsBySegment(output, values!, segments!, width),
      );
    },
  };
}
