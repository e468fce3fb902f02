import {
  type GameState,
  type Penalty,
  RandomStream,
  type State,
  type StepEvent,
  type TrainingEvent,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dataFault } from './data-faults.ts';
import { batches, descent, linearDiscriminator, linearGenerator, scores, valuesOf } from './linear-players.fixture.ts';
import { fixedSchedule } from './schedules/fixed-schedule.ts';
import { Trainer } from './trainer.ts';
import type { TrainerOptions } from './trainer-options.ts';

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

async function collect(events: AsyncIterable<TrainingEvent>): Promise<TrainingEvent[]> {
  const collected: TrainingEvent[] = [];
  for await (const event of events) collected.push(event);
  return collected;
}

const steps = (events: readonly TrainingEvent[]) => events.filter((event): event is StepEvent => event.type === 'step');

test('start, one event a step, end', async () => {
  const events = await collect(trainer().run(batches(), { steps: 3 }));
  expect(events.map(({ type }) => type)).toEqual(['start', 'step', 'step', 'step', 'end']);
  expect(events[0]).toEqual({ type: 'start', step: 0, until: 3 });
  expect(events.at(-1)).toEqual({ type: 'end', step: 3, reason: 'completed' });
  expect(steps(events)[2]).toEqual({
    type: 'step',
    step: 3,
    discriminator: {
      adversarialLoss: expect.any(Number),
      objective: expect.any(Number),
      penalties: {},
      realLogit: expect.any(Number),
      fakeLogit: expect.any(Number),
      realAccuracy: expect.any(Number),
      fakeAccuracy: expect.any(Number),
      accuracy: expect.any(Number),
    },
    // Its update looks at no real sample, so it has no mean to compare with.
    generator: {
      adversarialLoss: expect.any(Number),
      objective: expect.any(Number),
      penalties: {},
      fakeLogit: expect.any(Number),
    },
    accuracy: expect.any(Number),
    discriminatorUpdates: 1,
    generatorUpdates: 1,
    realSamples: 2,
    samplesSeen: 6,
  });
});

test('the same seed gives the same numbers, another seed others', async () => {
  const numbers = async (seed: number) => {
    const players = { generator: linearGenerator(), discriminator: linearDiscriminator() };
    const events = await collect(trainer({ ...players, random: new RandomStream(seed) }).run(batches(), { steps: 5 }));
    const weights = { ...valuesOf(players.generator), ...valuesOf(players.discriminator) };
    players.generator.dispose();
    players.discriminator.dispose();
    return { events, weights };
  };
  expect(await numbers(1)).toEqual(await numbers(1));
  expect((await numbers(1)).weights).not.toEqual((await numbers(2)).weights);
});

test('two runs in a row are one long run', async () => {
  const long = trainer({ generator: linearGenerator(), discriminator: linearDiscriminator() });
  const data = batches();
  const whole = steps(await collect(long.run(batches(), { steps: 6 })));
  const short = trainer();
  const parts = [
    ...steps(await collect(short.run(data, { steps: 2 }))),
    ...steps(await collect(short.run(data, { steps: 4 }))),
  ];
  expect(parts).toEqual(whole);
  expect(short.step).toBe(6);
  await data.return(undefined);
  tensors += 4; // the four variables of the long game's own players
});

test('k discriminator updates see k batches, and the generator answers the last of them', async () => {
  const optimizers = { discriminatorOptimizer: descent(0.01), generatorOptimizer: descent(0.01) };
  const schedule = fixedSchedule({ discriminatorUpdates: 3 });
  const [event] = steps(await collect(trainer({ ...optimizers, schedule }).run(batches(), { steps: 1 })));
  expect(event).toMatchObject({ discriminatorUpdates: 3, generatorUpdates: 1, samplesSeen: 6 });
  expect(optimizers.discriminatorOptimizer.iterations).toBe(3);
  expect(optimizers.generatorOptimizer.iterations).toBe(1);
});

