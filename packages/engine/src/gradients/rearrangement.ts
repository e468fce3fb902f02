/** Gradients of operations that only move or copy entries: the adjoint moves them back and adds what was copied. */
import * as tf from '@tensorflow/tfjs';
import { dilateAxis, padOrCropAxis } from '../kernels/dilate-axis.ts';
import type { Gradient } from './gradient.ts';

/** Sums the copies along each axis; of any rank, where tfjs stops at 4. */
const tile: Gradient = {
  kernelName: 'Tile',
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => ({
    x: () => {
      const shape = x!.shape;
      let folded: tf.Tensor = dy;
      (attributes['reps'] as number[]).forEach((copies, axis) => {
        if (copies === 1) return;
        const outer = tf.util.sizeFromShape(shape.slice(0, axis));
        folded = tf.sum(tf.reshape(folded, [outer, copies, -1]), 1);
      });
      return tf.reshape(folded, shape);
    },
  }),
};

/** The pixel shuffle undone: `[N, H b, W b, C]` to `[N, H, W, b b C]`. */
function spaceToDepth(y: tf.Tensor, block: number): tf.Tensor {
  const [batch, height, width, depth] = y.shape as [number, number, number, number];
  const rows = tf.reshape(y, [(batch * height) / block, block, width / block, block * depth]);
  return tf.reshape(tf.transpose(rows, [0, 2, 1, 3]), [batch, height / block, width / block, block * block * depth]);
}

const depthToSpace: Gradient = {
  kernelName: 'DepthToSpace',
  gradFunc: (dy, _saved, attributes) => ({
    x: () => {
      const block = attributes['blockSize'] as number;
      if (attributes['dataFormat'] !== 'NCHW') return spaceToDepth(dy, block);
      return tf.transpose(spaceToDepth(tf.transpose(dy, [0, 2, 3, 1]), block), [0, 3, 1, 2]);
    },
  }),
};

/** Puts the entries back where they were taken from, with zeros between and around them. */
const stridedSlice: Gradient = {
  kernelName: 'StridedSlice',
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => ({
    x: () => {
      const a = attributes as unknown as Record<'begin' | 'end' | 'strides', number[]> &
        Record<'beginMask' | 'endMask' | 'ellipsisMask' | 'newAxisMask' | 'shrinkAxisMask', number>;
      const { begin, end, strides } = tf.slice_util.sliceInfo(
        x!.shape,
        a.begin,
        a.end,
        a.strides,
        a.beginMask,
        a.endMask,
        a.ellipsisMask,
        a.newAxisMask,
        a.shrinkAxisMask,
      );
      const taken = tf.slice_util.computeOutShape(begin, end, strides);
      if (taken.includes(0)) return tf.zerosLike(x!);
      let placed = tf.reshape(dy, taken);
      x!.shape.forEach((size, axis) => {
        const [count, stride] = [taken[axis]!, strides[axis]!];
        const start = stride > 0 ? begin[axis]! : begin[axis]! + (count - 1) * stride;
        const ordered = stride > 0 ? placed : tf.reverse(placed, axis);
        const spread = dilateAxis(ordered, axis, Math.abs(stride));
        placed = padOrCropAxis(spread, axis, start, size - start - spread.shape[axis]!);
      });
      return placed;
    },
  }),
};

/** Adds the mirrored borders back to the entries they were copied from; tfjs drops them. */
const mirrorPad: Gradient = {
  kernelName: 'MirrorPad',
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => ({
    x: () => {
      const paddings = attributes['paddings'] as [number, number][];
      // 'reflect' leaves the border entry itself out of the mirror image.
      const offset = attributes['mode'] === 'reflect' ? 1 : 0;
      let folded: tf.Tensor = dy;
      x!.shape.forEach((size, axis) => {
        const [before, after] = paddings[axis]!;
        if (before === 0 && after === 0) return;
        const part = (from: number, count: number) => {
          const begin = folded.shape.map((_, i) => (i === axis ? from : 0));
          return tf.slice(
            folded,
            begin,
            folded.shape.map((n, i) => (i === axis ? count : n)),
          );
        };
        let sum = part(before, size);
        if (before > 0) {
          const mirrored = tf.reverse(part(0, before), axis);
          sum = tf.add(sum, padOrCropAxis(mirrored, axis, offset, size - offset - before));
        }
        if (after > 0) {
          const mirrored = tf.reverse(part(before + size, after), axis);
          sum = tf.add(sum, padOrCropAxis(mirrored, axis, size - offset - after, offset));
        }
        folded = sum;
      });
      return folded;
    },
  }),
};

const flipLeftRight: Gradient = {
  kernelName: 'FlipLeftRight',
  gradFunc: (dy) => ({ image: () => tf.reverse(dy, 2) }),
};

/** The kernels of several outputs give one `dy` instead of a list when there is a single output. */
function listOf(dy: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
  return Array.isArray(dy) ? dy : [dy];
}

const split: Gradient = {
  kernelName: 'SplitV',
  gradFunc: (dys, _saved, attributes) => ({ x: () => tf.concat(listOf(dys), attributes['axis'] as number) }),
};

const unstack: Gradient = {
  kernelName: 'Unpack',
  gradFunc: (dys, _saved, attributes) => ({ value: () => tf.stack(listOf(dys), attributes['axis'] as number) }),
};

export const rearrangementGradients: readonly Gradient[] = [
  tile,
  depthToSpace,
  stridedSlice,
  mirrorPad,
  flipLeftRight,
  split,
  unstack,
];
