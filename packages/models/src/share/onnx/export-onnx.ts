// Any generator as an ONNX model: the kernels that it really runs, translated one by one.
import { checkInteger, checkOptions, GanKitError, type Generator } from '@gankit/core';
import { activationConverters } from './activations.ts';
import { Conversion, type Converted, type Converter } from './conversion.ts';
import { convolutionConverters } from './convolution-converters.ts';
import { type Dimension, generalizeAll, sameDimension, tracedBatches } from './dimension.ts';
import { elementwiseConverters } from './elementwise-converters.ts';
import {
  type ConditionInputs,
  type TracedConstant,
  type TracedKernel,
  type TracedReference,
  traceGenerator,
} from './generator-trace.ts';
import { Graph, type Value } from './graph.ts';
import { imageConverters } from './image-converters.ts';
import { matrixConverters } from './matrix-converters.ts';
import { elementTypes, encodeOnnxModel, type OnnxValue } from './model-bytes.ts';
import { rearrangementConverters } from './rearrangement-converters.ts';
import { reductionConverters } from './reduction-converters.ts';

const converters: Readonly<Record<string, Converter>> = {
  ...activationConverters,
  ...convolutionConverters,
  ...elementwiseConverters,
  ...imageConverters,
  ...matrixConverters,
  ...rearrangementConverters,
  ...reductionConverters,
};

/** Operator sets whose operators mean what is written here. */
const oldestOpset = 13;
const newestOpset = 21;

/**
 * What a conditional generator is told: `labels: { classes }`, `vectors: { length }` or `images: { shape }` of its condition. The model then
 * has an input `label`, `vector` or `image`.
 */
export interface ExportOnnxOptions extends ConditionInputs {
  /** The ONNX operator set, 13 to 21; 17 by default (ONNX Runtime 1.12 and newer). */
  readonly opset?: number | undefined;
}

function refuse(why: string, value?: unknown): never {
  throw new GanKitError('incompatible', `${why}; such a generator cannot be exported to ONNX.`, { value });
}

/** Where in `shape` the element `index` would stand if it were the first along `axes`. */
function firstAlong(index: number, shape: readonly number[], axes: readonly number[]): number {
  let [rest, stride, position] = [index, 1, 0];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis]!;
    if (!axes.includes(axis)) position += (rest % size) * stride;
    rest = Math.floor(rest / size);
    stride *= size;
  }
  return position;
}

/** A constant that was made for the batch, once, if it repeats itself along the batch in both traces; `undefined` if not. */
function repeatedAlongBatch(first: TracedConstant, second: TracedConstant, shape: readonly Dimension[]) {
  const axes = shape.map((_, axis) => axis).filter((axis) => typeof shape[axis] !== 'number');
  const once = ({ data, shape: sizes }: TracedConstant) =>
    data.filter((_, index) => firstAlong(index, sizes, axes) === index);
  const repeats = ({ data, shape: sizes }: TracedConstant) =>
    data.every((value, index) => Object.is(value, data[firstAlong(index, sizes, axes)]));
  const [data, again] = [once(first), once(second)];
  const same = data.every((value, index) => Object.is(value, again[index]));
  if (!same || !repeats(first) || !repeats(second)) return undefined;
  return { dims: first.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)), data };
}

function sameNumbers(a: TracedConstant, b: TracedConstant): boolean {
  return a.data.length === b.data.length && a.data.every((value, index) => Object.is(value, b.data[index]));
}

/** Translates two traces of one generator, with different batch sizes, kernel by kernel. */
class Translation {
  readonly #graph: Graph;
  readonly #values = new Map<string, Value>();
  readonly #constants = new Map<TracedConstant, Value>();

  constructor(graph: Graph, inputs: Readonly<Record<string, Value>>) {
    this.#graph = graph;
    for (const [key, value] of Object.entries(inputs)) this.#values.set(key, value);
  }

