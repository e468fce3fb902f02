// What a network is told about each sample, as one vector: the class's embedding and then the sample's own vector.
import { type Condition, type ConditionNeed, checkInteger, GanKitError, type NamedVariable } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { checkClasses, checkVectors, classReader, type ToldClass } from '../labels.ts';
import { type EmbeddingOption, embeddingWidth, labelEmbedding } from './label-embedding.ts';

/** What a network is told; at least one of `classes` and `vectors`. */
export interface ToldVectorsOptions {
  /** Number of classes, when it is told the class. */
  readonly classes?: number | undefined;
  /** How it is told the class: `one-hot` (the default) or a learned table of vectors. */
  readonly embedding?: EmbeddingOption | undefined;
  /** Length of the vectors (codes, descriptions), when it is told any. */
  readonly vectors?: number | undefined;
}

/** The names of these options, for a player's own list. */
export const toldNames = { classes: 'optional', embedding: 'optional', vectors: 'optional' } as const;

/** Conditions to vectors. */
export interface ToldVectors {
  readonly variables: readonly NamedVariable[];
  readonly needs: readonly ConditionNeed[];
  /** float32 [batch, width]. @throws GanKitError when the condition lacks what is needed, or a label is no class. */
  of(forward: ToldClass, batch: number): tf.Tensor2D;
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

/**
 * A learned table is drawn from a fork called after the kind of player, so that two players with one stream start with tables of
 * their own.
 * @param who The network, for the sentences of errors.
 * @param kind What kind of player it is.
 */
export function toldVectors(who: string, kind: string, options: ToldVectorsOptions): ToldVectors {
  const { classes, embedding = 'one-hot', vectors = 0 } = options;
  const own = embedding === 'one-hot' ? embedding : { ...embedding, random: embedding.random.fork(kind) };
  const told = classes === undefined ? undefined : labelEmbedding(classes, own);
  const weightsOf = classes === undefined ? undefined : classReader(who, classes);
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
    needs: [...(classes === undefined ? [] : ['class' as const]), ...(vectors > 0 ? ['vectors' as const] : [])],
    of(forward, batch) {
      const rows: tf.Tensor2D[] = [];
      if (told !== undefined && weightsOf !== undefined) rows.push(told.embed(weightsOf(forward, batch, vectors)));
      if (vectors > 0) rows.push(vectorsOf(forward.condition, batch));
      return rows.length === 1 ? rows[0]! : tf.concat(rows, 1);
    },
  };
}
