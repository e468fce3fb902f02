/**
 * One training step of an SNGAN with residual blocks on 32x32 images (Miyato 2018, table 4, at a quarter of its width), batch 64.
 * Twin of `pytorch/sngan_resnet.py`.
 */

import { adam } from '@gankit/engine';
import { batchNormalization, spectralNormalization } from '@gankit/engine/layers';
import * as tf from '@tensorflow/tfjs';
import type { Program } from './dcgan-28.ts';
import { minimize, variablesOf } from './minimize.ts';

const BATCH = 64;
const LATENT = 128;
const WIDTH = 64;
const SIZE = 32;

export interface SnganResnet extends Program {
  generator: tf.LayersModel;
  discriminator: tf.LayersModel;
  real: tf.Tensor;
  latents: tf.Tensor;
}

/** Layers with seeds of their own, counted on from `seed`. */
function layersFrom(seed: number) {
  let next = seed;
  const conv = (filters: number, kernelSize: number) =>
    tf.layers.conv2d({
      filters,
      kernelSize,
      padding: 'same',
      kernelInitializer: tf.initializers.glorotUniform({ seed: next++ }),
    });
  const dense = (units: number, inputShape?: number[]) =>
    tf.layers.dense({
      units,
      kernelInitializer: tf.initializers.glorotUniform({ seed: next++ }),
      ...(inputShape === undefined ? {} : { inputShape }),
    });
  return { conv, dense };
}

function generatorModel(): tf.LayersModel {
  const { conv, dense } = layersFrom(1);
  const normalizedRelu = () =>
    batchNormalization({ momentum: 0.9, epsilon: 1e-5, movingAverages: 'every-training-call', activation: 'relu' });
  const upsample = () => tf.layers.upSampling2d({ size: [2, 2] });
  const apply = (x: tf.SymbolicTensor, ...layers: tf.layers.Layer[]) =>
    layers.reduce((value, layer) => layer.apply(value) as tf.SymbolicTensor, x);
  const block = (x: tf.SymbolicTensor) => {
    const residual = apply(x, normalizedRelu(), upsample(), conv(WIDTH, 3), normalizedRelu(), conv(WIDTH, 3));
    return tf.layers.add().apply([residual, apply(x, upsample(), conv(WIDTH, 1))]) as tf.SymbolicTensor;
  };
  const latents = tf.input({ shape: [LATENT] });
  const start = apply(latents, dense(4 * 4 * WIDTH), tf.layers.reshape({ targetShape: [4, 4, WIDTH] }));
  const top = block(block(block(start)));
  const images = apply(top, normalizedRelu(), conv(3, 3), tf.layers.activation({ activation: 'tanh' }));
  return tf.model({ inputs: latents, outputs: images });
}

function discriminatorModel(): tf.LayersModel {
  const plain = layersFrom(31);
  let seed = 0;
  const normalized = (layer: tf.layers.Layer) => spectralNormalization(layer, { seed: seed++ });
  const conv = (kernelSize: number) => normalized(plain.conv(WIDTH, kernelSize));
  const relu = () => tf.layers.reLU();
  const halve = () => tf.layers.averagePooling2d({ poolSize: 2, strides: 2 });
  const apply = (x: tf.SymbolicTensor, ...layers: tf.layers.Layer[]) =>
    layers.reduce((value, layer) => layer.apply(value) as tf.SymbolicTensor, x);
  const sum = (a: tf.SymbolicTensor, b: tf.SymbolicTensor) => tf.layers.add().apply([a, b]) as tf.SymbolicTensor;
  const images = tf.input({ shape: [SIZE, SIZE, 3] });
  const first = sum(apply(images, conv(3), relu(), conv(3), halve()), apply(images, halve(), conv(1)));
  const second = sum(apply(first, relu(), conv(3), relu(), conv(3), halve()), apply(first, conv(1), halve()));
  const third = sum(apply(second, relu(), conv(3), relu(), conv(3)), second);
  const fourth = sum(apply(third, relu(), conv(3), relu(), conv(3)), third);
  const logits = apply(
    fourth,
    relu(),
    tf.layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }),
    normalized(plain.dense(1)),
  );
  return tf.model({ inputs: images, outputs: logits });
}

export function snganResnet(): SnganResnet {
  const [generator, discriminator] = [generatorModel(), discriminatorModel()];
  const [gVariables, dVariables] = [variablesOf(generator), variablesOf(discriminator)];
  const options = { learningRate: 2e-4, beta1: 0, beta2: 0.9 };
  const [gOptimizer, dOptimizer] = [adam(options), adam(options)];
  const real = tf.randomUniform([BATCH, SIZE, SIZE, 3], -1, 1, 'float32', 8);
  const latents = tf.randomNormal([BATCH, LATENT], 0, 1, 'float32', 9);
  const generate = () => generator.apply(latents, { training: true }) as tf.Tensor;
  // The singular vectors move once in a step.
  const discriminate = (images: tf.Tensor, updateState = false) =>
    discriminator.apply(images, { training: true, updateState }) as tf.Tensor;
  let last: tf.Scalar[] = [];
  return {
    generator,
    discriminator,
    real,
    latents,
    step() {
      tf.dispose(last);
      const fake = tf.tidy(generate);
      const dLoss = minimize(dOptimizer, dVariables, () => {
        const onReal = tf.mean(tf.relu(tf.sub(1, discriminate(real, true))));
        return tf.add(onReal, tf.mean(tf.relu(tf.add(1, discriminate(fake))))) as tf.Scalar;
      });
      fake.dispose();
      const gLoss = minimize(gOptimizer, gVariables, () => tf.neg(tf.mean(discriminate(generate()))) as tf.Scalar);
      last = [dLoss, gLoss];
    },
    losses: () => [last[0]?.dataSync()[0] ?? Number.NaN, last[1]?.dataSync()[0] ?? Number.NaN],
    dispose() {
      tf.dispose([last, real, latents] as tf.TensorContainer);
      for (const owner of [generator, discriminator, gOptimizer, dOptimizer]) owner.dispose();
    },
  };
}
