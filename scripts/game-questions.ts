// The experiments of docs/game.md that need more than a row of a table.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type AdversarialLoss, drawLatent, RandomStream } from '@gankit/core';
import { loadMnist } from '@gankit/data/node';
import { adam } from '@gankit/engine';
import { minimax, nonSaturating, twoClassSoftmax } from '@gankit/losses';
import { dcganDiscriminator, dcganGenerator } from '@gankit/models';
import { heatMap, imageGrid, type Picture } from '@gankit/pictures';
import { encodePng } from '@gankit/pictures/png';
import {
  type EarlyStopping,
  earlyStopping,
  fixedSchedule,
  freezeDiscriminator,
  gradientAttribution,
  simultaneousSchedule,
  Trainer,
  warmUp,
} from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';
import { type Outcome, type Probe, playGame, type Variant } from './game-experiment.ts';

/** Steps in which the discriminator learns alone before the generator's first move: it is then all but perfect. */
const headStart = 500;

const losses: Readonly<Record<string, () => AdversarialLoss>> = {
  saturating: minimax,
  'non-saturating': nonSaturating,
};

/** A discriminator that is ahead, learning on or frozen, with both losses of the generator. */
export const strongGames: readonly Variant[] = Object.entries(losses).flatMap(([name, loss]) => {
  const ahead = () => warmUp(fixedSchedule(), { player: 'discriminator', steps: headStart });
  const common = { loss, decayFrom: 1, watchEvery: 5 } as const;
  return [
    { ...common, name: `${name}, D ahead and learning`, schedule: ahead },
    {
      ...common,
      name: `${name}, D ahead and frozen`,
      schedule: () => freezeDiscriminator(ahead(), { after: headStart }),
      // The same number of generator updates as where both learn.
      times: 0.5625,
    },
  ] satisfies Variant[];
});

/** The loop of Chainer's DCGAN example: two-class softmax, uniform latents; both at once, or in turn. */
export const chainerGames: readonly Variant[] = ['simultaneous', 'alternating'].map((name) => ({
  name: `${name}, two-class softmax, uniform z`,
  loss: twoClassSoftmax,
  verdict: 'two-class',
  latentDistribution: 'uniform',
  schedule: () => (name === 'simultaneous' ? simultaneousSchedule() : fixedSchedule()),
}));

/** A long game without decay on a ring that is wide enough to be hit without it. */
export const longGame: Variant = { name: 'long game', times: 4, decayFrom: 1, standardDeviation: 0.05 };

export interface LongGame {
  readonly outcome: Outcome;
  /** The step at which early stopping would have ended the run; absent when it would not have. */
  readonly stoppedAt?: number;
  /** The best measurement until the end. */
  readonly best: { readonly step: number; readonly value: number };
  /** The generator of that moment, judged again on other samples: the best of many measurements is too good by chance. */
  readonly bestAgain: Probe;
}

/** Plays on past the equilibrium to the end, notes where early stopping would have ended it, and keeps the best generator. */
export async function playLongGame(seed: number): Promise<LongGame> {
  let stopping: EarlyStopping | undefined;
  let stoppedAt: number | undefined;
  let bestAgain: Probe | undefined;
  const outcome = await playGame(longGame, seed, {
    callback({ trainer, generator, judge }) {
      stopping = earlyStopping({
        measure: async () => (await judge()).distance,
        better: 'lower',
        every: 200,
        patience: 5,
        keep: generator,
      });
      // Only notes where it would have stopped: the game is played on.
      return (event, run) =>
        stopping!.onEvent(event, {
          ...run,
          step: trainer.step,
          stop: () => {
            stoppedAt ??= trainer.step;
          },
        });
    },
    async onEnd({ judge }) {
      stopping!.restoreBest();
      bestAgain = await judge();
    },
  });
  return {
    outcome,
    ...(stoppedAt === undefined ? {} : { stoppedAt }),
    best: { ...stopping!.best! },
    bestAgain: bestAgain!,
  };
}

export interface AttributionMoment {
  readonly step: number;
  readonly loss: number;
  readonly gradientNorm: number;
  readonly layers: readonly { readonly name: string; readonly share: number }[];
}

export interface Attribution {
  readonly seconds: number;
  readonly moments: readonly AttributionMoment[];
}

const picture = fileURLToPath(new URL('../docs/images/game-attribution.png', import.meta.url));
const shown = 8;
const enlargement = 2;

/** Pictures of the same width, one under another. */
function stack(pictures: readonly Picture[]): Picture {
  const [{ width, channels } = { width: 0, channels: 3 }] = pictures;
  const data = Uint8Array.from(pictures.flatMap((part) => [...part.data]));
  return { width, channels: channels as 1 | 3, height: pictures.reduce((sum, part) => sum + part.height, 0), data };
}

function enlarge({ width, height, channels, data }: Picture, times: number): Picture {
  const large = new Uint8Array(data.length * times * times);
  for (let row = 0; row < height * times; row++) {
    for (let column = 0; column < width * times; column++) {
      const from = (Math.floor(row / times) * width + Math.floor(column / times)) * channels;
      large.set(data.subarray(from, from + channels), (row * width * times + column) * channels);
    }
  }
  return { width: width * times, height: height * times, channels, data: large };
}

/** Where the generator's loss pulls: eight digits and their heat maps at several moments of a short DCGAN run. */
export async function attributeGradients(
  moments: readonly number[] = [1, 20, 60, 200],
  width = 16,
): Promise<Attribution> {
  const start = performance.now();
  const random = new RandomStream(1);
  const digits = await loadMnist();
  const generator = dcganGenerator({ outputShape: [28, 28, 1], width, random: random.fork('generator') });
  const discriminator = dcganDiscriminator({ inputShape: [28, 28, 1], width, random: random.fork('discriminator') });
  const optimizer = () => adam({ learningRate: 4e-4, beta1: 0.5 });
  const loss = nonSaturating();
  const trainer = new Trainer({
    generator,
    discriminator,
    loss,
    generatorOptimizer: optimizer(),
    discriminatorOptimizer: optimizer(),
    random: random.fork('training'),
  });
  const latent = drawLatent(generator, 64, random.fork('attribution'));
  const rows: Picture[] = [];
  const measured: AttributionMoment[] = [];
  const data = digits.batches({ batchSize: 64, random: random.fork('data') });
  for (const moment of moments) {
    for await (const event of trainer.run(data, { steps: moment - trainer.step })) if (event.type === 'end') break;
    const { gradient, samples, layers, ...numbers } = await gradientAttribution({
      generator,
      discriminator,
      loss,
      latent,
    });
    measured.push({
      step: moment,
      loss: numbers.loss,
      gradientNorm: numbers.gradientNorm,
      layers: layers.map(({ name, share }) => ({ name, share })),
    });
    const [images, gradients] = tf.tidy(() => [
      tf.tile(tf.slice(samples, 0, shown), [1, 1, 1, 3]),
      tf.slice(gradient, 0, shown),
    ]) as [tf.Tensor, tf.Tensor];
    rows.push(
      imageGrid((await images.data()) as Float32Array, images.shape, { columns: shown }),
      heatMap((await gradients.data()) as Float32Array, gradients.shape, { columns: shown }),
    );
    tf.dispose([gradient, samples, images, gradients]);
  }
  writeFileSync(picture, encodePng(enlarge(stack(rows), enlargement)));
  latent.dispose();
  for (const part of [generator, discriminator]) part.dispose();
  return { seconds: (performance.now() - start) / 1000, moments: measured };
}
