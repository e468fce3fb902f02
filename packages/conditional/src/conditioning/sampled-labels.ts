// Labels for generated samples, drawn from a distribution; real samples keep theirs.
import {
  type Conditioning,
  checkChoice,
  checkNumber,
  checkOptions,
  GanKitError,
  gatherRows,
  type Json,
  ownRows,
  type RandomStream,
  type Stateful,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { checkClasses } from '../labels.ts';
import { batchLabels, labelsForBoth } from './batch-labels.ts';

/** Options of {@link sampledLabels}. */
export interface SampledLabelsOptions {
  /** Number of classes. */
  readonly classes: number;
  /**
   * - `uniform` (the default): each label on its own, all classes equally likely.
   * - `balanced`: dealt from a shuffled deck that holds each class once, so that over any time no class comes up more than one
   *   time more often than another within a deck.
   * - `empirical`: the labels of the real batch in another order: as frequent as in the data, and independent of the real samples.
   * - numbers, one for each class: how often each class is to come up, for example its count in a data set; they need no sum.
   */
  readonly distribution?: 'uniform' | 'balanced' | 'empirical' | readonly number[] | undefined;
}

type Draw = (random: RandomStream) => number;

/** One draw from a distribution given by weights, by its inverse. */
function weighted(weights: readonly number[]): Draw {
  let total = 0;
  const upTo = weights.map((weight) => {
    total += weight;
    return total;
  });
  const last = upTo.indexOf(total);
  return (random) => {
    const point = random.uniform() * total;
    const found = upTo.findIndex((bound) => point < bound);
    return found < 0 ? last : found;
  };
}

function checkWeights(weights: readonly number[], classes: number): void {
  if (weights.length !== classes) {
    throw new GanKitError(
      'incompatible',
      `The distribution has ${weights.length} numbers for ${classes} classes; give one for each class.`,
      { value: weights.length },
    );
  }
  weights.forEach((weight, label) => {
    checkNumber(`distribution[${label}]`, weight, 0);
  });
  if (weights.every((weight) => weight === 0)) {
    throw new GanKitError(
      'invalid-argument',
      'Every class has frequency 0; give at least one class a positive number.',
    );
  }
}

/**
 * Generated samples get labels that are drawn; real samples keep those of the data.
 *
 * Needed where the classes asked of the generator shall not depend on those in the batch: rare classes are then trained as often as
 * frequent ones. `balanced` has state, the rest of its deck, and is saved and restored with the trainer. The labels of the data are
 * checked in every batch, which costs nothing for labels that come from memory (those that were computed on a GPU are waited for).
 * @throws GanKitError `incompatible` for numbers that are not one for each class and, when it is used, for data without labels;
 *   `invalid-argument` for a number below 0; `unknown-name` for another word; `invalid-data`, when it is used, for a label that is not from 0 to classes - 1.
 */
export function sampledLabels(options: SampledLabelsOptions): Conditioning {
  checkOptions('sampledLabels', options, { classes: 'required', distribution: 'optional' });
  const { classes, distribution = 'uniform' } = options;
  checkClasses(classes);
  if (typeof distribution === 'string') {
    checkChoice('distribution', distribution, ['uniform', 'balanced', 'empirical']);
  }
  const name = 'sampled-labels';
  if (distribution === 'empirical') {
    return {
      name,
      gives: labelsForBoth,
      condition(batch, random, communicator) {
        const labels = batchLabels(name, batch, classes);
        const all = gatherRows(labels, communicator);
        const order = tf.tensor1d(Int32Array.from(random.permutation(all.shape[0]!)), 'int32');
        return { real: { labels: labels.clone() }, fake: { labels: ownRows(tf.gather(all, order), communicator) } };
      },
    };
  }
  const conditioning = (draw: Draw): Conditioning => ({
    name,
    gives: labelsForBoth,
    condition(batch, random) {
      const labels = batchLabels(name, batch, classes);
      const drawn = Int32Array.from(random.perRow(labels.shape[0]!, () => draw(random)));
      return { real: { labels: labels.clone() }, fake: { labels: tf.tensor1d(drawn, 'int32') } };
    },
  });
  if (distribution === 'uniform') return conditioning((random) => random.integer(classes));
  if (distribution === 'balanced') return balanced(classes, conditioning);
  checkWeights(distribution, classes);
  return conditioning(weighted(distribution));
}

function balanced(classes: number, conditioning: (draw: Draw) => Conditioning): Conditioning & Stateful {
  let deck: number[] = [];
  return {
    ...conditioning((random) => {
      if (deck.length === 0) deck = [...random.permutation(classes)];
      return deck.pop()!;
    }),
    saveState: async () => ({ values: { deck: [...deck] } }),
    loadState({ values }) {
      const saved: Json | undefined = values?.['deck'];
      const isLabel = (label: Json) => Number.isInteger(label) && (label as number) >= 0 && (label as number) < classes;
      if (!Array.isArray(saved) || saved.length >= classes || !saved.every(isLabel)) {
        throw new GanKitError(
          'incompatible',
          `The saved state of sampled-labels has no deck of ${classes} classes; it belongs to another configuration.`,
          { value: saved },
        );
      }
      deck = [...(saved as number[])];
    },
  };
}
