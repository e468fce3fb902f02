// Every schedule by name: who is updated how often. Importing this bundles them all: for apps; libraries import the functions.
import type { UpdateSchedule } from '@gankit/core';
import { choice, entryOf, number, option, registry, required, wholeNumber } from '@gankit/core/registry';
import { adaptiveSchedule } from '../schedules/adaptive-schedule.ts';
import { alternatingEpochs } from '../schedules/alternating-epochs.ts';
import { fixedSchedule } from '../schedules/fixed-schedule.ts';
import { freezeDiscriminator } from '../schedules/freeze-discriminator.ts';
import { simultaneousSchedule } from '../schedules/simultaneous-schedule.ts';
import { warmUp } from '../schedules/warm-up.ts';
import type { PartContext } from './part-context.ts';

const player = choice(['discriminator', 'generator']);
const share = number({ minimum: 0, maximum: 1 });
const updates = (of: string) =>
  option(wholeNumber({ minimum: 0 }), { default: 1, description: `${of} updates in a step` });
const eachUpdates = {
  discriminatorUpdates: updates('discriminator'),
  generatorUpdates: updates('generator'),
};

const schedule = entryOf<UpdateSchedule, PartContext>();

/** Every schedule. */
export const schedules = registry('schedule', [
  schedule({
    name: 'fixed',
    title: 'Fixed',
    description: 'the same updates in every step',
    source: 'Goodfellow et al. 2014, algorithm 1',
    options: eachUpdates,
    create: (options) => fixedSchedule(options),
  }),
  schedule({
    name: 'adaptive',
    title: 'Adaptive',
    description: 'the player that falls behind gets more updates',
    source: 'an integral controller on the accuracy, or on the ratio of the losses',
    options: {
      accuracy: option(share, {
        default: 0.75,
        description: 'the discriminator accuracy that is aimed at, above 0 and below 1',
      }),
      lossRatio: option(number({ minimum: 0 }), {
        description: 'L_D / L_G that is aimed at instead, above 0, for losses that are never negative',
      }),
      maximum: option(wholeNumber(), { default: 5, description: 'the most updates of a player in a step' }),
      smoothing: option(share, { default: 0.9, description: 'decay of the average of what is measured, below 1' }),
      speed: option(number({ minimum: 0 }), { default: 0.5, description: 'how fast the updates follow, above 0' }),
    },
    create: ({ accuracy, lossRatio, maximum, smoothing, speed }) =>
      adaptiveSchedule({
        target: lossRatio === undefined ? { discriminatorAccuracy: accuracy } : { lossRatio },
        discriminator: { maximum },
        generator: { maximum },
        smoothing,
        speed,
      }),
  }),
  schedule({
    name: 'epochs',
    title: 'Alternating epochs',
    description: 'one player stands still for whole epochs while the other learns',
    source: 'the tutorials that freeze one player at a time',
    options: {
      discriminator: option(wholeNumber(), { default: 1, description: 'epochs of the discriminator in a row' }),
      generator: option(wholeNumber(), { default: 1, description: 'epochs of the generator in a row' }),
      first: option(player, { default: 'discriminator', description: 'who learns in the first epoch' }),
    },
    create: ({ discriminator, generator, first }, { samplesPerEpoch }: PartContext) =>
      alternatingEpochs({
        samplesPerEpoch,
        discriminatorEpochs: discriminator,
        generatorEpochs: generator,
        first,
      }),
  }),
  schedule({
    name: 'simultaneous',
    title: 'Simultaneous',
    description: 'both players at once, from one forward pass of the same fakes',
    source: 'the Chainer DCGAN of 2015',
    options: { updates: option(wholeNumber(), { default: 1, description: 'updates of both in a step' }) },
    create: (options) => simultaneousSchedule(options),
  }),
  schedule({
    name: 'warm-up',
    title: 'Warm-up',
    description: 'one player learns alone for the first steps, then the updates of a fixed schedule',
    source: 'usual practice',
    options: {
      player: option(player, { default: 'discriminator', description: 'who' }),
      steps: option(wholeNumber(), { default: 100, description: 'for how many steps' }),
      ...eachUpdates,
    },
    create: ({ player: who, steps, ...each }) => warmUp(fixedSchedule(each), { player: who, steps }),
  }),
  schedule({
    name: 'freeze',
    title: 'Frozen discriminator',
    description: 'the discriminator stands still from a step on',
    source: 'an experiment of docs/game.md',
    options: { after: required(wholeNumber({ minimum: 0 }), 'the step'), ...eachUpdates },
    create: ({ after, ...each }) => freezeDiscriminator(fixedSchedule(each), { after }),
  }),
]);