test('a schedule of a few lines sees the game', async () => {
  const seen: (number | undefined)[] = [];
  const schedule = ({ step, discriminator: told }: GameState) => {
    seen.push(told?.adversarialLoss);
    return { discriminatorUpdates: step % 2, generatorUpdates: (step + 1) % 2 };
  };
  const [first, second] = steps(await collect(trainer({ schedule }).run(batches(), { steps: 3 })));
  expect(first).not.toHaveProperty('discriminator');
  expect(first!.generator!.fakeLogit).toEqual(expect.any(Number));
  expect(second).not.toHaveProperty('generator');
  expect(seen).toEqual([undefined, undefined, second!.discriminator!.adversarialLoss]);
});

test('a step that is planned by hand is played in place of the schedule, once', async () => {
  const game = trainer({ schedule: () => ({ discriminatorUpdates: 2, generatorUpdates: 1 }) });
  const updates: (readonly number[])[] = [];
  for await (const event of game.run(batches(), { steps: 4 })) {
    if (event.type !== 'step') continue;
    updates.push([event.discriminatorUpdates, event.generatorUpdates]);
    if (event.step === 1) game.planNext({ discriminatorUpdates: 1, generatorUpdates: 0 });
    if (event.step === 2) game.planNext({ discriminatorUpdates: 0, generatorUpdates: 1 });
  }
  expect(updates).toEqual([
    [2, 1],
    [1, 0],
    [0, 1],
    [2, 1],
  ]);
  expect(() => game.planNext({ discriminatorUpdates: 0, generatorUpdates: 0 })).toThrow('number of updates in a step');
});

test('a player that rests keeps its last numbers in what the schedule sees', async () => {
  const seen: GameState[] = [];
  const schedule = (game: GameState) => {
    seen.push(game);
    return { discriminatorUpdates: game.step === 0 ? 1 : 0, generatorUpdates: game.step === 0 ? 0 : 1 };
  };
  const [first, second] = steps(await collect(trainer({ schedule }).run(batches(), { steps: 3 })));
  expect(second).not.toHaveProperty('discriminator');
  // The generator's own update looks at no real samples, so that none are taken for it.
  expect(second).toMatchObject({ realSamples: 0, samplesSeen: 2 });
  expect(seen[2]).toEqual({
    step: 2,
    samplesSeen: 2,
    samplesPlayed: 4,
    accuracy: first!.accuracy,
    discriminator: first!.discriminator,
    generator: second!.generator,
  });
});

test('reading every few steps changes when events come, not what they say', async () => {
  const own = { generator: linearGenerator(), discriminator: linearDiscriminator() };
  const often = steps(await collect(trainer().run(batches(), { steps: 7 })));
  const seldom = steps(await collect(trainer({ ...own, readEvery: 3 }).run(batches(), { steps: 7 })));
  expect(seldom).toEqual(often);
  own.generator.dispose();
  own.discriminator.dispose();
});

test('a signal ends the run after the step that is being made', async () => {
  const controller = new AbortController();
  const events: TrainingEvent[] = [];
  for await (const event of trainer().run(batches(), { signal: controller.signal })) {
    events.push(event);
    if (event.type === 'step' && event.step === 4) controller.abort();
  }
  expect(events.at(-1)).toEqual({ type: 'end', step: 4, reason: 'aborted' });
});

test('breaking out of the loop stops training and frees what was on its way', async () => {
  const game = trainer({ readEvery: 5 });
  for await (const event of game.run(batches(), { steps: 20 })) if (event.type === 'step') break;
  expect(game.step).toBe(5);
});

test('the event loop gets its turn while a run goes on', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 5);
  const start = performance.now();
  for await (const _ of trainer().run(batches(), {})) if (performance.now() - start > 400) break;
  clearInterval(timer);
  expect(turns).toBeGreaterThan(2);
});

