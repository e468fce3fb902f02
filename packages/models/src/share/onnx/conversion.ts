// One TensorFlow.js kernel on its way to ONNX nodes: what a converter is given and what it gives back.
import { GanKitError } from '@gankit/core';
import { type Dimension, generalize, generalizeAll } from './dimension.ts';
import type { TracedKernel, TracedType } from './generator-trace.ts';
import type { Graph, Layout, Value } from './graph.ts';

/** The name of a result in the graph; `channelsLast` unless it says otherwise. */
export type Converted = string | { readonly name: string; readonly layout: Layout };

/** Writes the nodes of a kernel; an array for a kernel with several outputs. */
export type Converter = (kernel: Conversion) => Converted | readonly Converted[];

export interface ConvertedOutput {
  readonly shape: readonly Dimension[];
  readonly type: TracedType;
}

/** A kernel in both traces, with its inputs as values of the graph. */
export class Conversion {
  readonly graph: Graph;
  readonly inputs: Readonly<Record<string, Value>>;
  /** The kernel as it ran with the first batch size and with the second. */
  readonly traced: readonly [TracedKernel, TracedKernel];

  constructor(graph: Graph, traced: readonly [TracedKernel, TracedKernel], inputs: Readonly<Record<string, Value>>) {
    this.graph = graph;
    this.traced = traced;
    this.inputs = inputs;
  }

  get name(): string {
    return this.traced[0].name;
  }

  /** The inputs in order, for kernels that take a list. */
  get list(): readonly Value[] {
    return Object.values(this.inputs);
  }

  input(name: string): Value {
    return this.inputs[name] ?? this.refuse(`lacks its input '${name}'`);
  }

  /** @throws GanKitError `incompatible`: this use of the kernel cannot be exported. */
  refuse(why: string): never {
    throw new GanKitError(
      'incompatible',
      `The generator's '${this.name}' ${why}, which cannot be exported to ONNX; express it by other operations.`,
      { value: this.name },
    );
  }

  /** An attribute that must not depend on the batch. */
  attribute<T>(name: string): T {
    const [first, second] = this.attributePair<T>(name);
    if (JSON.stringify(first) !== JSON.stringify(second)) {
      this.refuse(`has a '${name}' that changes with the batch size`);
    }
    return first;
  }

  attributePair<T>(name: string): readonly [T, T] {
    return [this.traced[0].attributes[name] as T, this.traced[1].attributes[name] as T];
  }

  /** The sizes that hold for every batch. */
  sizes(first: readonly number[], second: readonly number[]): readonly Dimension[] {
    return (
      generalizeAll(first, second) ??
      this.refuse(`has sizes [${first}] and [${second}] that are no multiples of the batch`)
    );
  }

  size(first: number, second: number): Dimension {
    return (
      generalize(first, second) ?? this.refuse(`has a size that is ${first} and ${second}, no multiple of the batch`)
    );
  }

  output(index = 0): ConvertedOutput {
    const [first, second] = this.traced.map(({ outputs }) => outputs[index]!);
    return { shape: this.sizes(first!.shape, second!.shape), type: first!.dtype };
  }

  /** The shapes of an input in the two traces. */
  shapePair(input: string): readonly [readonly number[], readonly number[]] {
    return [this.traced[0].inputShapes[input]!, this.traced[1].inputShapes[input]!];
  }

  /** A size of an input that must not depend on the batch. */
  fixedSize(value: Value, axis: number): number {
    const size = value.shape.at(axis);
    return typeof size === 'number' ? size : this.refuse(`needs a fixed size on axis ${axis}`);
  }

  /** Refuses a layout other than channels last. */
  checkDataFormat(): void {
    const format = this.attribute<string | undefined>('dataFormat');
    if (format !== undefined && format !== 'NHWC') this.refuse(`has data format ${format}`);
  }

  /**
   * Writes an operation that treats every element alike (with broadcasting), in the layout in which its inputs are there already.
   * @param write Gets the names of `values` in that layout.
   */
  elementwise(values: readonly Value[], write: (...names: string[]) => string): Converted {
    const { graph } = this;
    const layout = this.#layoutOf(values);
    if (layout === 'channelsLast') return write(...values.map((value) => graph.name(value)));
    const names = values.map((value) => {
      if (value.shape.length === 4) return graph.name(value, 'channelsFirst');
      if (value.shape.length === 0) return graph.name(value);
      // Broadcasting aligns last axes: [channels] becomes [channels, 1, 1].
      const dims = [...Array<number>(4 - value.shape.length).fill(1), ...value.constant!.dims];
      const [, height, width, channels] = dims;
      return graph.rearrange(
        value,
        value.shape.map((_, axis) => axis),
        [channels!, height!, width!],
      );
    });
    return { name: write(...names), layout };
  }

  #layoutOf(values: readonly Value[]): Layout {
    const ready = values.some(({ shape, names }) => shape.length === 4 && names.channelsLast === undefined);
    const fits = values.every(({ shape, constant }) => {
      if (shape.length === 4 || shape.length === 0) return true;
      // Only a vector of channels keeps its numbers in order when it moves to the front.
      return shape.length < 4 && constant?.dims.slice(0, -1).every((size) => size === 1) === true;
    });
    return ready && fits && this.output().shape.length === 4 ? 'channelsFirst' : 'channelsLast';
  }
}
