// A convolutional, conditional GAN so small that its training can be known beforehand: the generator has a dense layer, which is told
// the class as a one-hot, batch normalisation and a transposed convolution; the discriminator a convolution, a dense layer and a
// projection on the class; non-saturating loss, plain gradient descent (Adam's first steps depend on the sign of gradients near zero,
// which no two backends share).

import { sgd } from '@gankit/engine';
import * as tf from '@tensorflow/tfjs';
import { sequenceTensor } from './sequence.ts';

const batch = 4;
const latentSize = 6;
const classes = 3;
const learningRate = 0.2;

const generatorShapes = {
  dense: [latentSize + classes, 4 * 4 * 4],
  scale: [4],
  offset: [4],
  deconv: [4, 4, 1, 4],
} as const;
const discriminatorShapes = {
  conv: [4, 4, 1, 4],
  bias: [4],
  dense: [4 * 4 * 4, 1],
  embedding: [classes, 4 * 4 * 4],
} as const;

type Weights<Shapes> = { readonly [Name in keyof Shapes]: tf.Variable };

/** Weights from sine sequences; the scale of batch normalisation starts around 1. */
function makeWeights<Shapes extends Readonly<Record<string, readonly number[]>>>(
  shapes: Shapes,
  firstPhase: number,
): Weights<Shapes> {
  return tf.tidy(() => {
    const entries = Object.entries(shapes).map(([name, shape], index) => {
      const values = sequenceTensor(shape, firstPhase + index, 0.3);
      return [name, tf.variable(name === 'scale' ? tf.add(values, 1) : values, true)];
    });
    return Object.fromEntries(entries) as Weights<Shapes>;
  });
}

/** The classes of the samples of a step. */
function labelsOf(step: number): tf.Tensor1D {
  return tf.tensor1d(
    Array.from({ length: batch }, (_, row) => (step + row) % classes),
    'int32',
  );
}

/** What is compared with the recorded run. */
export interface TinyGanOutcome {
  /** Discriminator loss and generator loss of each step, in turn. */
  readonly losses: number[];
  /** What the trained generator makes of the first latents. */
  readonly samples: ArrayLike<number>;
}

/** The two players, ready to be trained step by step. */
export class TinyGan {
  readonly #generator = makeWeights(generatorShapes, 0.1);
  readonly #discriminator = makeWeights(discriminatorShapes, 0.6);
  readonly #generatorOptimizer = sgd({ learningRate });
  readonly #discriminatorOptimizer = sgd({ learningRate });

  #generate(step: number): tf.Tensor4D {
    const { dense, scale, offset, deconv } = this.#generator;
    const latent = sequenceTensor([batch, latentSize], 2 + step) as tf.Tensor2D;
    const told = tf.concat([latent, tf.cast(tf.oneHot(labelsOf(step), classes), 'float32')], 1);
    const hidden = tf.reshape(tf.matMul(told, dense as tf.Tensor), [batch, 4, 4, 4]);
    const { mean, variance } = tf.moments(hidden, [0, 1, 2]);
    const normalised = tf
      .sub(hidden, mean)
      .mul(tf.rsqrt(tf.add(variance, 1e-3)))
      .mul(scale)
      .add(offset);
    const active = tf.relu(normalised) as tf.Tensor4D;
    return tf.tanh(tf.conv2dTranspose(active, deconv as tf.Tensor as tf.Tensor4D, [batch, 8, 8, 1], 2, 'same'));
  }

  #discriminate(samples: tf.Tensor4D, step: number): tf.Tensor {
    const { conv, bias, dense, embedding } = this.#discriminator;
    const maps = tf.leakyRelu(tf.add(tf.conv2d(samples, conv as tf.Tensor as tf.Tensor4D, 2, 'same'), bias), 0.2);
    const features = tf.reshape(maps, [batch, 4 * 4 * 4]);
    const projection = tf.sum(tf.mul(features, tf.gather(embedding, labelsOf(step))), 1, true);
    return tf.add(tf.matMul(features, dense as tf.Tensor), projection);
  }

  /** One update of the discriminator and one of the generator; the caller owns the two losses. */
  step(step: number): [tf.Scalar, tf.Scalar] {
    return tf.tidy(() => {
      const real = sequenceTensor([batch, 8, 8, 1], 5 + step, 0.8) as tf.Tensor4D;
      const fake = this.#generate(step);
      const discriminatorLoss = this.#update(this.#discriminator, this.#discriminatorOptimizer, () =>
        tf.add(
          tf.mean(tf.softplus(tf.neg(this.#discriminate(real, step)))),
          tf.mean(tf.softplus(this.#discriminate(fake, step))),
        ),
      );
      const generatorLoss = this.#update(this.#generator, this.#generatorOptimizer, () =>
        tf.mean(tf.softplus(tf.neg(this.#discriminate(this.#generate(step), step)))),
      );
      return [discriminatorLoss, generatorLoss];
    });
  }

  #update(weights: Readonly<Record<string, tf.Variable>>, optimizer: ReturnType<typeof sgd>, loss: () => tf.Tensor) {
    const { value, grads } = tf.variableGrads(() => loss() as tf.Scalar, Object.values(weights));
    optimizer.applyGradients(
      Object.entries(weights).map(([name, variable]) => ({ name, variable, gradient: grads[variable.name]! })),
    );
    return value;
  }

  /** Trains for `steps` steps and reads the outcome. */
  async train(steps: number): Promise<TinyGanOutcome> {
    const losses: number[] = [];
    for (let step = 0; step < steps; step++) {
      const pair = this.step(step);
      for (const loss of pair) losses.push((await loss.data())[0]!);
      tf.dispose(pair);
    }
    const samples = tf.tidy(() => this.#generate(0));
    const values = await samples.data();
    samples.dispose();
    return { losses, samples: values };
  }

  dispose(): void {
    tf.dispose([...Object.values(this.#generator), ...Object.values(this.#discriminator)]);
    this.#generatorOptimizer.dispose();
    this.#discriminatorOptimizer.dispose();
  }
}
