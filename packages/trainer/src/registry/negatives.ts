// Every source of negatives by name: what the discriminator is shown as generated. Importing this bundles them all: for apps.
import type { Negatives } from '@gankit/core';
import { choice, entryOf, number, option, registry, wholeNumber } from '@gankit/core/registry';
import { annealedNoise } from '../negatives/annealed-noise.ts';
import { currentGenerator } from '../negatives/current-generator.ts';
import { mixedNegatives } from '../negatives/mixed-negatives.ts';
import { pureNoise } from '../negatives/pure-noise.ts';
import { replayBuffer } from '../negatives/replay-buffer.ts';
import type { PartContext } from './part-context.ts';

const share = number({ minimum: 0, maximum: 1 });
const noiseOptions = {
  distribution: option(choice(['uniform', 'normal']), { default: 'uniform', description: 'of the noise' }),
  standardDeviation: option(number({ minimum: 0 }), { description: 'of normal noise, above 0; 1 when absent' }),
};
const capacity = option(wholeNumber(), { default: 512, description: 'samples that are remembered' });
const weight = (of: string, value: number) =>
  option(number({ minimum: 0 }), { default: value, description: `the weight of ${of}` });

const source = entryOf<Negatives, PartContext>();

/** Every source of negatives. */
export const negatives = registry('kind of negatives', [
  source({
    name: 'current-generator',
    title: 'The generator as it is',
    description: 'what the generator makes now',
    source: 'Goodfellow et al. 2014',
    options: {},
    create: () => currentGenerator,
  }),
  source({
    name: 'replay',
    title: 'Replay buffer',
    description: 'partly what the generator made in the past',
    source: 'Shrivastava et al. 2017',
    options: { capacity, share: option(share, { default: 0.5, description: 'the share of past samples' }) },
    create: (options) => replayBuffer(options),
  }),
  source({
    name: 'annealed-noise',
    title: 'Annealed noise',
    description: 'real samples in less and less noise; the generator is never seen unless generatorShare says so',
    source: 'an experiment of docs/game.md',
    options: {
      from: option(share, { default: 0, description: 'the share of the real sample at the start' }),
      to: option(share, { default: 0.9, description: 'the share of the real sample at the end of the run' }),
      generatorShare: option(share, { default: 0, description: 'the share of the generated sample' }),
      ...noiseOptions,
    },
    create: ({ from, to, generatorShare, ...noise }, { steps }: PartContext) =>
      annealedNoise({
        realShare: (step) => from + (to - from) * Math.min(1, step / steps),
        generatorShare,
        noise,
      }),
  }),
  source({
    name: 'pure-noise',
    title: 'Pure noise',
    description: 'noise, and nothing that the generator makes',
    source: 'an experiment of docs/game.md',
    options: noiseOptions,
    create: (options) => pureNoise(options),
  }),
  source({
    name: 'mixed',
    title: 'A mixture',
    description: 'each sample from one of several sources, by their weights',
    source: 'an experiment of docs/game.md',
    options: {
      currentGenerator: weight('what the generator makes now', 2),
      replay: weight('a replay buffer', 1),
      pureNoise: weight('noise', 1),
      capacity,
      ...noiseOptions,
    },
    create(options) {
      const { currentGenerator: now, replay, pureNoise: noise, capacity: remembered, ...noiseOf } = options;
      return mixedNegatives([
        { negatives: currentGenerator, share: now },
        ...(replay > 0 ? [{ negatives: replayBuffer({ capacity: remembered }), share: replay }] : []),
        ...(noise > 0 ? [{ negatives: pureNoise(noiseOf), share: noise }] : []),
      ]);
    },
  }),
]);
