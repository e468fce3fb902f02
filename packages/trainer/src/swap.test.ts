// Parts that are exchanged while a game is played, or while it rests: nothing else of the game changes.
import { type AdversarialLoss, type Penalty, RandomStream, type StepEvent, type TrainingEvent } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { batches, descent, linearDiscriminator, linearGenerator, scores, valuesOf } from './linear-players.fixture.ts';
import { fixedSchedule } from './schedules/fixed-schedule.ts';
import { Trainer } from './trainer.ts';
import type { TrainerChanges, TrainerOptions } from './trainer-options.ts';

let generator = linearGenerator();
let discriminator = linearDiscriminator();
let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
  generator = linearGenerator();
  discriminator = linearDiscriminator();
});
afterEach(() => {
  generator.dispose();
  discriminator.dispose();
  expect(tf.memory().numTensors).toBe(tensors);
});

/** Twice the scores: the same game with gradients twice as large. */
const doubled: AdversarialLoss = {
  ...scores,
  name: 'doubled',
  discriminatorLoss: (outputs) => tf.tidy(() => scores.discriminatorLoss(outputs).mul<tf.Scalar>(2)),
  generatorLoss: (outputs) => tf.tidy(() => scores.generatorLoss(outputs).mul<tf.Scalar>(2)),
};

function trainer(extra: Partial<TrainerOptions> = {}): Trainer {
  return new Trainer({
    generator,
    discriminator,
    loss: scores,
    generatorOptimizer: descent(0.01),
    discriminatorOptimizer: descent(0.01),
    random: new RandomStream(1),
    ...extra,
  });
}

/** Plays for some steps; `act` is called at each event. */
async function play(game: Trainer, steps: number, act: (event: TrainingEvent) => void = () => {}) {
  const events: TrainingEvent[] = [];
  for await (const event of game.run(batches(), { steps })) {
    events.push(event);
    act(event);
  }
  return events;
}

const types = (events: readonly TrainingEvent[]) =>
  events.map((event) => (event.type === 'step' ? event.step : event.type));
const weights = () => [generator, discriminator].flatMap((player) => Object.values(valuesOf(player)));

test('a loss that is swapped while it is played decides from the next step on', async () => {
  const game = trainer();
  const made: Promise<void>[] = [];
  const before: number[][] = [];
  const events = await play(game, 4, (event) => {
    if (event.type !== 'step') return;
    before.push(weights());
    if (event.step === 2) made.push(game.swap({ loss: doubled }));
  });
  await Promise.all(made);
  expect(types(events)).toEqual(['start', 1, 2, 'swap', 3, 4, 'end']);
  expect(events[3]).toEqual({ type: 'swap', step: 2, changed: ['loss'] });
  // The gradient of the offset of D is zero and that of the offset of G is -w: G's offset moves by the rate times w, and then by twice that.
  const [shiftAt, slopeAt] = [1, 2];
  const moved = (step: number) => before[step]![shiftAt]! - before[step - 1]![shiftAt]!;
  expect(moved(1)).toBeCloseTo(0.01 * before[1]![slopeAt]!, 6);
  expect(moved(3)).toBeCloseTo(2 * 0.01 * before[3]![slopeAt]!, 6);
});

test('with readings every 4 steps the swap is told between the steps where it was made', async () => {
  const game = trainer({ readEvery: 4 });
  let made: Promise<void> | undefined;
  const events = await play(game, 12, (event) => {
    if (event.type === 'step' && event.step === 2) made = game.swap({ loss: doubled }, ['my loss']);
  });
  await made;
  const at = events.findIndex(({ type }) => type === 'swap');
  expect(events[at]).toMatchObject({ type: 'swap', changed: ['my loss'] });
  const stepsOf = (list: readonly TrainingEvent[]) =>
    list.filter((event): event is StepEvent => event.type === 'step').map(({ step }) => step);
  const { step } = events[at] as { step: number };
  expect(stepsOf(events.slice(0, at))).toEqual(Array.from({ length: step }, (_, index) => index + 1));
  expect(stepsOf(events.slice(at))).toEqual(Array.from({ length: 12 - step }, (_, index) => step + index + 1));
});

