// A class as a vector: one-hot, or a row of a learned table.
import { checkInteger, checkOptions, type NamedVariable, type RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** A table with a row for each class, learned with the network that it belongs to. */
export interface LearnedEmbedding {
  /** Numbers in a row. */
  readonly size: number;
  /** Where the rows come from: N(0, 1), as PyTorch's `nn.Embedding` starts. They are drawn from a fork of it. */
  readonly random: RandomStream;
}

/** How a network is told the class. */
export type EmbeddingOption = 'one-hot' | LearnedEmbedding;

/** Class weights to vectors. */
export interface LabelEmbedding {
  /** Length of a vector. */
  readonly width: number;
  readonly variables: readonly NamedVariable[];
  /** @param weights float32 [batch, classes], one-hot for a sample of one class. @returns float32 [batch, width]. */
  embed(weights: tf.Tensor2D): tf.Tensor2D;
}

/** Name of the table among the variables of the network around it. */
const tableName = 'label-embedding';

/** The length of the vectors. */
export function embeddingWidth(classes: number, embedding: EmbeddingOption): number {
  if (embedding === 'one-hot') return classes;
  checkOptions('embedding', embedding, { size: 'required', random: 'required' });
  checkInteger('the size of the embedding', embedding.size);
  return embedding.size;
}

/**
 * A product with the table instead of a lookup: a sample between two classes then has the embedding between theirs, and the
 * gradient needs no kernel that some backends lack.
 */
export function labelEmbedding(classes: number, embedding: EmbeddingOption): LabelEmbedding {
  const width = embeddingWidth(classes, embedding);
  if (embedding === 'one-hot') return { width, variables: [], embed: (weights) => weights };
  const table = tf.tidy(() => tf.variable(embedding.random.fork(tableName).normalTensor<tf.Rank.R2>([classes, width])));
  return {
    width,
    variables: [{ name: tableName, variable: table, trainable: true }],
    embed: (weights) => tf.matMul(weights, table),
  };
}
