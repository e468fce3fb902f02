/**
 * One training step of a WGAN-GP on 28x28 images, batch 64: one critic update with the gradient penalty, which differentiates twice,
 * and one generator update. The networks are those of `dcgan-28.ts`. Twin of `pytorch/wgan_gp.py`.
 */

import { adam } from '@gankit/engine';
import { batchNormalization } from '@gankit/engine/layers';
import * as tf from '@tensorflow/tfjs';
import type { Program } from './dcgan-28.ts';
import { minimize, variablesOf } from './minimize.ts';

const BATCH = 64;
const LATENT = 100;
const PENALTY_WEIGHT = 10;

export interface WganGp extends Program {
  generator: tf.LayersModel;
  critic: tf.LayersModel;
  real: tf.Tensor;
  latents: tf.Tensor;
  mix: tf.Tensor;
}

const initializer = (seed: number) => tf.initializers.randomNormal({ stddev: 0.02, seed });

function generatorModel(): tf.Sequential {
  const normalizedRelu = () =>
    batchNormalization({ momentum: 0.9, epsilon: 1e-5, movingAverages: 'every-training-call', activation: 'relu' });
  const convTranspose = (filters: number, seed: number) =>
    tf.layers.conv2dTranspose({
      filters,
      kernelSize: 4,
      strides: 2,
      padding: 'same',
      useBias: false,
      kernelInitializer: initializer(seed),
    });
  return tf.sequential({
    layers: [
      tf.layers.dense({ units: 7 * 7 * 128, inputShape: [LATENT], useBias: false, kernelInitializer: initializer(1) }),
      normalizedRelu(),
      tf.layers.reshape({ targetShape: [7, 7, 128] }),
      convTranspose(128, 2),
      normalizedRelu(),
      convTranspose(64, 3),
      normalizedRelu(),
      tf.layers.conv2d({
        filters: 1,
        kernelSize: 3,
        padding: 'same',
        activation: 'tanh',
        kernelInitializer: initializer(4),
      }),
    ],
  });
}

function criticModel(): tf.Sequential {
  const conv = (filters: number, seed: number, inputShape?: number[]) =>
    tf.layers.conv2d({
      filters,
      kernelSize: 4,
      strides: 2,
      padding: 'same',
      kernelInitializer: initializer(seed),
      ...(inputShape === undefined ? {} : { inputShape }),
    });
  return tf.sequential({
    layers: [
      conv(64, 5, [28, 28, 1]),
      tf.layers.leakyReLU({ alpha: 0.2 }),
      conv(128, 6),
      tf.layers.leakyReLU({ alpha: 0.2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 1, kernelInitializer: initializer(7) }),
    ],
  });
}

export function wganGp(): WganGp {
  const [generator, critic] = [generatorModel(), criticModel()];
  const [gVariables, cVariables] = [variablesOf(generator), variablesOf(critic)];
  const options = { learningRate: 1e-4, beta1: 0, beta2: 0.9 };
  const [gOptimizer, cOptimizer] = [adam(options), adam(options)];
  const real = tf.randomUniform([BATCH, 28, 28, 1], -1, 1, 'float32', 8);
  const latents = tf.randomNormal([BATCH, LATENT], 0, 1, 'float32', 9);
  const mix = tf.randomUniform([BATCH, 1, 1, 1], 0, 1, 'float32', 10);
  const generate = () => generator.apply(latents, { training: true }) as tf.Tensor;
  const criticize = (images: tf.Tensor) => critic.apply(images, { training: true }) as tf.Tensor;
  const inputGradient = tf.grad((images) => tf.sum(criticize(images)));
  const penalty = (fake: tf.Tensor) => {
    const between = tf.add(real, tf.mul(mix, tf.sub(fake, real)));
    const lengths = tf.sqrt(tf.sum(tf.square(inputGradient(between)), [1, 2, 3]));
    return tf.mul(PENALTY_WEIGHT, tf.mean(tf.square(tf.sub(lengths, 1))));
  };
  let last: tf.Scalar[] = [];
  return {
    generator,
    critic,
    real,
    latents,
    mix,
    step() {
      tf.dispose(last);
      const fake = tf.tidy(generate);
      const cLoss = minimize(cOptimizer, cVariables, () => {
        const distance = tf.sub(tf.mean(criticize(fake)), tf.mean(criticize(real)));
        return tf.add(distance, penalty(fake)) as tf.Scalar;
      });
      fake.dispose();
      const gLoss = minimize(gOptimizer, gVariables, () => tf.neg(tf.mean(criticize(generate()))) as tf.Scalar);
      last = [cLoss, gLoss];
    },
    losses: () => [last[0]?.dataSync()[0] ?? Number.NaN, last[1]?.dataSync()[0] ?? Number.NaN],
    dispose() {
      tf.dispose([last, real, latents, mix] as tf.TensorContainer);
      for (const owner of [generator, critic, gOptimizer, cOptimizer]) owner.dispose();
    },
  };
}
