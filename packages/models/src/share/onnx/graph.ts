// An ONNX graph while it is written. TensorFlow.js has channels last and ONNX first: a value knows both its forms, so that a transpose is
// written only where a form is asked for that is not there yet, and pairs of them never arise.
import type { Dimension } from './dimension.ts';
import type { ElementType, OnnxAttribute, OnnxNode, OnnxTensor } from './model-bytes.ts';

export type Layout = 'channelsLast' | 'channelsFirst';

type ValueType = 'float32' | 'int32' | 'bool';

/** Numbers that are known when the model is written. */
export interface ConstantData {
  readonly data: Float32Array | Int32Array | Uint8Array;
  readonly dims: readonly number[];
}

/** A tensor of the traced computation and the names it has in the graph so far. */
export interface Value {
  readonly shape: readonly Dimension[];
  readonly type: ValueType;
  readonly names: { channelsLast?: string | undefined; channelsFirst?: string | undefined };
  readonly constant?: ConstantData | undefined;
}

/** [batch, height, width, channels] to [batch, channels, height, width]. */
export const toChannelsFirst = [0, 3, 1, 2] as const;
export const toChannelsLast = [0, 2, 3, 1] as const;

/** The numbers of a constant with its axes in another order. */
export function permuteConstant({ data, dims }: ConstantData, order: readonly number[]): ConstantData {
  const strides = dims.map((_, axis) => dims.slice(axis + 1).reduce((product, size) => product * size, 1));
  const newDims = order.map((axis) => dims[axis]!);
  const newStrides = order.map((axis) => strides[axis]!);
  const permuted = data.slice();
  const position = newDims.map(() => 0);
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    permuted[to] = data[from]!;
    for (let axis = newDims.length - 1; axis >= 0; axis--) {
      position[axis]!++;
      from += newStrides[axis]!;
      if (position[axis]! < newDims[axis]!) break;
      from -= newStrides[axis]! * newDims[axis]!;
      position[axis] = 0;
    }
  }
  return { data: permuted, dims: newDims };
}

interface Initializer extends OnnxTensor {
  /** The initializer that this is a rearrangement of. */
  readonly source?: string | undefined;
}

export class Graph {
  readonly opset: number;
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers = new Map<string, Initializer>();
  readonly #names = new Set<string>();
  readonly #shared = new Map<string, string>();
  #batch: string | undefined;

  constructor(opset: number) {
    this.opset = opset;
  }

  /** A name that nothing has yet. */
  claim(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.#names.has(name); count++) name = `${wanted}_${count}`;
    this.#names.add(name);
    return name;
  }

  /** Adds a node and gives the name of its only output. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    output = this.claim(operator.toLowerCase()),
  ): string {
    this.#nodes.push({ operator, name: `${operator}_${this.#nodes.length}`, inputs, outputs: [output], attributes });
    return output;
  }

  initializer(
    wanted: string,
    type: ElementType,
    dims: readonly number[],
    data: ArrayBufferView,
    source?: string,
  ): string {
    const name = this.claim(wanted);
    this.#initializers.set(name, { name, type, dims, data, source });
    return name;
  }

  /** Whole numbers as an int64 vector, which is how ONNX takes shapes, axes and pads. */
  integers(values: readonly number[]): string {
    return this.#share(`int64 [${values}]`, () =>
      this.initializer('integers', 'int64', [values.length], BigInt64Array.from(values, BigInt)),
    );
  }

  /** One number of a type. */
  scalar(value: number, type: ValueType = 'float32'): string {
    return this.#share(`${type} ${Object.is(value, -0) ? '-0' : value}`, () => {
      const data =
        type === 'float32'
          ? Float32Array.of(value)
          : type === 'int32'
            ? Int32Array.of(value)
            : Uint8Array.of(value === 0 ? 0 : 1);
      return this.initializer('scalar', type, [], data);
    });
  }

  #share(key: string, make: () => string): string {
    const name = this.#shared.get(key) ?? make();
    this.#shared.set(key, name);
    return name;
  }

  /** A shape (or starts, ends, repeats) as an int64 vector, computed from the batch of `latent` where it must be. */
  shape(dimensions: readonly Dimension[]): string {
    if (dimensions.every((size) => typeof size === 'number')) return this.integers(dimensions);
    this.#batch ??= this.node('Gather', [this.node('Shape', ['latent']), this.integers([0])], { axis: 0 });
    const batch = this.#batch;
    const parts = dimensions.map((size) => {
      if (typeof size === 'number') return this.integers([size]);
      return size.timesBatch === 1 ? batch : this.node('Mul', [batch, this.integers([size.timesBatch])]);
    });
    return parts.length === 1 ? parts[0]! : this.node('Concat', parts, { axis: 0 });
  }

  /** The name of a value in a layout; transposes it when it is not there in that layout. Only rank 4 has two. */
  name(value: Value, layout: Layout = 'channelsLast'): string {
    const { names, shape } = value;
    if (shape.length !== 4) return names.channelsLast!;
    if (names[layout] === undefined) {
      const order = layout === 'channelsFirst' ? toChannelsFirst : toChannelsLast;
      const other = names[layout === 'channelsFirst' ? 'channelsLast' : 'channelsFirst']!;
      names[layout] =
        value.constant !== undefined && layout === 'channelsFirst'
          ? this.#rearranged(value, permuteConstant(value.constant, order), order)
          : this.node('Transpose', [other], { perm: order });
    }
    return names[layout];
  }

  /** A value with its axes in another order and then, if given, in another shape; done here and now for a constant. */
  rearrange(value: Value, order: readonly number[], dims?: readonly number[]): string {
    if (value.constant !== undefined) {
      const permuted = permuteConstant(value.constant, order);
      return this.#rearranged(value, { data: permuted.data, dims: dims ?? permuted.dims }, order);
    }
    const transposed = this.node('Transpose', [this.name(value)], { perm: order });
    return dims === undefined ? transposed : this.node('Reshape', [transposed, this.integers(dims)]);
  }

  #rearranged(value: Value, { data, dims }: ConstantData, order: readonly number[]): string {
    const source = value.names.channelsLast!;
    return this.#share(`${source} by [${order}] as [${dims}]`, () =>
      this.initializer(`${source}.rearranged`, value.type, dims, data, source),
    );
  }

  /** The nodes in order and the initializers that they use; one that is used in a rearranged form only has the name of its source. */
  finish(output: string): { readonly nodes: readonly OnnxNode[]; readonly initializers: readonly OnnxTensor[] } {
    const used = new Set([output, ...this.#nodes.flatMap(({ inputs }) => inputs)]);
    const kept = [...this.#initializers.values()].filter(({ name }) => used.has(name));
    const renamed = new Map<string, string>();
    for (const { name, source } of kept) {
      const siblings = kept.filter((other) => other.source === source);
      if (source !== undefined && !used.has(source) && siblings.length === 1) renamed.set(name, source);
    }
    const rename = (name: string) => renamed.get(name) ?? name;
    return {
      nodes: this.#nodes.map((node) => ({ ...node, inputs: node.inputs.map(rename) })),
      initializers: kept.map(({ name, type, dims, data }) => ({ name: rename(name), type, dims, data })),
    };
  }
}
