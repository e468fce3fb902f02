/** The same entries elsewhere: orders of axes, repeats, margins, slices. */
import * as tf from '@tensorflow/tfjs';
import { at, transpose } from '../../../packages/engine/src/gradients/table/reference/array64.ts';
import type { KernelProperty } from '../harness/kernel-case.ts';
import { filled } from '../harness/shapes.ts';
import { build, drawValues } from '../harness/values.ts';
import { rearrangement } from './rearrangement.ts';

export const rearrangementProperties: readonly KernelProperty[] = [
  rearrangement(
    'transpose',
    (draw, input) => {
      const x = input(draw.shape(0, 6, 3));
      const order = draw.order(x.shape.length);
      return { options: { order }, x, run: (t) => tf.transpose(t!, order), expected: transpose(x, order) };
    },
    2,
  ),
  rearrangement('reshape', (draw, input) => {
    const x = input(draw.shape(0, 5, 3));
    const shape = x.data.length === 0 ? [0, 2] : draw.yes() ? [-1, 1] : [x.data.length];
    const expected = { shape: shape.map((size) => (size === -1 ? x.data.length : size)), data: x.data };
    return { options: { shape }, x, run: (t) => tf.reshape(t!, shape), expected };
  }),
  rearrangement('expandDims and squeeze', (draw, input) => {
    const x = input(draw.shape(0, 5, 3));
    const axis = draw.integer(-x.shape.length - 1, x.shape.length);
    const shape = [...x.shape];
    shape.splice(axis < 0 ? axis + x.shape.length + 1 : axis, 0, 1);
    return { options: { axis }, x, run: (t) => tf.expandDims(t!, axis), expected: { shape, data: x.data } };
  }),
  rearrangement('broadcastTo', (draw, input) => {
    const shape = filled(draw.shape(0, 6, 3));
    const x = input(shape.slice(draw.integer(0, shape.length)).map((size) => (draw.yes() ? 1 : size)));
    return {
      options: { shape },
      x,
      run: (t) => tf.broadcastTo(t!, shape),
      expected: build(shape, (index) => at(x, index)),
    };
  }),
  rearrangement('tile', (draw, input) => {
    const x = input(draw.shape(1, 5, 3));
    const counts = x.shape.map(() => draw.integer(1, 3));
    const expected = build(
      x.shape.map((size, axis) => size * counts[axis]!),
      (index) =>
        at(
          x,
          index.map((i, axis) => i % x.shape[axis]!),
        ),
    );
    return { options: { counts }, x, run: (t) => tf.tile(t!, counts), expected };
  }),
  rearrangement(
    'reverse',
    (draw, input) => {
      const x = input(draw.shape(1, 6, 4));
      const rank = x.shape.length;
      const axes = draw.order(rank).slice(0, draw.integer(1, rank));
      const given = axes.map((axis) => (draw.rarely() ? axis - rank : axis));
      const expected = build(x.shape, (index) =>
        at(
          x,
          index.map((i, axis) => (axes.includes(axis) ? x.shape[axis]! - 1 - i : i)),
        ),
      );
      return { options: { axes: given }, x, run: (t) => tf.reverse(t!, given), expected };
    },
    1.5,
  ),
  rearrangement('flipLeftRight', (draw) => {
    const x = drawValues(
      draw,
      Array.from({ length: 4 }, () => draw.integer(1, 4)),
    );
    const expected = build(x.shape, ([n, y, column, c]) => at(x, [n!, y!, x.shape[2]! - 1 - column!, c!]));
    return { x, run: (t) => tf.image.flipLeftRight(t as tf.Tensor4D), expected };
  }),
  rearrangement(
    'pad',
    (draw, input) => {
      const x = input(draw.shape(1, 5, 3));
      const paddings = x.shape.map(() => [draw.integer(0, 2), draw.integer(0, 2)] as [number, number]);
      const value =
        x.dtype === 'float32'
          ? draw.integer(-2, 3) / 4
          : x.dtype === 'int32'
            ? draw.integer(-2, 3)
            : draw.integer(0, 1);
      const expected = build(
        x.shape.map((size, axis) => size + paddings[axis]![0] + paddings[axis]![1]),
        (index) => {
          const from = index.map((i, axis) => i - paddings[axis]![0]);
          return from.every((i, axis) => i >= 0 && i < x.shape[axis]!) ? at(x, from) : value;
        },
      );
      return { options: { paddings, value }, x, run: (t) => tf.pad(t!, paddings, value), expected };
    },
    1.5,
  ),
  rearrangement(
    'mirrorPad',
    (draw, input) => {
      const x = input(filled(draw.shape(1, 4, 4)));
      const mode = draw.pick(['symmetric', 'reflect'] as const);
      const most = (size: number) => (mode === 'symmetric' ? size : size - 1);
      const paddings = x.shape.map(
        (size) => [draw.integer(0, most(size)), draw.integer(0, most(size))] as [number, number],
      );
      const mirror = (i: number, size: number) => {
        const edge = mode === 'symmetric' ? 1 : 0;
        if (i < 0) return -i - edge;
        return i >= size ? 2 * size - 2 - i + edge : i;
      };
      const expected = build(
        x.shape.map((size, axis) => size + paddings[axis]![0] + paddings[axis]![1]),
        (index) =>
          at(
            x,
            index.map((i, axis) => mirror(i - paddings[axis]![0], x.shape[axis]!)),
          ),
      );
      return { options: { paddings, mode }, x, run: (t) => tf.mirrorPad(t!, paddings, mode), expected };
    },
    1.5,
  ),
  rearrangement(
    'slice',
    (draw, input) => {
      const x = input(draw.shape(1, 6, 4));
      const begin = x.shape.map((size) => draw.integer(0, size));
      const size = x.shape.map((length, axis) => (draw.rarely() ? -1 : draw.integer(0, length - begin[axis]!)));
      const extent = size.map((count, axis) => (count === -1 ? x.shape[axis]! - begin[axis]! : count));
      return {
        options: { begin, size },
        x,
        run: (t) => tf.slice(t!, begin, size),
        expected: build(extent, (index) =>
          at(
            x,
            index.map((i, axis) => i + begin[axis]!),
          ),
        ),
      };
    },
    1.5,
  ),
  rearrangement(
    'stridedSlice',
    (draw, input) => {
      const x = input(draw.shape(1, 4, 6));
      const strides = x.shape.map(() => draw.pick([1, 2, 3, -1, -2]));
      const wholly = x.shape.map((size, axis) => (strides[axis]! > 0 ? [0, size] : [size - 1, -size - 1]));
      const begin = x.shape.map((size, axis) =>
        draw.yes() ? wholly[axis]![0]! : draw.integer(-size, Math.max(0, size - 1)),
      );
      const end = x.shape.map((size, axis) => (draw.yes() ? wholly[axis]![1]! : draw.integer(-size, size)));
      const places = x.shape.map((size, axis) => {
        const step = strides[axis]!;
        const inside = (i: number, low: number, high: number) => Math.min(high, Math.max(low, i < 0 ? i + size : i));
        const from = step > 0 ? inside(begin[axis]!, 0, size) : inside(begin[axis]!, -1, size - 1);
        const to = step > 0 ? inside(end[axis]!, 0, size) : inside(end[axis]!, -1, size - 1);
        const list: number[] = [];
        for (let i = from; step > 0 ? i < to : i > to; i += step) list.push(i);
        return list;
      });
      const expected = build(
        places.map((list) => list.length),
        (index) =>
          at(
            x,
            index.map((i, axis) => places[axis]![i]!),
          ),
      );
      return { options: { begin, end, strides }, x, run: (t) => tf.stridedSlice(t!, begin, end, strides), expected };
    },
    2,
  ),
];