  value(first: TracedConstant | TracedReference, second: TracedConstant | TracedReference): Value {
    if (first.kind === 'reference' && second.kind === 'reference' && first.key === second.key) {
      return this.#values.get(first.key)!;
    }
    if (first.kind !== 'constant' || second.kind !== 'constant') {
      return refuse('The generator does different things with different batch sizes');
    }
    const known = this.#constants.get(first);
    const value = known ?? this.#constant(first, second);
    this.#constants.set(first, value);
    return value;
  }

  #constant(first: TracedConstant, second: TracedConstant): Value {
    const { dtype: type, variable = 'constant' } = first;
    const shape = generalizeAll(first.shape, second.shape);
    if (shape === undefined)
      return refuse(`A constant has sizes [${first.shape}] and [${second.shape}] in batches of 2 and 3`);
    const store = (data: TracedConstant['data'], dims: readonly number[]) =>
      this.#graph.initializer(variable, type, dims, data);
    if (shape.every((size) => typeof size === 'number')) {
      if (!sameNumbers(first, second)) {
        return refuse(
          `The samples depend on numbers of shape [${first.shape}] that change from call to call (noise drawn inside, or values computed outside TensorFlow.js)`,
        );
      }
      const name = store(first.data, first.shape);
      return { shape, type, names: { channelsLast: name }, constant: { data: first.data, dims: first.shape } };
    }
    const repeated = repeatedAlongBatch(first, second, shape);
    if (repeated === undefined) return refuse(`A constant of shape [${first.shape}] differs from sample to sample`);
    const name = this.#graph.node('Expand', [store(repeated.data, repeated.dims), this.#graph.shape(shape)]);
    return { shape, type, names: { channelsLast: name } };
  }

  kernel(first: TracedKernel, second: TracedKernel | undefined): void {
    const sameInputs = Object.keys(first.inputs).join() === Object.keys(second?.inputs ?? {}).join();
    if (
      second === undefined ||
      first.name !== second.name ||
      !sameInputs ||
      first.outputs.length !== second.outputs.length
    ) {
      refuse('The generator runs different operations for different batch sizes');
    }
    const converter = Object.hasOwn(converters, first.name) ? converters[first.name] : undefined;
    if (converter === undefined) {
      throw new GanKitError(
        'incompatible',
        `The generator runs '${first.name}', which has no ONNX counterpart here; express it by other operations.`,
        { value: first.name },
      );
    }
    const inputs = Object.fromEntries(
      Object.entries(first.inputs).map(([name, input]) => [name, this.value(input, second.inputs[name]!)]),
    );
    const conversion = new Conversion(this.#graph, [first, second], inputs);
    const converted = converter(conversion);
    const all = Array.isArray(converted) ? (converted as readonly Converted[]) : [converted as Converted];
    all.forEach((result, index) => {
      const { shape, type } = conversion.output(index);
      const names = typeof result === 'string' ? { channelsLast: result } : { [result.layout]: result.name };
      this.#values.set(first.outputs[index]!.key, { shape, type, names });
    });
  }
}

/**
 * Writes a generator as an ONNX model. The generator is run twice, `training: false`, with batches of 2 and 3 random latents, and
 * each TensorFlow.js kernel that ran is translated; so it works for any generator, also for a plain function. Sizes that differ between the
 * two runs follow the batch. What depends on weights alone (spectral normalisation, scaled weights) is computed now and stored; a
 * variable that is used as it is becomes an initializer of its name.
 *
 * The model's inputs are `latent`, float32 [batch, ...latentShape], and with `labels` also `label`, int64 [batch], with `vectors`
 * `vector`, float32 [batch, length], and with `images` `image`, float32 [batch, height, width, channels]. Its output is `samples`, float32 [batch, ...outputShape]: images with channels last, as everywhere in GANKit.
 * @returns The bytes of an `.onnx` file.
 * @throws GanKitError `incompatible`, naming the kernel, for an operation that has no ONNX counterpart here, and for samples that depend on
 *   anything but latent and condition; `invalid-argument` for an unknown option and an opset outside 13 to 21.
 */
