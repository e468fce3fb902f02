// Players from plain functions of tensors and the variables that they use.
import {
  type ConditionNeed,
  checkBatch,
  checkChoice,
  checkOptions,
  type Discriminator,
  type DiscriminatorOutput,
  type ForwardOptions,
  formatShape,
  GanKitError,
  type Generator,
  type LatentDistribution,
  mapOutput,
  type NamedVariable,
  type Network,
  outputTensors,
  type Stateful,
  tidyOutput,
  type Verdict,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { type CallOptions, callOptions } from './call-options.ts';
import { latentDistributions, verdicts } from './choices.ts';
import { lifetime } from './lifetime.ts';
import { checkSampleShape } from './sample-shape.ts';
import { type StartingWeights, startingWeightNames, startWeights } from './starting-weights.ts';
import { withChanges } from './with-changes.ts';

/** What a function is told: {@link ForwardOptions} with `updateState` filled in. */
export type FunctionOptions = CallOptions;

interface NetworkFromFunctionOptions extends StartingWeights {
  /** A short name for messages. */
  readonly name: string;
  /**
   * Every variable that the function reads, under a name that is the same in every process. Those made with `trainable: false`
   * (moving averages) are saved but not trained. The player owns them: its `dispose` frees them.
   */
  readonly variables: Readonly<Record<string, tf.Variable>>;
  /** What the function must be told about each sample: nothing for `[]`; unknown when absent. */
  readonly needs?: readonly ConditionNeed[] | undefined;
  /** State besides the variables, for checkpoints: a random stream, say. */
  readonly state?: Stateful | undefined;
}

const networkNames = {
  ...startingWeightNames,
  name: 'required',
  variables: 'required',
  needs: 'optional',
  state: 'optional',
} as const;

export interface GeneratorFromFunctionOptions extends NetworkFromFunctionOptions {
  /** Shape of one latent without the batch axis. */
  readonly latentShape: readonly number[];
  /** How latents are drawn; `normal` by default. */
  readonly latentDistribution?: LatentDistribution | undefined;
  /** Shape of one sample without the batch axis. */
  readonly outputShape: readonly number[];
  /** Samples [batch, ...outputShape] of latents [batch, ...latentShape]. It runs inside a `tf.tidy`. */
  generate(latent: tf.Tensor, options: FunctionOptions): tf.Tensor;
}

export interface DiscriminatorFromFunctionOptions extends NetworkFromFunctionOptions {
  /** Shape of one sample without the batch axis. */
  readonly inputShape: readonly number[];
  /** What the logits mean; `logit` by default. */
  readonly verdict?: Verdict | undefined;
  /** The optional outputs that the function gives, `features` and heads by name: `['features', 'class']`; none by default. */
  readonly heads?: readonly string[] | undefined;
  /**
   * The logits of samples [batch, ...inputShape], or logits with what is declared: `{ logits, features, heads: { class } }`. It runs
   * inside a `tf.tidy`.
   */
  discriminate(samples: tf.Tensor, options: FunctionOptions): tf.Tensor | DiscriminatorOutput;
}

/** @throws GanKitError `invalid-argument` for what is no variable, `incompatible` for one that stands under two names. */
function checkVariables(name: string, variables: Readonly<Record<string, tf.Variable>>): void {
  const names = new Map<tf.Variable, string>();
  for (const [variableName, variable] of Object.entries(variables)) {
    if (!(variable instanceof tf.Variable)) {
      throw new GanKitError(
        'invalid-argument',
        `'${variableName}' of ${name} is no tf.Variable; make one with tf.variable.`,
        { value: variableName },
      );
    }
    const before = names.get(variable);
    if (before !== undefined) {
      throw new GanKitError(
        'incompatible',
        `'${before}' and '${variableName}' of ${name} are one variable, which would be trained twice; name it once.`,
        { value: variableName },
      );
    }
    names.set(variable, variableName);
  }
}

function networkOf(kind: 'generator' | 'discriminator', options: NetworkFromFunctionOptions) {
  const { name, variables, needs, state } = options;
  checkVariables(name, variables);
  const entries = Object.entries(variables);
  const named = () =>
    entries.map(([variableName, variable]): NamedVariable => {
      return { name: variableName, variable, trainable: variable.trainable };
    });
  startWeights(kind, name, named(), options);
  const life = lifetime(
    name,
    () => {
      for (const [, variable] of entries) if (!variable.isDisposed) variable.dispose();
    },
    () => entries.some(([, variable]) => variable.isDisposed),
  );
  const network: Network & Disposable & Partial<Stateful> = {
    name,
    needs,
    get variables() {
      life.check();
      return named();
    },
    ...(state && { saveState: () => state.saveState(), loadState: (saved) => state.loadState(saved) }),
    ...life.end,
  };
  return { network, checkAlive: life.check };
}

/**
 * Makes a generator of a function. Every result is checked against `outputShape`.
 * @throws GanKitError `invalid-argument` for what is no variable, `incompatible` for a variable under two names and for an
 *   initialisation that fills nothing.
 * @example
 * const scale = tf.variable(tf.ones([2]));
 * const generator = generatorFromFunction({
 *   name: 'scaled-noise', latentShape: [2], outputShape: [2], variables: { scale }, generate: (latent) => latent.mul(scale),
 * });
 */
export function generatorFromFunction(options: GeneratorFromFunctionOptions): Generator & Disposable {
  checkOptions('generatorFromFunction', options, {
    ...networkNames,
    latentShape: 'required',
    latentDistribution: 'optional',
    outputShape: 'required',
    generate: 'required',
  });
  const { name, latentShape, latentDistribution = 'normal', outputShape, generate } = options;
  checkSampleShape('latentShape', latentShape);
  checkSampleShape('outputShape', outputShape);
  checkChoice('latent distribution', latentDistribution, latentDistributions);
  const { network, checkAlive } = networkOf('generator', options);
  return withChanges(network, {
    latentShape,
    latentDistribution,
    outputShape,
    generate(latent: tf.Tensor, forward: ForwardOptions) {
      checkAlive();
      checkBatch(`The latent of ${name}`, latent, latentShape);
      return tf.tidy(() => {
        const samples = generate(latent, callOptions(forward));
        checkBatch(`The output of ${name}`, samples, outputShape);
        checkBatchSize(`The output of ${name}`, samples, latent);
        // A clone, so that a function may hand back its input or a variable.
        return samples.clone();
      });
    },
  });
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
 * first axis, two-class logits [batch, 2], and what is declared in `heads` there and nothing else. With `features`, give as the last
 * of them the activation that the logits are read from, as [batch, channels]: heads for classes are built on it.
 * @throws GanKitError as {@link generatorFromFunction}.
 */
export function discriminatorFromFunction(options: DiscriminatorFromFunctionOptions): Discriminator & Disposable {
  checkOptions('discriminatorFromFunction', options, {
    ...networkNames,
    inputShape: 'required',
    verdict: 'optional',
    heads: 'optional',
    discriminate: 'required',
  });
  const { name, inputShape, verdict = 'logit', heads = [], discriminate } = options;
  checkSampleShape('inputShape', inputShape);
  checkChoice('verdict', verdict, verdicts);
  const { network, checkAlive } = networkOf('discriminator', options);
  return withChanges(network, {
    inputShape,
    verdict,
    heads,
    discriminate(samples: tf.Tensor, forward: ForwardOptions) {
      checkAlive();
      checkBatch(`The input of ${name}`, samples, inputShape);
      return tidyOutput(() => {
        const result = discriminate(samples, callOptions(forward));
        const output: DiscriminatorOutput = 'logits' in result ? result : { logits: result };
        checkHeads(name, heads, output);
        for (const tensor of outputTensors(output)) checkBatchSize(`An output of ${name}`, tensor, samples);
        if (verdict === 'two-class') checkBatch(`The logits of ${name}`, output.logits, [2]);
        // Clones, so that a function may hand back its input or a variable.
        return mapOutput(output, (tensor) => tensor.clone() as typeof tensor);
      });
    },
  });
}

/** @throws GanKitError `incompatible` when the function does not give what it declares, or gives what it does not declare. */
function checkHeads(name: string, heads: readonly string[], output: DiscriminatorOutput): void {
  const given = [...((output.features ?? []).length === 0 ? [] : ['features']), ...Object.keys(output.heads ?? {})];
  const missing = heads.find((head) => !given.includes(head));
  if (missing !== undefined) {
    throw new GanKitError(
      'incompatible',
      `${name} declares the head '${missing}' and does not give it; return it or leave it out.`,
      { value: missing },
    );
  }
  const undeclared = given.find((head) => !heads.includes(head));
  if (undeclared === undefined) return;
  throw new GanKitError(
    'incompatible',
    `${name} gives the head '${undeclared}' and does not declare it; name it in \`heads\` or leave it out.`,
    { value: undeclared },
  );
}
