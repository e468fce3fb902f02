// Players from plain functions of tensors and the variables that they use.
import {
  checkBatch,
  type Discriminator,
  type DiscriminatorHead,
  type DiscriminatorOutput,
  type ForwardOptions,
  formatShape,
  GanKitError,
  type Generator,
  type LatentDistribution,
  type NamedVariable,
  type Network,
  type Stateful,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { callOptions } from './generator-from-layers.ts';

/** What a function is told: {@link ForwardOptions} with `updateState` filled in. */
export type FunctionOptions = ForwardOptions & { readonly updateState: boolean };

interface NetworkFromFunctionOptions {
  /** A short name for messages. */
  readonly name: string;
  /**
   * Every variable that the function reads, under a name that is the same in every process. Those made with `trainable: false`
   * (moving averages) are saved but not trained. The player owns them: its `dispose` frees them.
   */
  readonly variables: Readonly<Record<string, tf.Variable>>;
  /** State besides the variables, for checkpoints: a random stream, say. */
  readonly state?: Stateful;
}

export interface GeneratorFromFunctionOptions extends NetworkFromFunctionOptions {
  /** Shape of one latent without the batch axis. */
  readonly latentShape: readonly number[];
  /** How latents are drawn; `normal` by default. */
  readonly latentDistribution?: LatentDistribution;
  /** Shape of one sample without the batch axis. */
  readonly outputShape: readonly number[];
  /** Samples [batch, ...outputShape] of latents [batch, ...latentShape]. It runs inside a `tf.tidy`. */
  generate(latent: tf.Tensor, options: FunctionOptions): tf.Tensor;
}

export interface DiscriminatorFromFunctionOptions extends NetworkFromFunctionOptions {
  /** Shape of one sample without the batch axis. */
  readonly inputShape: readonly number[];
  /** What the logits mean; `logit` by default. */
  readonly verdict?: NonNullable<Discriminator['verdict']>;
  /** The optional outputs that the function gives; none by default. */
  readonly heads?: readonly DiscriminatorHead[];
  /** The logits of samples [batch, ...inputShape], or logits and heads. It runs inside a `tf.tidy`. */
  discriminate(samples: tf.Tensor, options: FunctionOptions): tf.Tensor | DiscriminatorOutput;
}

function network({ name, variables, state }: NetworkFromFunctionOptions): Network & Partial<Stateful> {
  const named = Object.entries(variables).map(
    ([variableName, variable]): NamedVariable => ({ name: variableName, variable, trainable: variable.trainable }),
  );
  return {
    name,
    variables: named,
    ...(state === undefined
      ? {}
      : { saveState: () => state.saveState(), loadState: (saved) => state.loadState(saved) }),
    dispose() {
      for (const { variable } of named) variable.dispose();
    },
  };
}

/**
 * Makes a generator of a function. Every result is checked against `outputShape`.
 * @example
 * const scale = tf.variable(tf.ones([2]));
 * const generator = generatorFromFunction({
 *   name: 'scaled-noise', latentShape: [2], outputShape: [2], variables: { scale }, generate: (latent) => latent.mul(scale),
 * });
 */
export function generatorFromFunction(options: GeneratorFromFunctionOptions): Generator {
  const { name, latentShape, latentDistribution = 'normal', outputShape, generate } = options;
  return {
    ...network(options),
    latentShape,
    latentDistribution,
    outputShape,
    generate(latent, forward) {
      checkBatch(`The latent of ${name}`, latent, latentShape);
      return tf.tidy(() => {
        const samples = generate(latent, callOptions(forward));
        checkBatch(`The output of ${name}`, samples, outputShape);
        checkBatchSize(`The output of ${name}`, samples, latent);
        // A clone, so that a function may hand back its input or a variable.
        return samples.clone();
      });
    },
  };
}

function checkBatchSize(what: string, output: tf.Tensor, input: tf.Tensor): void {
  if (output.shape[0] === input.shape[0]) return;
  throw new GanKitError(
    'invalid-shape',
    `${what} has shape ${formatShape(output.shape)} for a batch of ${input.shape[0]}; its first axis must be the batch.`,
    { value: output.shape },
  );
}

/**
 * Makes a discriminator of a function that gives logits (no sigmoid at the end). Every result is checked: the batch must be its
 * first axis, two-class logits [batch, 2], and the declared heads there. With `features`, give as the last of them the activation
 * that the logits are read from, as [batch, channels]: heads for classes are built on it.
 */
export function discriminatorFromFunction(options: DiscriminatorFromFunctionOptions): Discriminator {
  const { name, inputShape, verdict = 'logit', heads = [], discriminate } = options;
  return {
    ...network(options),
    inputShape,
    verdict,
    heads,
    discriminate(samples, forward) {
      checkBatch(`The input of ${name}`, samples, inputShape);
      const kept: tf.Tensor[] = [];
      const keep = <T extends tf.Tensor>(tensor: T): T => {
        const own = tensor.clone() as T;
        kept.push(own);
        return own;
      };
      const hold: { output?: DiscriminatorOutput } = {};
      tf.tidy(() => {
        const result = discriminate(samples, callOptions(forward));
        const output: DiscriminatorOutput = 'logits' in result ? result : { logits: result };
        const tensors = [output.logits, ...heads.flatMap((head) => headTensors(name, head, output))];
        for (const tensor of tensors) checkBatchSize(`An output of ${name}`, tensor, samples);
        if (verdict === 'two-class') checkBatch(`The logits of ${name}`, output.logits, [2]);
        hold.output = {
          logits: keep(output.logits),
          ...(heads.includes('features') ? { features: output.features!.map((feature) => keep(feature)) } : {}),
          ...(heads.includes('classLogits') ? { classLogits: keep(output.classLogits!) } : {}),
        };
        return kept;
      });
      return hold.output!;
    },
  };
}

/**
 * The tensors of a head.
 * @throws GanKitError `incompatible` when the function declares it and does not give it.
 */
function headTensors(name: string, head: DiscriminatorHead, output: DiscriminatorOutput): readonly tf.Tensor[] {
  const tensors = head === 'features' ? output.features : output.classLogits && [output.classLogits];
  if (tensors !== undefined && tensors.length > 0) return tensors;
  throw new GanKitError(
    'incompatible',
    `${name} declares the head '${head}' and does not give it; return it or leave it out.`,
  );
}