test('data that end, end the run', async () => {
  const events = await collect(trainer().run(batches(2), { steps: 9 }));
  expect(events.at(-1)).toEqual({ type: 'end', step: 2, reason: 'exhausted' });
  const midStep = trainer({ schedule: fixedSchedule({ discriminatorUpdates: 2 }) });
  expect((await collect(midStep.run(batches(3), {}))).at(-1)).toEqual({ type: 'end', step: 1, reason: 'exhausted' });
});

test('a thousand steps leave as many tensors as ten', async () => {
  const game = trainer({ readEvery: 10 });
  let atTen = 0;
  for await (const event of game.run(batches(), { steps: 1000 })) {
    if (event.type !== 'step') continue;
    if (event.step === 10) atTen = tf.memory().numTensors;
    if (event.step === 1000) expect(tf.memory().numTensors).toBe(atTen);
  }
  expect(atTen).toBeGreaterThan(0);
});

test('every tenth step measures more, or as often as told', async () => {
  const watched = (events: readonly TrainingEvent[]) =>
    steps(events)
      .filter(({ generator: numbers }) => numbers?.gradientNorm !== undefined)
      .map(({ step }) => step);
  expect(watched(await collect(trainer().run(batches(), { steps: 25 })))).toEqual([10, 20]);
  expect(watched(await collect(trainer({ watchEvery: 0 }).run(batches(), { steps: 25 })))).toEqual([]);
  const events = await collect(trainer({ watchEvery: 1 }).run(batches(), { steps: 2 }));
  expect(steps(events)[0]).toMatchObject({
    discriminator: { gradientNorm: expect.any(Number), updateRatio: expect.any(Number) },
    generator: { updateRatio: expect.any(Number), sampleDiversity: expect.any(Number) },
  });
});

test('a simultaneous plan updates both at once, and refuses what it cannot do', async () => {
  const both = () => ({ discriminatorUpdates: 1, generatorUpdates: 1, simultaneous: true });
  const [event] = steps(await collect(trainer({ schedule: both }).run(batches(), { steps: 1 })));
  expect(event).toMatchObject({ discriminatorUpdates: 1, generatorUpdates: 1, samplesSeen: 2 });
  const uneven = trainer({ schedule: () => ({ ...both(), discriminatorUpdates: 2 }) });
  await expect(collect(uneven.run(batches(), { steps: 1 }))).rejects.toThrow('not 2 and 1 times');
  const ones = { name: 'ones', sample: () => ({ samples: tf.ones([2, 1]), fromLatent: false }) };
  const other = trainer({ schedule: both, negatives: ones });
  await expect(collect(other.run(batches(), { steps: 1 }))).rejects.toThrow("the negatives 'ones' need alternating");
});

test('observers see every step in order, and what they find precedes its event in the stream', async () => {
  const observer = {
    name: 'odd',
    observe: ({ step }: StepEvent) =>
      step % 2 === 1 ? [{ type: 'finding' as const, step, finding: 'equilibrium' as const, reason: 'odd' }] : [],
  };
  const events = await collect(trainer({ observers: [observer], readEvery: 3 }).run(batches(), { steps: 3 }));
  expect(events.map(({ type }) => type)).toEqual(['start', 'finding', 'step', 'step', 'finding', 'step', 'end']);
});

test('an average hears of every generator update', async () => {
  const heard: number[] = [];
  const average = { update: ({ samplesPlayed }: { samplesPlayed: number }) => void heard.push(samplesPlayed) };
  const schedule = fixedSchedule({ discriminatorUpdates: 2 });
  await collect(trainer({ average, schedule }).run(batches(), { steps: 2 }));
  expect(heard).toEqual([4, 8]);
});

test('a part can stop the run', async () => {
  const game = trainer();
  const events: TrainingEvent[] = [];
  for await (const event of game.run(batches(), { steps: 9 })) {
    events.push(event);
    if (event.type === 'step' && event.step === 2) game.stop();
  }
  expect(events.at(-1)).toEqual({ type: 'end', step: 2, reason: 'stopped' });
});

