// Two Wasserstein critics with a gradient penalty, one with leaky ReLU and one with tanh, trained on the wasm backend.
// Plain TensorFlow.js cannot do either: the second derivative of leakyRelu throws, that of tanh is silently wrong, and a
// convolution has no filter gradient on wasm.

import { selectBackend } from '@gankit/backends';
import { RandomStream } from '@gankit/core';
import { loadMnist } from '@gankit/data/node';
import { adam } from '@gankit/engine';
import { gradientPenalty, wasserstein } from '@gankit/losses';
import { dcganGenerator, discriminatorFromLayers, heInitialization } from '@gankit/models';
import { fixedSchedule, Trainer } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';

const steps = Number(process.env['STEPS'] ?? 100);
const width = 16;

function critic(activation: 'leakyRelu' | 'tanh', random: RandomStream) {
  const convolution = (filters: number, options: object = {}) =>
    tf.layers.conv2d({ filters, kernelSize: 4, strides: 2, padding: 'same', kernelInitializer: 'zeros', ...options });
  const follow = () =>
    activation === 'leakyRelu' ? tf.layers.leakyReLU({ alpha: 0.2 }) : tf.layers.activation({ activation: 'tanh' });
  const model = tf.sequential({
    layers: [
      convolution(width, { inputShape: [28, 28, 1] }),
      follow(),
      convolution(2 * width),
      follow(),
      tf.layers.flatten(),
      tf.layers.dense({ units: 1, kernelInitializer: 'zeros' }),
    ],
  });
  return discriminatorFromLayers(model, { name: `${activation}-critic`, initialization: heInitialization, random });
}

await selectBackend({ prefer: 'wasm', fallback: false });
const digits = await loadMnist();

for (const activation of ['leakyRelu', 'tanh'] as const) {
  const random = new RandomStream(1);
  const trainer = new Trainer({
    generator: dcganGenerator({ outputShape: [28, 28, 1], width, random: random.fork('generator') }),
    discriminator: critic(activation, random.fork('critic')),
    loss: wasserstein(),
    penalties: [gradientPenalty({ weight: 10 })],
    schedule: fixedSchedule({ discriminatorUpdates: 2 }),
    optimizer: () => adam({ learningRate: 1e-4, beta1: 0, beta2: 0.9 }),
    random,
  });
  const batches = digits.batches({ batchSize: 32, random: random.fork('data') });
  for await (const event of trainer.run(batches, { steps })) {
    if (event.type !== 'step' || event.step % Math.ceil(steps / 5) !== 0) continue;
    const { adversarialLoss, penalties } = event.discriminator!;
    const distance = (-adversarialLoss).toFixed(2);
    const slope = Math.sqrt(penalties['gradient-penalty']! / 10).toFixed(3);
    console.log(`${activation} step ${event.step}: Wasserstein estimate ${distance}, slope off 1 by ${slope}`);
  }
}
