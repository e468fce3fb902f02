// What moves, repeats, chooses or renames values.
import * as tf from '@tensorflow/tfjs';
import type { Conversion, Converted, Converter } from './conversion.ts';
import type { Dimension } from './dimension.ts';
import { toChannelsFirst, toChannelsLast, type Value } from './graph.ts';
import { elementTypes } from './model-bytes.ts';

/** Before the first element, when a slice runs backwards. */
const beforeFirst = -(2 ** 31);

/** The target of a Reshape: one axis that grows with the batch may be left to ONNX. */
function targetShape(kernel: Conversion, shape: readonly Dimension[]): string {
  const open = shape.filter((size) => typeof size !== 'number').length;
  if (open !== 1 || shape.includes(0)) return kernel.graph.shape(shape);
  return kernel.graph.integers(shape.map((size) => (typeof size === 'number' ? size : -1)));
}

const reshape: Converter = (kernel) => {
  const [x] = kernel.list;
  return kernel.graph.node('Reshape', [kernel.graph.name(x!), targetShape(kernel, kernel.output().shape)]);
};

function slice(
  kernel: Conversion,
  x: string,
  starts: readonly Dimension[],
  ends: readonly Dimension[],
  axes: readonly number[],
  steps: readonly number[] = axes.map(() => 1),
): string {
  if (axes.length === 0) return x;
  const { graph } = kernel;
  return graph.node('Slice', [x, graph.shape(starts), graph.shape(ends), graph.integers(axes), graph.integers(steps)]);
}

/** The part of `x` from `begin` on, `size` long, in both traces; axes that are taken whole are left alone. */
function part(
  kernel: Conversion,
  value: Value,
  input: string,
  begins: readonly number[][],
  sizes: readonly number[][],
): string {
  const shapes = kernel.shapePair(input);
  const axes = shapes[0]
    .map((_, axis) => axis)
    .filter((axis) => [0, 1].some((run) => begins[run]![axis] !== 0 || sizes[run]![axis] !== shapes[run]![axis]));
  const bound = (axis: number, withSize: 0 | 1) => {
    const at = (run: 0 | 1) => begins[run]![axis]! + withSize * sizes[run]![axis]!;
    return kernel.size(at(0), at(1));
  };
  const [starts, ends] = ([0, 1] as const).map((withSize) => axes.map((axis) => bound(axis, withSize)));
  return slice(kernel, kernel.graph.name(value), starts!, ends!, axes);
}

const sliceConverter: Converter = (kernel) => {
  const [begins, sizes] = [kernel.attributePair<number[]>('begin'), kernel.attributePair<number[]>('size')];
  const parsed = ([0, 1] as const).map((run) => {
    const shape = [...kernel.shapePair('x')[run]];
    return tf.slice_util.parseSliceParams({ shape, dtype: 'float32', dataId: {} }, begins[run], sizes[run]);
  });
  return part(
    kernel,
    kernel.input('x'),
    'x',
    parsed.map(([begin]) => begin!),
    parsed.map(([, size]) => size!),
  );
};

const stridedSlice: Converter = (kernel) => {
  const { attributes } = kernel.traced[0];
  const info = ([0, 1] as const).map((run) => {
    const at = (name: string) => kernel.attributePair<number[]>(name)[run];
    const mask = (name: string) => attributes[name] as number;
    const shape = [...kernel.shapePair('x')[run]];
    return tf.slice_util.sliceInfo(
      shape,
      at('begin'),
      at('end'),
      at('strides'),
      mask('beginMask'),
      mask('endMask'),
      mask('ellipsisMask'),
      mask('newAxisMask'),
      mask('shrinkAxisMask'),
    );
  });
  const [first, second] = [info[0]!, info[1]!];
  const axes = first.begin.map((_, axis) => axis);
  const ends = axes.map((axis) => {
    const end = kernel.size(first.end[axis]!, second.end[axis]!);
    return first.strides[axis]! < 0 && end === -1 ? beforeFirst : end;
  });
  const starts = axes.map((axis) => kernel.size(first.begin[axis]!, second.begin[axis]!));
  const taken = slice(kernel, kernel.graph.name(kernel.input('x')), starts, ends, axes, first.strides);
  return kernel.graph.node('Reshape', [taken, targetShape(kernel, kernel.output().shape)]);
};

const split: Converter = (kernel) => {
  const [axis = 0] = tf.util.parseAxisParam(kernel.attribute<number>('axis'), [...kernel.shapePair('x')[0]]);
  const offsets = [0, 0];
  return kernel.traced[0].outputs.map((_, index) => {
    const sizes = kernel.traced.map(({ outputs }) => [...outputs[index]!.shape]);
    const begins = sizes.map((size, run) => size.map((_, at) => (at === axis ? offsets[run]! : 0)));
    sizes.forEach((size, run) => {
      offsets[run]! += size[axis]!;
    });
    return part(kernel, kernel.input('x'), 'x', begins, sizes);
  });
};