describe('state', () => {
  /** Noise on the discriminator's input makes the random streams matter. */
  const noisy = (): Penalty => ({
    name: 'noisy',
    player: 'discriminator',
    weight: 0.1,
    interval: 2,
    term: ({ real, random, discriminate }) =>
      tf.tidy(
        () =>
          discriminate(real.add(random.normalTensor(real.shape)))
            .logits.square()
            .mean() as tf.Scalar,
      ),
  });

  test('loaded into new parts, training goes on to the same bytes', async () => {
    const extra = { penalties: [noisy()], watchEvery: 3 };
    const unbroken = trainer(extra);
    const first = await collect(unbroken.run(batches(), { steps: 5 }));
    const state = structuredClone(await unbroken.saveState());
    const tail = await collect(unbroken.run(batches(), { steps: 5 }));
    const ended = { ...valuesOf(generator), ...valuesOf(discriminator) };
    expect(first).toHaveLength(7);

    const [otherGenerator, otherDiscriminator] = [linearGenerator(9, 9), linearDiscriminator(9, 9)];
    const resumed = trainer({
      ...extra,
      generator: otherGenerator,
      discriminator: otherDiscriminator,
      random: new RandomStream(77),
    });
    resumed.loadState(state);
    expect(resumed.step).toBe(5);
    expect(await collect(resumed.run(batches(), { steps: 5 }))).toEqual(tail);
    expect({ ...valuesOf(otherGenerator), ...valuesOf(otherDiscriminator) }).toEqual(ended);
    otherGenerator.dispose();
    otherDiscriminator.dispose();
  });

  test('of other parts is refused', async () => {
    const remembering = () => ({ ...noisy(), saveState: async () => ({}), loadState() {} });
    const state = await trainer({ penalties: [remembering()] }).saveState();
    expect(() => trainer().loadState(state)).toThrow(
      "it has 'penalty.discriminator.noisy', which this run does not. Use the parts that it was saved with.",
    );
  });
});

describe('a run that diverges', () => {
  /** NaN in the second evaluation at step 4, once. */
  function failingOnce(): Penalty {
    let failed = false;
    return {
      name: 'failing',
      player: 'generator',
      weight: 1,
      term: ({ step }) => {
        const fails = step === 4 && !failed;
        failed ||= fails;
        return tf.scalar(fails ? Number.NaN : 0);
      },
    };
  }

  test('goes back to the last good state, at a lower learning rate', async () => {
    const optimizers = { generatorOptimizer: descent(0.01), discriminatorOptimizer: descent(0.01) };
    let good: State | undefined;
    const recovery = { lastGood: async () => good, learningRateFactor: 0.25 };
    const game = trainer({ ...optimizers, penalties: [failingOnce()], recovery });
    const events: TrainingEvent[] = [];
    for await (const event of game.run(batches(), { steps: 6 })) {
      events.push(event);
      if (event.type === 'step' && event.step === 2) good = await game.saveState();
    }
    const kinds = events.map((event) => (event.type === 'step' ? event.step : event.type));
    expect(kinds).toEqual(['start', 1, 2, 3, 4, 'finding', 'rollback', 3, 4, 5, 6, 'end']);
    expect(events.find(({ type }) => type === 'rollback')).toEqual({
      type: 'rollback',
      from: 5,
      step: 2,
      learningRateFactor: 0.25,
      reason: expect.stringContaining("the generator's penalty failing was NaN at step 5"),
    });
    for (const optimizer of Object.values(optimizers)) expect(optimizer.learningRateFactor).toBe(0.25);
    expect(Object.values(valuesOf(generator)).every(Number.isFinite)).toBe(true);
  });

  test('ends with the error when there is no good state, or too often', async () => {
    const always: Penalty = { ...failingOnce(), term: () => tf.scalar(Number.NaN) };
    const without = trainer({ penalties: [always], recovery: { lastGood: async () => undefined } });
    await expect(collect(without.run(batches(), { steps: 3 }))).rejects.toThrow(
      "Training diverged: the generator's penalty failing",
    );
    let restored = 0;
    const start = await trainer({ penalties: [always] }).saveState();
    const lastGood = async () => {
      restored++;
      return start;
    };
    const often = trainer({ penalties: [always], recovery: { lastGood, attempts: 2 } });
    await expect(collect(often.run(batches(), { steps: 3 }))).rejects.toThrow(
      "Training diverged: the generator's penalty failing",
    );
    expect(restored).toBe(2);
  });
});

