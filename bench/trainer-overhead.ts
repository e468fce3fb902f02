/** What the trainer costs over a bare loop of the two update functions, on the same parts and the same data. */

import {
  type BatchStream,
  type DataSource,
  type Discriminator,
  drawLatent,
  type Generator,
  RandomStream,
} from '@gankit/core';
import { imageSet, ringOfGaussians } from '@gankit/data';
import { adam } from '@gankit/engine';
import { nonSaturating } from '@gankit/losses';
import { dcganDiscriminator, dcganGenerator, mlpDiscriminator, mlpGenerator } from '@gankit/models';
import { disposeMeasurements, Trainer, updateDiscriminator, updateGenerator } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';
import { type Contestant, runInTurn, type Standing, type Turns } from './in-turn.ts';
import { type Section, table } from './section.ts';

interface Game {
  generator: Generator;
  discriminator: Discriminator;
  source: DataSource;
  batchSize: number;
}

const random = () => new RandomStream(1);
const optimizer = () => adam({ learningRate: 2e-4, beta1: 0.5 });

function bareLoop({ generator, discriminator, source, batchSize }: Game): Contestant {
  const batches = source.batches({ batchSize, random: random() });
  const stream = random();
  const parts = { generator, discriminator, loss: nonSaturating(), random: stream };
  const [ofDiscriminator, ofGenerator] = [optimizer(), optimizer()];
  return {
    name: 'the two update functions',
    async run(count) {
      const times: number[] = [];
      for (let index = 0; index < count; index++) {
        const start = performance.now();
        const { value } = await batches.next();
        const { data: real, labels } = value!;
        const first = drawLatent(generator, batchSize, stream);
        disposeMeasurements(updateDiscriminator({ ...parts, optimizer: ofDiscriminator, real, latent: first }));
        const second = drawLatent(generator, batchSize, stream);
        disposeMeasurements(updateGenerator({ ...parts, optimizer: ofGenerator, real, latent: second }));
        tf.dispose([first, second]);
        tf.dispose([real, ...(labels === undefined ? [] : [labels])]);
        times.push(performance.now() - start);
      }
      return times;
    },
  };
}

function trainerLoop(game: Game): Contestant {
  const { generator, discriminator, source, batchSize } = game;
  const batches: BatchStream = source.batches({ batchSize, random: random() });
  const trainer = new Trainer({
    generator,
    discriminator,
    loss: nonSaturating(),
    generatorOptimizer: optimizer(),
    discriminatorOptimizer: optimizer(),
    random: random(),
  });
  return {
    name: 'Trainer',
    async run(count) {
      const times: number[] = [];
      let start = performance.now();
      for await (const event of trainer.run(batches, { steps: count })) {
        if (event.type === 'start') start = performance.now();
        if (event.type !== 'step') continue;
        times.push(performance.now() - start);
        start = performance.now();
      }
      return times;
    },
  };
}

function mlp(): Game {
  const hidden = [128, 128];
  return {
    generator: mlpGenerator({ outputShape: [2], latentSize: 2, hidden, random: random() }),
    discriminator: mlpDiscriminator({ inputShape: [2], hidden, random: random() }),
    source: ringOfGaussians(),
    batchSize: 256,
  };
}

function dcgan(): Game {
  const pixels = Uint8Array.from({ length: 256 * 28 * 28 }, (_, index) => (index * 2654435761) >>> 24);
  return {
    generator: dcganGenerator({ outputShape: [28, 28, 1], random: random() }),
    discriminator: dcganDiscriminator({ inputShape: [28, 28, 1], random: random() }),
    source: imageSet({ name: 'noise', shape: [28, 28, 1], pixels }),
    batchSize: 64,
  };
}

async function compare(title: string, make: () => Game, turns: Turns): Promise<string[]> {
  const games = [make(), make()] as const;
  const standings = await runInTurn([bareLoop(games[0]), trainerLoop(games[1])], turns);
  for (const { generator, discriminator } of games) {
    generator.dispose();
    discriminator.dispose();
  }
  const [bare, trained] = standings as [Standing, Standing];
  const overhead = 100 * (trained.median / bare.median - 1);
  return [`${title}: ${overhead.toFixed(1)} % over the bare loop.`, '', ...table(standings, bare.name), ''];
}

export async function run(): Promise<Section> {
  await tf.setBackend('onnx');
  return {
    title: 'The trainer over a bare loop of the two update functions',
    lines: [
      'Both draw the same batches and latents. The trainer also reads every number of every step, tells events, and watches',
      'gradient norms and diversity every ten steps.',
      '',
      ...(await compare('MLP, batch 256', mlp, { rounds: 12, steps: 40, warmUp: 40, seconds: 20 })),
      ...(await compare('DCGAN-28, batch 64', dcgan, { rounds: 6, steps: 5, warmUp: 3, seconds: 25 })),
    ],
  };
}