const transpose: Converter = (kernel) => {
  const x = kernel.input('x');
  const order = kernel.attribute<number[]>('perm');
  // Explicit changes of layout meet the graph's own.
  if (order.join() === toChannelsFirst.join() && x.names.channelsFirst !== undefined) return x.names.channelsFirst;
  if (order.join() === toChannelsLast.join()) return { name: kernel.graph.name(x), layout: 'channelsFirst' };
  return kernel.graph.rearrange(x, order);
};

const concat: Converter = (kernel) => {
  const { graph, list } = kernel;
  const rank = kernel.output().shape.length;
  const [axis = 0] = tf.util.parseAxisParam(kernel.attribute<number>('axis'), [...kernel.traced[0].outputs[0]!.shape]);
  const first = rank === 4 && list.some(({ names }) => names.channelsLast === undefined);
  const layout = first ? 'channelsFirst' : 'channelsLast';
  const { type } = kernel.output();
  const names = list.map((value) => {
    const name = graph.name(value, layout);
    return value.type === type ? name : graph.node('Cast', [name], { to: elementTypes[type] });
  });
  return { name: graph.node('Concat', names, { axis: first ? toChannelsFirst.indexOf(axis as 0) : axis }), layout };
};

const pack: Converter = (kernel) => {
  const { graph } = kernel;
  const axis = kernel.attribute<number>('axis');
  const columns = kernel.list.map((value) => graph.node('Unsqueeze', [graph.name(value), graph.integers([axis])]));
  return graph.node('Concat', columns, { axis });
};

const unpack: Converter = (kernel) => {
  const { graph } = kernel;
  const axis = kernel.attribute<number>('axis');
  const [value] = kernel.list;
  return kernel.traced[0].outputs.map((_, index) =>
    graph.node('Gather', [graph.name(value!), graph.scalar(index, 'int32')], { axis }),
  );
};

const reverse: Converter = (kernel) => {
  const dims = kernel.attribute<number | number[]>('dims');
  const axes = tf.util.parseAxisParam(dims, [...kernel.shapePair('x')[0]]);
  const x = kernel.graph.name(kernel.input('x'));
  const everywhere = (value: number) => axes.map(() => value);
  return slice(kernel, x, everywhere(-1), everywhere(beforeFirst), axes, everywhere(-1));
};

const gather: Converter = (kernel) => {
  if ((kernel.attribute<number | undefined>('batchDims') ?? 0) !== 0) kernel.refuse('has batch dimensions');
  const [x, indices] = [kernel.input('x'), kernel.input('indices')].map((value) => kernel.graph.name(value));
  return kernel.graph.node('Gather', [x!, indices!], { axis: kernel.attribute<number>('axis') });
};

const oneHot: Converter = (kernel) => {
  const { graph } = kernel;
  const indices = graph.node('Cast', [graph.name(kernel.input('indices'))], { to: elementTypes.int64 });
  const [off, on] = [kernel.attribute<number>('offValue'), kernel.attribute<number>('onValue')];
  const values = graph.initializer('off_on', 'float32', [2], Float32Array.of(off, on));
  const hot = graph.node('OneHot', [indices, graph.integers([kernel.attribute<number>('depth')]), values]);
  const { type } = kernel.output();
  return type === 'float32' ? hot : graph.node('Cast', [hot], { to: elementTypes[type] });
};

function filled(value: number): Converter {
  return (kernel) => {
    const { shape, type } = kernel.output();
    return kernel.graph.node('Expand', [kernel.graph.scalar(value, type), kernel.graph.shape(shape)]);
  };
}

/** The value itself, in whatever layouts it is there. */
const identity = (kernel: Conversion): Converted => {
  const [x] = kernel.list;
  const { channelsLast, channelsFirst } = x!.names;
  return channelsLast ?? { name: channelsFirst!, layout: 'channelsFirst' };
};

export const rearrangementConverters: Readonly<Record<string, Converter>> = {
  Reshape: reshape,
  ExpandDims: reshape,
  Identity: identity,
  Transpose: transpose,
  Slice: sliceConverter,
  StridedSlice: stridedSlice,
  SplitV: split,
  Concat: concat,
  Pack: pack,
  Unpack: unpack,
  Reverse: reverse,
  GatherV2: gather,
  OneHot: oneHot,
  ZerosLike: filled(0),
  OnesLike: filled(1),
  Tile: (kernel) => {
    const repeats = kernel.sizes(...kernel.attributePair<number[]>('reps'));
    return kernel.graph.node('Tile', [kernel.graph.name(kernel.input('x')), kernel.graph.shape(repeats)]);
  },
  BroadcastTo: (kernel) =>
    kernel.graph.node('Expand', [kernel.graph.name(kernel.input('x')), kernel.graph.shape(kernel.output().shape)]),
  Cast: (kernel) =>
    kernel.elementwise([kernel.input('x')], (x) =>
      kernel.graph.node('Cast', [x!], { to: elementTypes[kernel.output().type] }),
    ),
};