describe('what goes wrong is one sentence', () => {
  test('a loss that is not finite', async () => {
    const game = trainer({ discriminatorOptimizer: descent(1e30), generatorOptimizer: descent(1e30) });
    await expect(collect(game.run(batches(), { steps: 50 }))).rejects.toMatchObject({
      code: 'numerical',
      message: /Training diverged: the [\w' ]+ was (NaN|-?Infinity) at step \d+/,
    });
  });

  test.each([
    [1, Number.NaN],
    [3, Number.NaN],
    [2, Number.POSITIVE_INFINITY],
  ])('data that hold what is no number, in step %i, are told as such and never as divergence', async (at, value) => {
    const spoilt = async function* () {
      for (let batch = 1; ; batch++) yield { data: tf.tensor2d([[0.5], [batch === at ? value : 0.25]]) };
    };
    const recovery = { lastGood: async () => undefined };
    await expect(collect(trainer({ recovery }).run(spoilt(), { steps: 5 }))).rejects.toMatchObject({
      code: 'invalid-data',
      message: `Sample 1 of the batch of step ${at} holds ${value}; leave such samples out, or replace the value.`,
    });
  });

  test('images that were never scaled are told in the first step', async () => {
    const faultOf = async (...batches: tf.Tensor[]) => {
      const fault = await dataFault(batches, 1);
      tf.dispose(batches);
      return fault?.message;
    };
    expect(await faultOf(tf.fill([2, 2, 2, 1], 200))).toBe(
      'The images of step 1 hold values from 0 to 200, and images go from -1 to 1; divide bytes by 127.5 and subtract 1.',
    );
    expect(await faultOf(tf.fill([2, 2, 2, 1], -3))).toContain('from -3 to 0');
    // Points and tables may go a little beyond.
    expect(await faultOf(tf.fill([2, 3], 2), tf.fill([1, 2, 2, 1], 1))).toBeUndefined();
  });

  test('a batch that does not fit', async () => {
    const wrong = async function* () {
      yield { data: tf.zeros([2, 3]) };
    };
    await expect(collect(trainer().run(wrong(), { steps: 1 }))).rejects.toThrow(
      'A batch of real samples must be float32 of shape [batch, 1], not float32 of shape [2, 3].',
    );
  });

  test('players of different shapes', () => {
    expect(() => trainer({ discriminator: { ...discriminator, inputShape: [2] } })).toThrow(
      'The output of linear-generator has shape [1] but the input of linear-discriminator has [2]',
    );
  });

  test('a loss and a discriminator that speak differently', () => {
    expect(() => trainer({ loss: { ...scores, name: 'ebgan', verdict: 'energy' } })).toThrow(
      "The loss 'ebgan' needs an energy, such as the reconstruction error of an autoencoder, but linear-discriminator gives one logit for each verdict",
    );
  });

  const penalty: Penalty = {
    name: 'matching',
    player: 'generator',
    weight: 1,
    needsHeads: ['features'],
    needsRealOutput: true,
    term: () => tf.scalar(0),
  };

  test('a penalty without what it reads', () => {
    expect(() => trainer({ penalties: [penalty] })).toThrow(
      "The penalty 'matching' needs the discriminator's features, which linear-discriminator does not have.",
    );
    const plain = { ...penalty, needsHeads: [] };
    expect(() => trainer({ penalties: [plain, plain] })).toThrow("The generator's penalty 'matching' is there twice");
    const needsLatent: Penalty = { ...plain, player: 'discriminator', needsLatent: true };
    const replay = {
      name: 'replay',
      fromLatent: false,
      sample: () => ({ samples: tf.ones([2, 1]), fromLatent: false }),
    };
    expect(() => trainer({ penalties: [needsLatent], negatives: replay })).toThrow(
      "The penalty 'matching' needs the latents of the fakes, but the negatives 'replay' do not come from them",
    );
  });

  test('numbers that make no sense', async () => {
    expect(() => trainer({ readEvery: 0 })).toThrow('readEvery');
    await expect(collect(trainer().run(batches(), { steps: -1 }))).rejects.toThrow('steps');
    const idle = trainer({ schedule: () => ({ discriminatorUpdates: 0, generatorUpdates: 0 }) });
    await expect(collect(idle.run(batches(), { steps: 1 }))).rejects.toThrow('The number of updates in a step');
  });
});

/** What a run tells until it fails, and the error. */
async function collectFailing(events: AsyncIterable<TrainingEvent>) {
  const told: TrainingEvent[] = [];
  let error: unknown;
  try {
    for await (const event of events) told.push(event);
  } catch (caught) {
    error = caught;
  }
  return { told, error: error as Error };
}

test('a run that fails tells it in an event before it throws', async () => {
  const diverging = trainer({ discriminatorOptimizer: descent(1e30), generatorOptimizer: descent(1e30) });
  const { told, error } = await collectFailing(diverging.run(batches(), { steps: 50 }));
  expect(told.at(-1)).toEqual({ type: 'error', step: diverging.step, code: 'numerical', message: error.message });
  expect(structuredClone(told.at(-1))).toEqual(told.at(-1));
  // The trainer is free for another run.
  const again = await collectFailing(diverging.run([], { steps: 1 }));
  expect(again.told.at(-1)).toMatchObject({ type: 'end', reason: 'exhausted' });
});

test('two runs of one trainer at once are refused, and do not harm the first', async () => {
  const game = trainer();
  const first = game.run(batches(), { steps: 4 });
  await first.next();
  await expect(game.run(batches(), { steps: 1 }).next()).rejects.toMatchObject({ code: 'conflict' });
  expect((await collect(first)).at(-1)).toEqual({ type: 'end', step: 4, reason: 'completed' });
});

test('a state that is saved beside a running game is never torn', async () => {
  const optimizers = { generatorOptimizer: descent(0.01), discriminatorOptimizer: descent(0.01) };
  const game = trainer({ ...optimizers, schedule: fixedSchedule({ discriminatorUpdates: 2 }) });
  const slow = async function* () {
    for await (const batch of batches()) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      yield batch;
    }
  };
  const states: State[] = [];
  let over = false;
  const saving = (async () => {
    while (!over) {
      states.push(await game.saveState());
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  })();
  await game.train(slow(), { steps: 20 });
  over = true;
  await saving;
  const steps = states.map(({ values }) => {
    const { progress } = values as Record<string, { state: { step: number } }>;
    const of = (player: string) =>
      (values as Record<string, { iterations: number }>)[`${player}-optimizer`]!.iterations;
    return [progress!.state.step, of('generator'), of('discriminator') / 2];
  });
  expect(new Set(steps.map(([step]) => step)).size).toBeGreaterThan(5);
  for (const [step, ...iterations] of steps) expect(iterations).toEqual([step, step]);
});

describe('counts and records', () => {
  const constant = (name: string, player: 'discriminator' | 'generator', value: number, interval = 1): Penalty => ({
    name,
    player,
    weight: 1,
    interval,
    term: ({ fake }) => tf.tidy(() => fake.mean().mul(0).add(value) as tf.Scalar),
  });

  test('each player has its own penalties, also under one name', async () => {
    const penalties = [constant('consistency', 'discriminator', 2), constant('consistency', 'generator', -3)];
    const [event] = steps(await collect(trainer({ penalties }).run(batches(), { steps: 1 })));
    expect(event!.discriminator!.penalties).toEqual({ consistency: 2 });
    expect(event!.generator!.penalties).toEqual({ consistency: -3 });
    expect(event!.generator!.objective).toBeCloseTo(event!.generator!.adversarialLoss - 3, 6);
  });

  test('a lazy penalty makes no comb in the loss, nor in the objective', async () => {
    const still = { generatorOptimizer: descent(0), discriminatorOptimizer: descent(0) };
    const ones = async function* () {
      for (;;) yield { data: tf.ones([2, 1]) };
    };
    const penalties = [constant('lazy', 'discriminator', 5, 4)];
    const events = steps(await collect(trainer({ ...still, penalties }).run(ones(), { steps: 9 })));
    const beside = events.map(({ discriminator: numbers }) => numbers!.objective - numbers!.adversarialLoss);
    for (const difference of beside) expect(difference).toBeCloseTo(5, 5);
    const evaluated = events.filter(({ discriminator: numbers }) => 'lazy' in numbers!.penalties);
    expect(evaluated.map(({ step }) => step)).toEqual([1, 5, 9]);
    expect(evaluated[0]!.discriminator!.penalties['lazy']).toBe(5);
  });

  test('rounds in which nobody looks at real samples take none', async () => {
    let taken = 0;
    const counted = async function* () {
      for await (const batch of batches()) {
        taken++;
        yield batch;
      }
    };
    const schedule = fixedSchedule({ generatorUpdates: 5 });
    await collect(trainer({ schedule }).run(counted(), { steps: 2 }));
    expect(taken).toBe(2);
  });

  test('plain arrays are data, a data source is told from its batches', async () => {
    const data = [{ data: tf.ones([2, 1]) }, { data: tf.ones([2, 1]) }];
    expect(await trainer().train(data)).toEqual({ type: 'end', step: 2, reason: 'exhausted' });
    const source = { batches: () => batches() } as unknown as AsyncIterable<never>;
    await expect(trainer().train(source)).rejects.toThrow('this is a data source: give its batches');
  });

  test('until is the last step of all, also for a run that goes on', async () => {
    const game = trainer();
    expect(await game.train(batches(), { until: 3 })).toMatchObject({ step: 3 });
    expect(await game.train(batches(), { until: 5 })).toMatchObject({ step: 5 });
    expect(await game.train(batches(), { until: 5 })).toEqual({ type: 'end', step: 5, reason: 'completed' });
  });
});

test('a part that throws leaks nothing, and leaves the weights', async () => {
  let calls = 0;
  const throwing: Penalty = {
    name: 'throwing',
    player: 'generator',
    weight: 1,
    term: ({ fake }) => {
      if (++calls > 1) throw new Error('on purpose');
      return tf.tidy(() => fake.mean() as tf.Scalar);
    },
  };
  const game = trainer({ penalties: [throwing], watchEvery: 1 });
  await game.train(batches(), { steps: 1 });
  const before = tf.memory().numTensors;
  for (let attempt = 0; attempt < 5; attempt++) {
    await expect(game.train(batches(), { steps: 1 })).rejects.toThrow('on purpose');
  }
  expect(tf.memory().numTensors).toBe(before);
});

test('one optimiser for both players is refused, by the constructor and by the updates', () => {
  const shared = descent(0.01);
  const both = { generatorOptimizer: shared, discriminatorOptimizer: shared };
  expect(() => trainer(both)).toThrow("Both players have the same optimiser 'descent'");
});
