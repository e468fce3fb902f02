/** Tensors cut to pieces and put together, and blocks of an image moved to another axis. */
import * as tf from '@tensorflow/tfjs';
import { at } from '../../../packages/engine/src/gradients/table/reference/array64.ts';
import type { KernelProperty } from '../harness/kernel-case.ts';
import { filled, inserted, replaced, without } from '../harness/shapes.ts';
import { build, drawValues, dtypes, typed } from '../harness/values.ts';
import { rearrangement } from './rearrangement.ts';

export const joinProperties: readonly KernelProperty[] = [
  rearrangement('split', (draw, input) => {
    const x = input(filled(draw.shape(1, 4, 6)));
    const rank = x.shape.length;
    const axis = draw.integer(0, rank - 1);
    const given = draw.rarely() ? axis - rank : axis;
    const length = x.shape[axis]!;
    const evenly = [1, 2, 3, 4, 5, 6].filter((count) => length % count === 0);
    const sizes: number[] = [];
    for (let left = length; left > 0; left -= sizes[sizes.length - 1]!) sizes.push(draw.integer(1, left));
    const count = draw.pick(evenly);
    const byCount = draw.yes();
    const used = byCount ? Array.from({ length: count }, () => length / count) : sizes;
    const expected = used.map((size, part) => {
      const before = used.slice(0, part).reduce((total, n) => total + n, 0);
      return build(replaced(x.shape, axis, size), (index) =>
        at(
          x,
          index.map((i, a) => (a === axis ? i + before : i)),
        ),
      );
    });
    return {
      options: { axis: given, parts: byCount ? count : sizes },
      x,
      run: (t) => tf.split(t!, byCount ? count : sizes, given),
      expected,
    };
  }),
  rearrangement('unstack', (draw, input) => {
    const x = input(filled(draw.shape(1, 4, 4)));
    const rank = x.shape.length;
    const axis = draw.integer(0, rank - 1);
    const given = draw.rarely() ? axis - rank : axis;
    const expected = Array.from({ length: x.shape[axis]! }, (_, part) =>
      build(without(x.shape, axis), (index) => at(x, inserted(index, axis, part))),
    );
    return { options: { axis: given }, x, run: (t) => tf.unstack(t!, given), expected };
  }),
  rearrangement('depthToSpace', (draw) => {
    const block = draw.integer(2, 3);
    const [batch, height, width, depth] = [
      draw.integer(1, 2),
      draw.integer(1, 3),
      draw.integer(1, 3),
      draw.integer(1, 3),
    ];
    const x = drawValues(draw, [batch, height, width, depth * block * block]);
    const expected = build([batch, height * block, width * block, depth], ([n, y, column, c]) =>
      at(x, [
        n!,
        Math.floor(y! / block),
        Math.floor(column! / block),
        ((y! % block) * block + (column! % block)) * depth + c!,
      ]),
    );
    return { options: { block }, x, run: (t) => tf.depthToSpace(t as tf.Tensor4D, block), expected };
  }),
  rearrangement('spaceToBatchND', (draw, input) => {
    const blocks = [draw.integer(1, 3), draw.integer(1, 3)];
    const cells = [draw.integer(1, 3), draw.integer(1, 3)];
    const shape = [draw.integer(1, 2), blocks[0]! * cells[0]!, blocks[1]! * cells[1]!, draw.integer(1, 2)];
    const paddings = blocks.map((block, i) =>
      (shape[i + 1]! > 1 && draw.yes() ? [draw.integer(0, 1), 0] : [0, 0]).map((n) => n * block),
    );
    const x = input(shape);
    const extent = cells.map((cell, i) => cell + paddings[i]![0]! / blocks[i]!);
    const expected = build([blocks[0]! * blocks[1]! * shape[0]!, ...extent, shape[3]!], ([n, y, column, c]) => {
      const phase = Math.floor(n! / shape[0]!);
      const row = y! * blocks[0]! + Math.floor(phase / blocks[1]!) - paddings[0]![0]!;
      const place = column! * blocks[1]! + (phase % blocks[1]!) - paddings[1]![0]!;
      return row < 0 || place < 0 ? 0 : at(x, [n! % shape[0]!, row, place, c!]);
    });
    return { options: { blocks, paddings }, x, run: (t) => tf.spaceToBatchND(t!, blocks, paddings), expected };
  }),
  rearrangement('batchToSpaceND', (draw, input) => {
    const blocks = [draw.integer(1, 3), draw.integer(1, 3)];
    const [batch, height, width, depth] = [
      draw.integer(1, 2),
      draw.integer(1, 3),
      draw.integer(1, 3),
      draw.integer(1, 2),
    ];
    const crops = blocks.map((block) => (block > 1 ? [draw.integer(0, 1), 0] : [0, 0]));
    const x = input([batch * blocks[0]! * blocks[1]!, height, width, depth]);
    const expected = build(
      [batch, height * blocks[0]! - crops[0]![0]!, width * blocks[1]! - crops[1]![0]!, depth],
      ([n, y, column, c]) => {
        const [row, place] = [y! + crops[0]![0]!, column! + crops[1]![0]!];
        const phase = (row % blocks[0]!) * blocks[1]! + (place % blocks[1]!);
        return at(x, [phase * batch + n!, Math.floor(row / blocks[0]!), Math.floor(place / blocks[1]!), c!]);
      },
    );
    return { options: { blocks, crops }, x, run: (t) => tf.batchToSpaceND(t!, blocks, crops), expected };
  }),
  ...[
    { name: 'concat', join: tf.concat },
    { name: 'stack', join: tf.stack },
  ].map(
    ({ name, join }): KernelProperty => ({
      name,
      share: 1.5,
      generate(draw) {
        const dtype = draw.pick(dtypes);
        const shape = name === 'concat' ? draw.shape(1, 5, 3) : draw.shape(0, 4, 3);
        const rank = name === 'concat' ? shape.length : shape.length + 1;
        const axis = draw.integer(0, rank - 1);
        const given = draw.rarely() ? axis - rank : axis;
        const count = draw.integer(1, 4);
        const inputs = Array.from({ length: count }, () =>
          drawValues(draw, name === 'concat' ? replaced(shape, axis, draw.integer(0, 3)) : shape, dtype),
        );
        const parts = inputs.map((x) => (name === 'concat' ? x : { ...x, shape: inserted(x.shape, axis, 1) }));
        const places = parts.flatMap((part) => Array.from({ length: part.shape[axis]! }, (_, i) => ({ part, i })));
        const expected = build(replaced(parts[0]!.shape, axis, places.length), (index) => {
          const { part, i } = places[index[axis]!]!;
          return at(
            { ...part },
            index.map((value, a) => (a === axis ? i : value)),
          );
        });
        return {
          options: { axis: given },
          inputs,
          run: (...all) => join(all, given),
          expected: typed(expected, dtype),
          terms: 0,
        };
      },
    }),
  ),
];