export async function exportOnnx(generator: Generator, options: ExportOnnxOptions = {}): Promise<Uint8Array> {
  checkOptions('exportOnnx', options, {
    labels: 'optional',
    vectors: 'optional',
    images: 'optional',
    opset: 'optional',
  });
  const { labels, vectors, images, opset = 17 } = options;
  if (labels !== undefined) checkOptions('labels', labels, { classes: 'required' });
  if (vectors !== undefined) checkOptions('vectors', vectors, { length: 'required' });
  if (images !== undefined) checkOptions('images', images, { shape: 'required' });
  if (!Number.isInteger(opset) || opset < oldestOpset || opset > newestOpset) {
    throw new GanKitError('invalid-argument', `opset must be from ${oldestOpset} to ${newestOpset}, not ${opset}.`, {
      value: opset,
    });
  }
  if (labels !== undefined) checkInteger('labels.classes', labels.classes);
  if (vectors !== undefined) checkInteger('vectors.length', vectors.length);
  for (const size of images?.shape ?? []) checkInteger('Each size of images.shape', size);
  const traces = [
    await traceGenerator(generator, tracedBatches[0], options),
    await traceGenerator(generator, tracedBatches[1], options),
  ] as const;

  const graph = new Graph(opset);
  const modelInputs: OnnxValue[] = [
    { name: 'latent', type: 'float32', dims: ['batch', ...generator.latentShape] },
    ...(labels ? [{ name: 'label', type: 'int64', dims: ['batch'] } as const] : []),
    ...(vectors ? [{ name: 'vector', type: 'float32', dims: ['batch', vectors.length] } as const] : []),
    ...(images ? [{ name: 'image', type: 'float32', dims: ['batch', ...images.shape] } as const] : []),
  ];
  for (const name of [...modelInputs.map((input) => input.name), 'samples']) graph.claim(name);
  const batch: Dimension = { timesBatch: 1 };
  const inputs: Record<string, Value> = {};
  for (const { name, type, dims } of modelInputs) {
    const shape = dims.map((size) => (typeof size === 'number' ? size : batch));
    inputs[name] =
      type === 'int64'
        ? { shape, type: 'int32', names: { channelsLast: graph.node('Cast', [name], { to: elementTypes.int32 }) } }
        : { shape, type: 'float32', names: { channelsLast: name } };
  }
  const translation = new Translation(graph, inputs);
  const longest = Math.max(...traces.map(({ kernels }) => kernels.length));
  for (let index = 0; index < longest; index++) {
    const kernel =
      traces[0].kernels[index] ?? refuse('The generator runs different operations for different batch sizes');
    translation.kernel(kernel, traces[1].kernels[index]);
  }
  const samples = translation.value(traces[0].result, traces[1].result);
  const expected: readonly Dimension[] = [batch, ...generator.outputShape];
  const fits =
    samples.shape.length === expected.length &&
    samples.shape.every((size, axis) => sameDimension(size, expected[axis]!));
  if (!fits || samples.type !== 'float32') {
    throw new GanKitError(
      'invalid-shape',
      `${generator.name} says that its samples have shape [${generator.outputShape}], but it gave others; correct its outputShape.`,
    );
  }
  graph.node('Identity', [graph.name(samples)], {}, 'samples');
  return encodeOnnxModel({
    name: generator.name,
    opset,
    ...graph.finish('samples'),
    inputs: modelInputs,
    outputs: [{ name: 'samples', type: 'float32', dims: ['batch', ...generator.outputShape] }],
    metadata: {
      latent_distribution: generator.latentDistribution ?? 'normal',
      ...(labels !== undefined && { classes: String(labels.classes) }),
    },
  });
}
