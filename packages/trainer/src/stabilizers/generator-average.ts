// An exponential moving average of the generator's weights: the generator that is shown, never the one that learns.
import {
  checkNumber,
  checkOptions,
  disposable,
  type ForwardOptions,
  GanKitError,
  type Generator,
  type NamedVariable,
  restoreVariable,
  type Stateful,
  storeTensors,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** How long the average remembers: by updates, or by images whatever the batch size. */
export type GeneratorAverageOptions =
  | {
      /** What is kept of the average in each update, from 0 to below 1; 0.999 is usual. */
      readonly decay: number;
    }
  | {
      /** Real samples after which a weight's share in the average has halved, above 0. StyleGAN2 takes 10,000 for big sets. */
      readonly halfLife: number;
      /**
       * The half-life is at most this times the samples played so far, so that the average forgets the beginning at once; 0.05 in
       * StyleGAN2. None by default.
       */
      readonly rampUp?: number | undefined;
    };

/** The average of a generator's weights; see {@link generatorAverage}. */
export interface GeneratorAverage extends Stateful, Disposable {
  /** The generator whose weights are averaged. */
  readonly of: Generator;
  /** A generator with the averaged weights. It never trains; its `dispose` frees the averages. */
  readonly generator: Generator;
  /**
   * Moves the average towards the weights as they are now; call it after each generator update. Reads nothing back.
   * @param update `samples`: size of the batch; `samplesPlayed`: samples in all rounds since step 0, this batch included.
   */
  update(update: { readonly samples: number; readonly samplesPlayed: number }): void;
  dispose(): void;
}

/** How much of the average an update keeps. */
function decayOf(options: GeneratorAverageOptions) {
  if ('decay' in options) {
    const { decay } = options;
    checkNumber('decay', decay, 0, 1 - Number.EPSILON);
    return () => decay;
  }
  const { halfLife, rampUp } = options;
  checkNumber('halfLife', halfLife, Number.MIN_VALUE);
  if (rampUp !== undefined) checkNumber('rampUp', rampUp, Number.MIN_VALUE);
  return (samples: number, samplesPlayed: number) => {
    const remembered = rampUp === undefined ? halfLife : Math.min(halfLife, rampUp * samplesPlayed);
    return 0.5 ** (samples / Math.max(remembered, Number.MIN_VALUE));
  };
}

/**
 * Keeps an exponential moving average (EMA) of a generator's weights over time:
 *
 * average <- average + (1 - decay) (weight - average), with decay = 1/2 ^ (samples / half-life) when a half-life is given.
 *
 * It starts as a copy. Variables that are not trainable (moving statistics, power-iteration vectors) are copied in each update.
 * To generate, the averages are put into the generator's own variables for the length of the call, which is never a training
 * pass, and taken out again, also when it throws.
 * Source: Karras et al. 2018, section 3 (decay 0.999); StyleGAN2 (half-life and ramp-up).
 *
 * @param generator Stays with the caller, who disposes it after the average.
 * @throws GanKitError `invalid-argument` for options out of range.
 */
export function generatorAverage(generator: Generator, options: GeneratorAverageOptions): GeneratorAverage {
  checkOptions('generatorAverage', options, { decay: 'optional', halfLife: 'optional', rampUp: 'optional' });
  const decayFor = decayOf(options);
  const live = generator.variables;
  // Not trainable for TensorFlow.js, so that no optimiser that takes every variable of the process touches them.
  const averages: readonly NamedVariable[] = live.map(({ name, variable, trainable }) => {
    return { name, trainable, variable: tf.tidy(() => tf.variable(tf.clone(variable), false)) };
  });
  const freeing = disposable(() => tf.dispose(averages.map(({ variable }) => variable)));

  function withAverages<T>(run: () => T): T {
    const weights = live.map(({ variable }) => tf.keep(tf.clone(variable)));
    try {
      live.forEach(({ variable }, index) => {
        variable.assign(averages[index]!.variable);
      });
      return run();
    } finally {
      live.forEach(({ variable }, index) => {
        variable.assign(weights[index]!);
      });
      tf.dispose(weights);
    }
  }

  return {
    generator: {
      name: `${generator.name}-average`,
      latentShape: generator.latentShape,
      latentDistribution: generator.latentDistribution,
      outputShape: generator.outputShape,
      variables: averages,
      generate: (latent: tf.Tensor, forward: ForwardOptions) =>
        withAverages(() => generator.generate(latent, { ...forward, training: false, updateState: false })),
      needs: generator.needs,
      ...freeing,
    },
    update({ samples, samplesPlayed }) {
      checkNumber('samples', samples, 0);
      checkNumber('samplesPlayed', samplesPlayed, 0);
      const moved = 1 - decayFor(samples, samplesPlayed);
      tf.tidy(() => {
        averages.forEach(({ variable: average, trainable }, index) => {
          const { variable: weight } = live[index]!;
          average.assign(trainable ? tf.add(average, tf.mul(tf.sub(weight, average), moved)) : tf.clone(weight));
        });
      });
    },
    async saveState() {
      return {
        tensors: await storeTensors(Object.fromEntries(averages.map(({ name, variable }) => [name, variable]))),
      };
    },
    loadState({ tensors = {} }) {
      const names = new Set(averages.map(({ name }) => name));
      const unknown = Object.keys(tensors).find((name) => !names.has(name));
      if (unknown !== undefined) {
        throw new GanKitError(
          'incompatible',
          `The saved average has '${unknown}', which ${generator.name} does not have.`,
          {
            value: unknown,
          },
        );
      }
      for (const { name, variable } of averages) restoreVariable(variable, tensors[name], name);
    },
    of: generator,
    ...freeing,
  };
}
