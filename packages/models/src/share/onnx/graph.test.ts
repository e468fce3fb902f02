import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Graph, permuteConstant, type Value } from './graph.ts';

test('a permuted constant is what tf.transpose makes of it', () => {
  const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 });
  const permuted = shapes.chain((dims) =>
    fc.tuple(
      fc.constant(dims),
      fc.shuffledSubarray(
        dims.map((_, axis) => axis),
        { minLength: dims.length },
      ),
    ),
  );
  fc.assert(
    fc.property(permuted, ([dims, order]) => {
      tf.tidy(() => {
        const data = Float32Array.from({ length: tf.util.sizeFromShape(dims) }, (_, index) => index);
        const expected = tf.tensor(data, dims).transpose(order);
        const actual = permuteConstant({ data, dims }, order);
        expect(actual.dims).toEqual(expected.shape);
        expect(actual.data).toEqual(expected.dataSync());
      });
    }),
  );
});

test('a value is transposed once, and only into a layout that it lacks', () => {
  const graph = new Graph(17);
  const image: Value = { shape: [{ timesBatch: 1 }, 2, 3, 4], type: 'float32', names: { channelsFirst: 'image' } };
  expect(graph.name(image, 'channelsFirst')).toBe('image');
  const last = graph.name(image);
  expect(graph.name(image)).toBe(last);
  const { nodes } = graph.finish(last);
  expect(nodes).toMatchObject([{ operator: 'Transpose', inputs: ['image'], attributes: { perm: [0, 2, 3, 1] } }]);
});

test('a constant that is used in another order only keeps its name, one that is used in both keeps both', () => {
  for (const both of [false, true]) {
    const graph = new Graph(17);
    const constant = { data: Float32Array.of(1, 2, 3, 4, 5, 6), dims: [2, 3] };
    const name = graph.initializer('kernel', 'float32', constant.dims, constant.data);
    const value: Value = { shape: [2, 3], type: 'float32', names: { channelsLast: name }, constant };
    const inputs = [graph.rearrange(value, [1, 0]), ...(both ? [graph.name(value)] : [])];
    const { nodes, initializers } = graph.finish(graph.node('Concat', inputs));
    expect(initializers.map((tensor) => tensor.name)).toEqual(both ? ['kernel', 'kernel.rearranged'] : ['kernel']);
    expect(initializers.at(-1)).toMatchObject({ dims: [3, 2], data: Float32Array.of(1, 4, 2, 5, 3, 6) });
    expect(nodes.at(-1)?.inputs).toEqual(both ? ['kernel.rearranged', 'kernel'] : ['kernel']);
  }
});

test('names are given once, equal numbers are stored once, and what is not used is left out', () => {
  const graph = new Graph(17);
  expect([graph.claim('x'), graph.claim('x'), graph.claim('x')]).toEqual(['x', 'x_2', 'x_3']);
  expect(graph.scalar(0)).toBe(graph.scalar(0));
  expect(graph.scalar(0)).not.toBe(graph.scalar(-0));
  expect(graph.integers([1, 2])).toBe(graph.integers([1, 2]));
  const used = graph.scalar(3);
  expect(graph.finish(graph.node('Neg', [used])).initializers.map(({ name }) => name)).toEqual([used]);
});
