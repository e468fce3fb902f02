// The projection discriminator (Miyato and Koyama 2018): the class enters by an inner product with the last feature.
import {
  checkOptions,
  type Discriminator,
  GanKitError,
  type NamedVariable,
  type RandomStream,
  tidyOutput,
  wrapDiscriminator,
} from '@gankit/core';
import { divideByNorm, powerIteration, spectralNorm } from '@gankit/engine/layers';
import { glorotInitialization, initialize } from '@gankit/models';
import * as tf from '@tensorflow/tfjs';
import { checkClasses, classReader } from '../labels.ts';
import { type FeatureVectorOptions, featureLength, featureVector } from './feature-vector.ts';

/** Options of {@link projectionDiscriminator}. */
export interface ProjectionDiscriminatorOptions extends FeatureVectorOptions {
  /** Number of classes. */
  readonly classes: number;
  /** Where the class vectors come from: Glorot's uniform distribution. They are drawn from a fork of it. */
  readonly random: RandomStream;
  /** Whether the table of class vectors is divided by its largest singular value, as in the paper; false by default. */
  readonly spectralNorm?: boolean | undefined;
}

/** Iterations of the singular vectors before the first use. */
const firstIterations = 15;

/** A table, and as an option the singular vectors that normalise it. */
function classVectors(classes: number, length: number, random: RandomStream, normalized: boolean) {
  const variable = (name: string, shape: number[], trainable: boolean): NamedVariable => {
    return { name, variable: tf.tidy(() => tf.variable(tf.zeros(shape), trainable)), trainable };
  };
  const kernel = variable('projection.kernel', [classes, length], true);
  initialize([kernel], glorotInitialization, random);
  const table = kernel.variable as tf.Variable<tf.Rank.R2>;
  if (!normalized) return { variables: [kernel], read: () => table, move() {} };

  const [u, v] = [variable('projection.u', [length], false), variable('projection.v', [classes], false)];
  const vectors = () => ({ u: u.variable as tf.Variable<tf.Rank.R1>, v: v.variable as tf.Variable<tf.Rank.R1> });
  const move = () =>
    tf.tidy(() => {
      const next = powerIteration(table, vectors());
      u.variable.assign(next.u);
      v.variable.assign(next.v);
    });
  for (const each of [u, v])
    tf.tidy(() => each.variable.assign(random.fork(each.name).normalTensor(each.variable.shape)));
  for (let iteration = 0; iteration < firstIterations; iteration++) move();
  return {
    variables: [kernel, u, v],
    read: () => divideByNorm<tf.Tensor2D>(table, spectralNorm(table, vectors())),
    move,
  };
}

/**
 * A discriminator that is told the class, of any that has features: its logit becomes
 *
 * logit(x) + <V_y, h(x)>,
 *
 * with h the last of the inner discriminator's features, the activation that its logit is read from, and V a learned table with a
 * vector for each class. Logits that are a map get the same number at every position. Works with every loss and penalty for logits,
 * gradient penalties included. Owns the inner discriminator.
 *
 * It reads `condition.labels`, or class weights in `condition.vectors`. With `spectralNorm` the singular vectors move once in an update
 * (`updateState`), like those of the engine's layer.
 *
 * Source: Miyato and Koyama 2018, equation 3 with the inner product of section 3.
 * @throws GanKitError `incompatible` when the inner discriminator has no features or gives another verdict than a logit.
 *   `discriminate` throws `incompatible` when it is told no class.
 */
export function projectionDiscriminator(
  inner: Discriminator,
  options: ProjectionDiscriminatorOptions,
): Discriminator & Disposable {
  checkOptions('projectionDiscriminator', options, {
    classes: 'required',
    random: 'required',
    spectralNorm: 'optional',
    pooling: 'optional',
  });
  const { classes, random, pooling, spectralNorm: normalized = false } = options;
  const name = `projection ${inner.name}`;
  checkClasses(classes);
  if ((inner.verdict ?? 'logit') !== 'logit') {
    throw new GanKitError(
      'incompatible',
      `A projection is added to one logit, and ${inner.name} gives ${inner.verdict === 'energy' ? 'an energy' : 'two units'}; use another discriminator, or concatenatedDiscriminator.`,
      { value: inner.verdict },
    );
  }
  const length = featureLength('projectionDiscriminator', inner, pooling);
  const weightsOf = classReader(name, classes);
  const table = classVectors(classes, length, random.fork('projection'), normalized);
  return wrapDiscriminator(inner, {
    name,
    needs: ['class'],
    own: table.variables,
    discriminate(samples, forward) {
      return tidyOutput(() => {
        const output = inner.discriminate(samples, forward);
        const h = featureVector(name, output, pooling);
        const batch = samples.shape[0]!;
        const weights = weightsOf(forward, batch);
        if (forward.updateState ?? forward.training) table.move();
        const projection = tf.sum(tf.mul(tf.matMul(weights, table.read()), h), 1);
        const shape = [batch, ...output.logits.shape.slice(1).map(() => 1)];
        return { ...output, logits: tf.add(output.logits, tf.reshape(projection, shape)) };
      });
    },
  });
}