test('at rest the parts are exchanged at once, and told when the game goes on', async () => {
  const game = trainer();
  await play(game, 2);
  await game.swap({ schedule: fixedSchedule({ discriminatorUpdates: 3 }) });
  await game.swap({ loss: doubled });
  const events = await play(game, 2);
  expect(types(events)).toEqual(['start', 'swap', 'swap', 3, 4, 'end']);
  expect(events[1]).toEqual({ type: 'swap', step: 2, changed: ['schedule'] });
  expect(events[3]).toMatchObject({ discriminatorUpdates: 3 });
  // It is told once.
  expect(types(await play(game, 1))).toEqual(['start', 5, 'end']);
});

test('a swap that is made before a step gives the same weights as a trainer that had these parts', async () => {
  const swapped = trainer();
  await swapped.swap({ loss: doubled });
  await play(swapped, 3);
  const after = weights();
  generator.dispose();
  discriminator.dispose();
  [generator, discriminator] = [linearGenerator(), linearDiscriminator()];
  await play(trainer({ loss: doubled }), 3);
  expect(after).toEqual(weights());
});

test('penalties that stay count as what they last were, and those that are gone no more', async () => {
  const penalty = (name: string): Penalty =>
    ({ name, player: 'discriminator', interval: 3, weight: 1, term: () => tf.scalar(0.5) }) as never;
  const game = trainer({ penalties: [penalty('stays'), penalty('goes')] });
  const added = ({ discriminator }: StepEvent) => discriminator!.objective - discriminator!.adversarialLoss;
  const before = await play(game, 2);
  expect((before[1] as StepEvent).discriminator?.penalties).toEqual({ stays: 0.5, goes: 0.5 });
  expect(added(before[2] as StepEvent)).toBeCloseTo(1, 6);
  await game.swap({ penalties: [penalty('stays')] });
  const [, , step] = await play(game, 1);
  expect(added(step as StepEvent)).toBeCloseTo(0.5, 6);
});

test.each<
  [what: string, changes: () => TrainerChanges | (() => Promise<TrainerChanges>), code: string, sentence: string]
>([
  ['another player', () => ({ generator: linearGenerator() }), 'another-run', 'A running game keeps its players'],
  [
    'parts that do not fit',
    () => ({ loss: { ...scores, name: 'energies', verdict: 'energy' } }),
    'incompatible',
    'energies',
  ],
  ['what nobody knows', () => ({ losses: scores }) as never, 'invalid-argument', 'losses'],
  [
    'parts that cannot be made',
    () => async () => {
      throw new Error('no such file');
    },
    '',
    'no such file',
  ],
])('%s is refused, and the game goes on as it was', async (_, changes, code, sentence) => {
  const game = trainer();
  const change = changes();
  const refused: unknown[] = [];
  const events = await play(game, 3, (event) => {
    if (event.type === 'step' && event.step === 1) game.swap(change).catch((error) => refused.push(error));
  });
  expect(types(events)).toEqual(['start', 1, 2, 3, 'end']);
  expect(refused).toHaveLength(1);
  expect((refused[0] as Error).message).toContain(sentence);
  if (code !== '') expect(refused[0]).toMatchObject({ code });
  await expect(game.swap(change)).rejects.toThrow(sentence);
  const played = weights();
  if (typeof change === 'object') (change.generator as { dispose?(): void } | undefined)?.dispose?.();
  generator.dispose();
  discriminator.dispose();
  [generator, discriminator] = [linearGenerator(), linearDiscriminator()];
  await play(trainer(), 3);
  expect(played).toEqual(weights());
});

test('a swap takes back a plan for the next step', async () => {
  const game = trainer();
  await play(game, 1);
  game.planNext({ discriminatorUpdates: 1, generatorUpdates: 0 });
  await game.swap({ loss: doubled });
  const events = await play(game, 1);
  expect(events.at(-2)).toMatchObject({ step: 2, generator: expect.anything() });
});
