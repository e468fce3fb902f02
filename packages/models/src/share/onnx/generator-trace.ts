// What a generator does with its inputs, as a list of kernels. What depends on the weights alone is a constant of the trace.
import { type Condition, drawLatent, GanKitError, type Generator, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { traceKernels } from '../../summary/kernel-trace.ts';

export type TracedType = 'float32' | 'int32' | 'bool';

/** A value that the trace found ready: a weight, or what was computed of weights. */
export interface TracedConstant {
  readonly kind: 'constant';
  readonly shape: readonly number[];
  readonly dtype: TracedType;
  readonly data: tf.TypedArray;
  /** The variable whose numbers these are, if they are one's. */
  readonly variable?: string | undefined;
}

/** The result of a kernel, or an input of the generator (`latent`, `label`, `vector`, `image`), by its key. */
export interface TracedReference {
  readonly kind: 'reference';
  readonly key: string;
}

export interface TracedOutput {
  readonly key: string;
  readonly shape: readonly number[];
  readonly dtype: TracedType;
}

export interface TracedKernel {
  readonly name: string;
  readonly inputs: Readonly<Record<string, TracedConstant | TracedReference>>;
  /** Shapes of the inputs by name. */
  readonly inputShapes: Readonly<Record<string, readonly number[]>>;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly outputs: readonly TracedOutput[];
}

export interface GeneratorTrace {
  readonly kernels: readonly TracedKernel[];
  readonly result: TracedConstant | TracedReference;
}

/** Kernels whose output holds the very numbers of their input. */
const renaming = new Set(['Reshape', 'ExpandDims', 'Identity']);

function tracedType(tensor: tf.Tensor): TracedType {
  const { dtype } = tensor;
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new GanKitError(
    'incompatible',
    `The generator computes with ${dtype} values, which cannot be exported to ONNX.`,
  );
}

/** A kernel with its tensors still alive. */
interface LiveKernel extends Omit<TracedKernel, 'inputs'> {
  readonly inputs: Readonly<Record<string, tf.Tensor | TracedReference>>;
}

async function readConstant(tensor: tf.Tensor, variable: string | undefined): Promise<TracedConstant> {
  const data = (await tensor.data<'float32'>()).slice();
  return { kind: 'constant', shape: tensor.shape, dtype: tracedType(tensor), data, variable };
}

/** What a conditional generator is told besides latents. */
export interface ConditionInputs {
  /** `condition.labels`: class indices, int32 [batch]. */
  readonly labels?: { readonly classes: number } | undefined;
  /** `condition.vectors`: float32 [batch, length]. */
  readonly vectors?: { readonly length: number } | undefined;
  /** `condition.images`: float32 [batch, height, width, channels]. */
  readonly images?: { readonly shape: readonly [height: number, width: number, channels: number] } | undefined;
}

/** A condition for a trace; different in batches of different sizes. */
function drawCondition({ labels, vectors, images }: ConditionInputs, batch: number): Condition {
  const random = new RandomStream(batch).fork('condition');
  const classes = Array.from({ length: batch }, (_, index) => (batch + index) % (labels?.classes ?? 1));
  return {
    labels: labels && tf.tensor1d(classes, 'int32'),
    vectors: vectors && random.uniformTensor<tf.Rank.R2>([batch, vectors.length], -1, 1),
    images: images && random.uniformTensor<tf.Rank.R4>([batch, ...images.shape], -1, 1),
  };
}

/**
 * Runs `generator` once, `training: false`, and lists the kernels whose result depends on the latent or the condition.
 * @param batch The number of samples.
 * @param inputs What else the generator is told.
 */
export async function traceGenerator(
  generator: Generator,
  batch: number,
  inputs: ConditionInputs,
): Promise<GeneratorTrace> {
  const variables = new Map(generator.variables.map(({ name, variable }) => [variable.id, name]));
  const live: LiveKernel[] = [];
  const constants = new Map<tf.Tensor, string | undefined>();
  const latent = drawLatent(generator, batch, new RandomStream(batch));
  const condition = drawCondition(inputs, batch);
  const { labels, vectors, images } = condition;
  const named = { latent, label: labels, vector: vectors, image: images };
  const keys = new Map<number, string>();
  for (const [name, tensor] of Object.entries(named)) if (tensor !== undefined) keys.set(tensor.id, name);
  const captured = new Map<number, tf.Tensor>();

  /** A copy of a constant that lives until it is read; the computation may dispose of its own. */
  const capture = (tensor: tf.Tensor): tf.Tensor => {
    const before = captured.get(tensor.id);
    if (before !== undefined) return before;
    const copy = tf.keep(tensor.clone());
    captured.set(tensor.id, copy);
    constants.set(copy, variables.get(tensor.id));
    return copy;
  };
  const observe: Parameters<typeof traceKernels>[1] = ({ name, inputs, attributes, outputs }) => {
    const entries = Object.entries(inputs);
    if (!entries.some(([, tensor]) => keys.has(tensor.id))) {
      const source = renaming.has(name) ? variables.get(entries[0]?.[1].id ?? -1) : undefined;
      if (source !== undefined) variables.set(outputs[0]!.id, source);
      return;
    }
    outputs.forEach((tensor, output) => {
      keys.set(tensor.id, `${live.length}.${output}`);
    });
    live.push({
      name,
      attributes: structuredClone(attributes),
      inputs: Object.fromEntries(
        entries.map(([input, tensor]) => {
          const key = keys.get(tensor.id);
          return [input, key === undefined ? capture(tensor) : { kind: 'reference', key }];
        }),
      ),
      inputShapes: Object.fromEntries(entries.map(([input, tensor]) => [input, tensor.shape.slice()])),
      outputs: outputs.map((tensor) => ({
        key: keys.get(tensor.id)!,
        shape: tensor.shape.slice(),
        dtype: tracedType(tensor),
      })),
    });
  };
  const conditional = keys.size > 1;
  const options = { training: false, updateState: false, condition: conditional ? condition : undefined };
  try {
    const result = tf.tidy(() => {
      const samples = traceKernels(() => generator.generate(latent, options), observe);
      const key = keys.get(samples.id);
      return key === undefined ? capture(samples) : key;
    });
    const read = new Map<tf.Tensor, TracedConstant>();
    for (const [tensor, variable] of constants) read.set(tensor, await readConstant(tensor, variable));
    const resolve = (value: tf.Tensor | TracedReference) => (value instanceof tf.Tensor ? read.get(value)! : value);
    return {
      kernels: live.map((kernel) => ({
        ...kernel,
        inputs: Object.fromEntries(Object.entries(kernel.inputs).map(([input, value]) => [input, resolve(value)])),
      })),
      result: typeof result === 'string' ? { kind: 'reference', key: result } : read.get(result)!,
    };
  } finally {
    tf.dispose([latent, labels ?? [], vectors ?? [], images ?? [], ...constants.keys()]);
  }
}
