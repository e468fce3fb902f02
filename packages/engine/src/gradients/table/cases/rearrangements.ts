/** Operations that move, copy or pick entries. */
import * as tf from '@tensorflow/tfjs';
import { type GradientCase, gradientCase } from '../gradient-case.ts';
import { type Array64, at, atOrZero, build, reshape, transpose } from '../reference/array64.ts';

/** Joins arrays along an axis. */
function concat(parts: readonly Array64[], axis: number): Array64 {
  const shape = [...parts[0]!.shape];
  shape[axis] = parts.reduce((total, part) => total + part.shape[axis]!, 0);
  return build(shape, (index) => {
    let i = index[axis]!;
    for (const part of parts) {
      if (i < part.shape[axis]!)
        return at(
          part,
          index.map((j, a) => (a === axis ? i : j)),
        );
      i -= part.shape[axis]!;
    }
    return 0;
  });
}

/** The entries at `begin + index strides`. */
function strided(x: Array64, begin: readonly number[], shape: readonly number[], strides: readonly number[]): Array64 {
  return build(shape, (index) =>
    at(
      x,
      index.map((i, axis) => begin[axis]! + i * strides[axis]!),
    ),
  );
}

/** Mirrored index; `offset` 1 leaves the border entry out of its own image. */
function mirrored(i: number, size: number, offset: number): number {
  if (i < 0) return -i - 1 + offset;
  return i >= size ? 2 * size - 1 - i - offset : i;
}

const pads: [number, number][] = [
  [1, 0],
  [2, 1],
];

const mirrors = (['reflect', 'symmetric'] as const).map((mode) => {
  const offset = mode === 'reflect' ? 1 : 0;
  return gradientCase(
    'mirrorPad',
    mode,
    [[3, 4]],
    (x) => tf.mirrorPad(x!, pads, mode),
    (x) => build([4, 7], ([i, j]) => at(x!, [mirrored(i! - 1, 3, offset), mirrored(j! - 2, 4, offset)])),
  );
});

const gathers = [
  gradientCase(
    'gather',
    'axis 0, repeated indices',
    [[4, 3]],
    (x) => tf.gather(x!, tf.tensor1d([2, 0, 2, 3, 2], 'int32')),
    (x) => build([5, 3], ([i, j]) => at(x!, [[2, 0, 2, 3, 2][i!]!, j!])),
  ),
  gradientCase(
    'gather',
    'axis 1, matrix of indices',
    [[2, 4, 3]],
    (x) =>
      tf.gather(
        x!,
        tf.tensor2d(
          [
            [1, 3],
            [1, 0],
          ],
          [2, 2],
          'int32',
        ),
        1,
      ),
    (x) =>
      build([2, 2, 2, 3], ([n, i, j, c]) =>
        at(x!, [
          n!,
          [
            [1, 3],
            [1, 0],
          ][i!]![j!]!,
          c!,
        ]),
      ),
  ),
  gradientCase(
    'gather',
    'batchDims 1',
    [[2, 4, 3]],
    (x) =>
      tf.gather(
        x!,
        tf.tensor2d(
          [
            [1, 3],
            [1, 0],
          ],
          [2, 2],
          'int32',
        ),
        1,
        1,
      ),
    (x) =>
      build([2, 2, 3], ([n, i, c]) =>
        at(x!, [
          n!,
          [
            [1, 3],
            [1, 0],
          ][n!]![i!]!,
          c!,
        ]),
      ),
  ),
];

const kLargest = (x: Array64) => {
  const size = x.shape[1]!;
  const rows = Array.from({ length: x.shape[0]! }, (_, i) =>
    Array.from({ length: size }, (_, j) => at(x, [i, j])).sort((a, b) => b - a),
  );
  return build([x.shape[0]!, 2], ([i, j]) => rows[i!]![j!]!);
};

