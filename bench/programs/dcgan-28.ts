/** One training step of a DCGAN on 28x28 images, batch 64, as a tf.layers user writes it. Twin of `pytorch/dcgan_28.py`. */

import * as tf from '@tensorflow/tfjs';

export const BATCH = 64;
const LATENT = 100;

function generator(): tf.Sequential {
  const init = (seed: number) => tf.initializers.randomNormal({ stddev: 0.02, seed });
  return tf.sequential({
    layers: [
      tf.layers.dense({ units: 7 * 7 * 128, inputShape: [LATENT], useBias: false, kernelInitializer: init(1) }),
      tf.layers.batchNormalization({ momentum: 0.9 }),
      tf.layers.activation({ activation: 'relu' }),
      tf.layers.reshape({ targetShape: [7, 7, 128] }),
      tf.layers.conv2dTranspose({
        filters: 128,
        kernelSize: 4,
        strides: 2,
        padding: 'same',
        useBias: false,
        kernelInitializer: init(2),
      }),
      tf.layers.batchNormalization({ momentum: 0.9 }),
      tf.layers.activation({ activation: 'relu' }),
      tf.layers.conv2dTranspose({
        filters: 64,
        kernelSize: 4,
        strides: 2,
        padding: 'same',
        useBias: false,
        kernelInitializer: init(3),
      }),
      tf.layers.batchNormalization({ momentum: 0.9 }),
      tf.layers.activation({ activation: 'relu' }),
      tf.layers.conv2d({ filters: 1, kernelSize: 3, padding: 'same', activation: 'tanh', kernelInitializer: init(4) }),
    ],
  });
}

function discriminator(): tf.Sequential {
  const init = (seed: number) => tf.initializers.randomNormal({ stddev: 0.02, seed });
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        filters: 64,
        kernelSize: 4,
        strides: 2,
        padding: 'same',
        inputShape: [28, 28, 1],
        kernelInitializer: init(5),
      }),
      tf.layers.leakyReLU({ alpha: 0.2 }),
      tf.layers.conv2d({ filters: 128, kernelSize: 4, strides: 2, padding: 'same', kernelInitializer: init(6) }),
      tf.layers.leakyReLU({ alpha: 0.2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 1, kernelInitializer: init(7) }),
    ],
  });
}

export interface Program {
  /** One update of each player; returns nothing that needs disposing. */
  step(): void;
  /** The last losses, read from the device. */
  losses(): [discriminator: number, generator: number];
  dispose(): void;
}

function crossEntropy(logits: tf.Tensor, label: number): tf.Scalar {
  // softplus(-x) for label 1, softplus(x) for label 0
  return tf.mean(tf.softplus(label === 1 ? tf.neg(logits) : logits));
}

export function dcgan28(): Program {
  const g = generator();
  const d = discriminator();
  const variables = (model: tf.Sequential) => model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const [gVariables, dVariables] = [variables(g), variables(d)];
  const [gOptimizer, dOptimizer] = [tf.train.adam(2e-4, 0.5, 0.999), tf.train.adam(2e-4, 0.5, 0.999)];
  const real = tf.randomUniform([BATCH, 28, 28, 1], -1, 1, 'float32', 8);
  const latents = tf.randomNormal([BATCH, LATENT], 0, 1, 'float32', 9);
  let last: [tf.Scalar | null, tf.Scalar | null] = [null, null];
  return {
    step() {
      for (const loss of last) loss?.dispose();
      const dLoss = tf.tidy((): tf.Scalar => {
        const fake = g.apply(latents, { training: true }) as tf.Tensor;
        return dOptimizer.minimize(
          () => {
            const onReal = d.apply(real, { training: true }) as tf.Tensor;
            const onFake = d.apply(fake, { training: true }) as tf.Tensor;
            return tf.add(crossEntropy(onReal, 1), crossEntropy(onFake, 0)) as tf.Scalar;
          },
          true,
          dVariables,
        ) as tf.Scalar;
      });
      const gLoss = gOptimizer.minimize(
        () => {
          const fake = g.apply(latents, { training: true }) as tf.Tensor;
          return crossEntropy(d.apply(fake, { training: true }) as tf.Tensor, 1);
        },
        true,
        gVariables,
      );
      last = [dLoss, gLoss];
    },
    losses: () => [last[0]?.dataSync()[0] ?? Number.NaN, last[1]?.dataSync()[0] ?? Number.NaN],
    dispose() {
      for (const loss of last) loss?.dispose();
      for (const tensor of [real, latents]) tensor.dispose();
      g.dispose();
      d.dispose();
      gOptimizer.dispose();
      dOptimizer.dispose();
    },
  };
}
