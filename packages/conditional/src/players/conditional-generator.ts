// Any generator, told the class, a code or a description of each sample through its latent.
import { type Condition, checkBatch, checkInteger, GanKitError, type Generator } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { checkClasses, checkVectors, classWeights } from '../labels.ts';
import { appendChannels, shapeWithout } from './append-channels.ts';
import { type EmbeddingOption, embeddingWidth, labelEmbedding } from './label-embedding.ts';
import { wrapGenerator } from './wrapped-player.ts';

/** Options of {@link conditionalGenerator}; at least one of `classes` and `vectors`. */
export interface ConditionalGeneratorOptions {
  /** Number of classes, when it is told the class. */
  readonly classes?: number;
  /** How it is told the class: `one-hot` (the default) or a learned table of vectors. */
  readonly embedding?: EmbeddingOption;
  /** Length of the vectors (codes, descriptions), when it is told any. */
  readonly vectors?: number;
}

/**
 * A generator that is told what to make, of any that is not: the class's embedding and the vector of each sample are appended to the
 * latent, to a vector as further numbers, to a matrix of noise as further channels that are the same at every position.
 *
 * The inner generator is made for the longer latent: with 10 classes as one-hot and a latent of 100, `latentSize: 110`. The wrapper's
 * own `latentShape` is `[100]`. It reads `condition.labels`, or when there are none the first columns of `condition.vectors` as
 * weights of the classes, so that a sample can lie between two; its own vectors follow them then. The condition goes to the inner
 * generator as well. Owns the inner generator.
 *
 * Sources: Mirza and Osindero 2014 (labels), Chen et al. 2016 (codes).
 * @throws GanKitError `incompatible` when the latent has no room for the condition, `invalid-argument` without classes and vectors.
 *   `generate` throws `incompatible` when it is not told what it needs, `invalid-shape` when that has another shape.
 */
export function conditionalGenerator(inner: Generator, options: ConditionalGeneratorOptions): Generator {
  const { classes, embedding = 'one-hot', vectors = 0 } = options;
  const name = `conditional ${inner.name}`;
  checkInteger('vectors', vectors, 0);
  if (classes !== undefined) checkClasses(classes);
  if (classes === undefined && vectors === 0) {
    throw new GanKitError(
      'invalid-argument',
      'conditionalGenerator needs classes, vectors or both: what the generator is told.',
    );
  }
  const width = classes === undefined ? 0 : embeddingWidth(classes, embedding);
  const latentShape = shapeWithout(`The latent of ${inner.name}`, inner.latentShape, width + vectors);
  const told = classes === undefined ? undefined : labelEmbedding(classes, embedding);
  const vectorsOf = (condition: Condition | undefined, batch: number): tf.Tensor2D => {
    if (condition?.vectors === undefined) {
      throw new GanKitError(
        'incompatible',
        `${name} needs a vector for each sample and was told none; give the trainer a conditioning such as codes(), or pass condition.vectors.`,
      );
    }
    const before = condition.labels === undefined ? (classes ?? 0) : 0;
    checkVectors(name, condition.vectors, batch, before + vectors);
    return before === 0 ? condition.vectors : tf.slice(condition.vectors, [0, before], [batch, vectors]);
  };
  return wrapGenerator(inner, {
    name,
    latentShape,
    own: told?.variables ?? [],
    generate(latent, forward) {
      checkBatch(`The latent of ${name}`, latent, latentShape);
      const batch = latent.shape[0]!;
      return tf.tidy(() => {
        const rows: tf.Tensor2D[] = [];
        if (told !== undefined) rows.push(told.embed(classWeights(name, forward.condition, classes!, batch, vectors)));
        if (vectors > 0) rows.push(vectorsOf(forward.condition, batch));
        return inner.generate(appendChannels(latent, rows.length === 1 ? rows[0]! : tf.concat(rows, 1)), forward);
      });
    },
  });
}
