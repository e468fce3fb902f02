/** Which voxels and which taps meet at one output position of a 3-D convolution. */
import type * as tf from '@tensorflow/tfjs';

export type Conv3DInfo = ReturnType<typeof tf.backend_util.computeConv3DInfo>;

function along(out: number, stride: number, taps: number, dilation: number, before: number, size: number) {
  const pairs: [tap: number, input: number][] = [];
  for (let tap = 0; tap < taps; tap++) {
    const input = out * stride + tap * dilation - before;
    if (input >= 0 && input < size) pairs.push([tap, input]);
  }
  return pairs;
}

/** Below the stride, a window's padding 'same' comes out negative from tfjs; it is 0. */
const atLeastNone = (padding: number) => Math.max(0, padding);

/** The pairs of voxel (index over batch, depth, height, width) and tap that output `(n, o, p, q)` is the sum of. */
export function reads(info: Conv3DInfo, n: number, o: number, p: number, q: number): { voxel: number; tap: number }[] {
  const { padInfo } = info;
  const found: { voxel: number; tap: number }[] = [];
  const rows = along(
    p,
    info.strideHeight,
    info.filterHeight,
    info.dilationHeight,
    atLeastNone(padInfo.top),
    info.inHeight,
  );
  const columns = along(
    q,
    info.strideWidth,
    info.filterWidth,
    info.dilationWidth,
    atLeastNone(padInfo.left),
    info.inWidth,
  );
  for (const [h, plane] of along(
    o,
    info.strideDepth,
    info.filterDepth,
    info.dilationDepth,
    atLeastNone(padInfo.front),
    info.inDepth,
  )) {
    for (const [i, row] of rows) {
      for (const [j, column] of columns) {
        found.push({
          voxel: ((n * info.inDepth + plane) * info.inHeight + row) * info.inWidth + column,
          tap: (h * info.filterHeight + i) * info.filterWidth + j,
        });
      }
    }
  }
  return found;
}
