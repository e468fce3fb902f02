// What a network is told about each sample, as one vector: the class's embedding and then the sample's own vector.
import { type Condition, checkInteger, GanKitError, type NamedVariable } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { checkClasses, checkVectors, classWeights } from '../labels.ts';
import { type EmbeddingOption, embeddingWidth, labelEmbedding } from './label-embedding.ts';

/** What a network is told; at least one of `classes` and `vectors`. */
export interface ToldVectorsOptions {
  /** Number of classes, when it is told the class. */
  readonly classes?: number;
  /** How it is told the class: `one-hot` (the default) or a learned table of vectors. */
  readonly embedding?: EmbeddingOption;
  /** Length of the vectors (codes, descriptions), when it is told any. */
  readonly vectors?: number;
}

/** Conditions to vectors. */
export interface ToldVectors {
  readonly variables: readonly NamedVariable[];
  /** float32 [batch, width]. @throws GanKitError when the condition lacks what is needed. */
  of(condition: Condition | undefined, batch: number): tf.Tensor2D;
}

/**
 * Length of what is told.
 * @param who The function whose options they are, for the error's sentence.
 * @throws GanKitError `invalid-argument` when it is nothing.
 */
export function toldWidth(who: string, options: ToldVectorsOptions): number {
  const { classes, embedding = 'one-hot', vectors = 0 } = options;
  checkInteger('vectors', vectors, 0);
  if (classes !== undefined) checkClasses(classes);
  if (classes !== undefined || vectors > 0) {
    return (classes === undefined ? 0 : embeddingWidth(classes, embedding)) + vectors;
  }
  throw new GanKitError('invalid-argument', `${who} needs classes, vectors or both: what the network is told.`);
}

/** @param who The network, for the sentences of errors. */
export function toldVectors(who: string, options: ToldVectorsOptions): ToldVectors {
  const { classes, embedding = 'one-hot', vectors = 0 } = options;
  const told = classes === undefined ? undefined : labelEmbedding(classes, embedding);
  const vectorsOf = (condition: Condition | undefined, batch: number): tf.Tensor2D => {
    if (condition?.vectors === undefined) {
      throw new GanKitError(
        'incompatible',
        `${who} needs a vector for each sample and was told none; give the trainer a conditioning such as codes(), or pass condition.vectors.`,
      );
    }
    const before = condition.labels === undefined ? (classes ?? 0) : 0;
    checkVectors(who, condition.vectors, batch, before + vectors);
    return before === 0 ? condition.vectors : tf.slice(condition.vectors, [0, before], [batch, vectors]);
  };
  return {
    variables: told?.variables ?? [],
    of(condition, batch) {
      const rows: tf.Tensor2D[] = [];
      if (told !== undefined) rows.push(told.embed(classWeights(who, condition, classes!, batch, vectors)));
      if (vectors > 0) rows.push(vectorsOf(condition, batch));
      return rows.length === 1 ? rows[0]! : tf.concat(rows, 1);
    },
  };
}