export const rearrangementCases: readonly GradientCase[] = [
  gradientCase(
    'reshape',
    '',
    [[2, 6]],
    (x) => tf.reshape(x!, [3, 4]),
    (x) => reshape(x!, [3, 4]),
  ),
  gradientCase(
    'transpose',
    '',
    [[2, 3, 2]],
    (x) => tf.transpose(x!, [2, 0, 1]),
    (x) => transpose(x!, [2, 0, 1]),
  ),
  gradientCase(
    'concat',
    'axis 1',
    [
      [2, 2],
      [2, 3],
    ],
    (a, b) => tf.concat([a!, b!], 1),
    (a, b) => concat([a!, b!], 1),
  ),
  gradientCase(
    'split',
    'the second of three',
    [[2, 6]],
    (x) => tf.split(x!, [1, 2, 3], 1)[1]!,
    (x) => strided(x!, [0, 1], [2, 2], [1, 1]),
  ),
  gradientCase(
    'split',
    'into one',
    [[2, 6]],
    (x) => tf.split(x!, 1, 1)[0]!,
    (x) => x!,
  ),
  gradientCase(
    'stack',
    'axis 1',
    [
      [2, 3],
      [2, 3],
    ],
    (a, b) => tf.stack([a!, b!], 1),
    (a, b) => concat([reshape(a!, [2, 1, 3]), reshape(b!, [2, 1, 3])], 1),
  ),
  gradientCase(
    'unstack',
    'axis 1',
    [[2, 3]],
    (x) => tf.unstack(x!, 1)[2]!,
    (x) => reshape(strided(x!, [0, 2], [2, 1], [1, 1]), [2]),
  ),
  gradientCase(
    'unstack',
    'into one',
    [[1, 3]],
    (x) => tf.unstack(x!)[0]!,
    (x) => reshape(x!, [3]),
  ),
  gradientCase(
    'pad',
    '',
    [[2, 3]],
    (x) => tf.pad(x!, pads, 0.5),
    (x) => build([3, 6], ([i, j]) => (i! >= 1 && j! >= 2 && j! < 5 ? at(x!, [i! - 1, j! - 2]) : 0.5)),
  ),
  ...mirrors,
  gradientCase(
    'reverse',
    'axis 1',
    [[2, 3]],
    (x) => tf.reverse(x!, 1),
    (x) => strided(x!, [0, 2], [2, 3], [1, -1]),
  ),
  gradientCase(
    'image.flipLeftRight',
    '',
    [[1, 2, 3, 2]],
    (x) => tf.image.flipLeftRight(x as tf.Tensor4D),
    (x) => strided(x!, [0, 0, 2, 0], [1, 2, 3, 2], [1, 1, -1, 1]),
  ),
  gradientCase(
    'slice',
    '',
    [[3, 4]],
    (x) => tf.slice(x!, [1, 1], [2, 2]),
    (x) => strided(x!, [1, 1], [2, 2], [1, 1]),
  ),
  gradientCase(
    'stridedSlice',
    'strides 2 and 3',
    [[4, 7]],
    (x) => tf.stridedSlice(x!, [1, 0], [4, 7], [2, 3]),
    (x) => strided(x!, [1, 0], [2, 3], [2, 3]),
  ),
  gradientCase(
    'stridedSlice',
    'negative stride',
    [[4, 5]],
    (x) => tf.stridedSlice(x!, [0, 4], [4, 0], [1, -2]),
    (x) => strided(x!, [0, 4], [4, 2], [1, -2]),
  ),
  gradientCase(
    'tile',
    'rank 2',
    [[2, 3]],
    (x) => tf.tile(x!, [2, 3]),
    (x) => build([4, 9], ([i, j]) => at(x!, [i! % 2, j! % 3])),
  ),
  gradientCase(
    'tile',
    'rank 5',
    [[1, 2, 1, 2, 1]],
    (x) => tf.tile(x!, [2, 1, 1, 2, 2]),
    (x) => build([2, 2, 1, 4, 2], ([, i, , j]) => at(x!, [0, i!, 0, j! % 2, 0])),
  ),
  gradientCase(
    'broadcastTo',
    '',
    [[2, 1]],
    (x) => tf.broadcastTo(x!, [3, 2, 2]),
    (x) => build([3, 2, 2], (index) => at(x!, index)),
  ),
  gradientCase(
    'depthToSpace',
    'block 2',
    [[2, 2, 3, 8]],
    (x) => tf.depthToSpace(x as tf.Tensor4D, 2),
    (x) => build([2, 4, 6, 2], ([n, i, j, c]) => at(x!, [n!, i! >> 1, j! >> 1, ((i! % 2) * 2 + (j! % 2)) * 2 + c!])),
  ),
  gradientCase(
    'spaceToBatchND',
    '',
    [[1, 3, 4, 1]],
    (x) =>
      tf.spaceToBatchND(
        x!,
        [2, 2],
        [
          [1, 0],
          [0, 0],
        ],
      ),
    (x) => build([4, 2, 2, 1], ([n, i, j, c]) => atOrZero(x!, [0, i! * 2 + (n! >> 1) - 1, j! * 2 + (n! % 2), c!])),
  ),
  ...gathers,
  gradientCase(
    'unsortedSegmentSum',
    '',
    [[5, 2]],
    (x) => tf.unsortedSegmentSum(x!, tf.tensor1d([2, 0, 2, 1, 0], 'int32'), 3),
    (x) =>
      build([3, 2], ([segment, j]) =>
        [2, 0, 2, 1, 0].reduce((total, own, i) => total + (own === segment ? at(x!, [i, j!]) : 0), 0),
      ),
  ),
  gradientCase(
    'topk',
    'values',
    [[3, 5]],
    (x) => tf.topk(x!, 2).values,
    (x) => kLargest(x!),
  ),
];
