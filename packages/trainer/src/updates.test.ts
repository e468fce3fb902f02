import {
  type AdversarialLoss,
  type Condition,
  type Constraint,
  type Penalty,
  type PenaltyContext,
  RandomStream,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { updateDiscriminator } from './discriminator-update.ts';
import { updateGenerator } from './generator-update.ts';
import { descent, linearDiscriminator, linearGenerator, scores, valuesOf } from './linear-players.fixture.ts';
import { readMeasurements } from './measurements.ts';
import { minimize } from './minimize.ts';
import { updateBoth } from './simultaneous-update.ts';

const [a, b, w, c] = [0.5, 0.1, 0.7, -0.2];
const [z, x] = [
  [1, -2],
  [3, 4],
] as const;
const fakes = z.map((value) => a * value + b);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

let generator = linearGenerator();
let discriminator = linearDiscriminator();
let real: tf.Tensor;
let latent: tf.Tensor;
let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
  generator = linearGenerator(a, b);
  discriminator = linearDiscriminator(w, c);
  real = tf.tensor2d(x.map((value) => [value]));
  latent = tf.tensor2d(z.map((value) => [value]));
});
afterEach(() => {
  tf.dispose([real, latent]);
  generator.dispose();
  discriminator.dispose();
  expect(tf.memory().numTensors).toBe(tensors);
});

const options = () => ({
  generator,
  discriminator,
  loss: scores,
  optimizer: descent(0.1),
  real,
  latent,
  random: new RandomStream(1),
});

/** Runs an update and reads what it measured. */
async function read(update: typeof updateDiscriminator | typeof updateGenerator, extra: object = {}) {
  const [numbers] = await readMeasurements([update({ ...options(), ...extra })]);
  return numbers!;
}

const penalty = (
  name: string,
  term: (context: PenaltyContext) => tf.Scalar,
  extra: Partial<Penalty> = {},
): Penalty => ({
  name,
  player: 'discriminator',
  weight: 1,
  term,
  ...extra,
});

describe('updateDiscriminator', () => {
  test('makes the step of the closed form and leaves the generator alone', async () => {
    const measured = await read(updateDiscriminator);
    expect(measured.adversarialLoss).toBeCloseTo(w * mean(fakes) + c - (w * mean(x) + c), 6);
    expect(measured.realLogit).toBeCloseTo(mean(x.map((value) => w * value + c)), 6);
    expect(measured.fakeLogit).toBeCloseTo(mean(fakes.map((value) => w * value + c)), 6);
    // dL/dw = mean fake - mean real, dL/dc = 0.
    expect(valuesOf(discriminator)['w']).toBeCloseTo(w - 0.1 * (mean(fakes) - mean(x)), 6);
    expect(valuesOf(discriminator)['c']).toBeCloseTo(c, 6);
    expect(valuesOf(generator)['a']).toBeCloseTo(a, 7);
  });

  test('negatives of another kind take the place of the generator', async () => {
    const noise = { name: 'ones', sample: () => ({ samples: tf.ones([2, 1]), fromLatent: false }) };
    const seen: boolean[] = [];
    const spy = penalty('spy', (context) => {
      seen.push(context.latent !== undefined);
      return tf.scalar(0);
    });
    await read(updateDiscriminator, { negatives: noise, penalties: [spy] });
    expect(valuesOf(discriminator)['w']).toBeCloseTo(w - 0.1 * (1 - mean(x)), 6);
    expect(seen).toEqual([false]);
  });

  test('penalties are weighted, summed into one step, and due only at their interval', async () => {
    const squaredSlope = penalty('slope', ({ variables }) => variables[0]!.variable.square().asScalar(), {
      weight: (step) => step / 10,
      interval: 4,
    });
    const loss = w * (mean(fakes) - mean(x));
    const due = await read(updateDiscriminator, { penalties: [squaredSlope], step: 5, update: 8 });
    // Told with its weight 5 / 10; in this update it weighs 4 times as much, as the gradient shows.
    expect(due.penalties['slope']).toBeCloseTo(0.5 * w * w, 5);
    expect(due.adversarialLoss).toBeCloseTo(loss, 5);
    expect(due.objective).toBeCloseTo(loss + 0.5 * w * w, 5);
    expect(valuesOf(discriminator)['w']).toBeCloseTo(w - 0.1 * (mean(fakes) - mean(x) + 4 * w), 5);
    const notDue = await read(updateDiscriminator, { penalties: [squaredSlope], step: 5, update: 9 });
    expect(notDue.penalties).toEqual({});
  });

  test('a balanced penalty is weighted by what its gradient and the loss make of it', async () => {
    const balanced = penalty('balanced', ({ variables }) => variables[0]!.variable.square().asScalar(), {
      weight: 3,
      balance: (objective, term) => tf.tidy(() => objective[0]!.gradient.div(term[0]!.gradient).abs().asScalar()),
    });
    const gradient = mean(fakes) - mean(x);
    const factor = Math.abs(gradient / (2 * w));
    const measured = await read(updateDiscriminator, { penalties: [balanced] });
    expect(measured.penalties['balanced']).toBeCloseTo(3 * factor * w * w, 5);
    expect(valuesOf(discriminator)['w']).toBeCloseTo(w - 0.1 * (gradient + 3 * factor * 2 * w), 5);
  });

  test('the loss hears of the outputs once, after the update', async () => {
    const heard: number[][] = [];
    const loss = {
      ...scores,
      afterDiscriminatorUpdate: ({
        real: r,
        fake: f,
      }: {
        real: { logits: tf.Tensor };
        fake: { logits: tf.Tensor };
      }) => {
        heard.push([...r.logits.dataSync(), ...f.logits.dataSync()]);
      },
    };
    await read(updateDiscriminator, { loss });
    expect(heard).toHaveLength(1);
    [...x, ...fakes].forEach((sample, index) => {
      expect(heard[0]![index]).toBeCloseTo(w * sample + c, 6);
    });
  });

  test('constraints see the variables after the step', async () => {
    const constraint: Constraint = {
      name: 'clip',
      player: 'discriminator',
      apply: ([first]) => tf.tidy(() => first!.variable.assign(first!.variable.clipByValue(-0.71, 0.71))),
    };
    await read(updateDiscriminator, { constraints: [constraint] });
    expect(valuesOf(discriminator)['w']).toBeCloseTo(0.71, 6);
  });
});

describe('updateBoth', () => {
  const both = async (extra: object = {}) => {
    const optimizers = { generatorOptimizer: descent(0.1), discriminatorOptimizer: descent(0.1) };
    const { optimizer: _, ...game } = options();
    const measured = updateBoth({ ...game, ...optimizers, ...extra });
    const [ofDiscriminator, ofGenerator] = await readMeasurements([measured.discriminator, measured.generator]);
    return { ofDiscriminator: ofDiscriminator!, ofGenerator: ofGenerator! };
  };

  test('each player answers the other as it was before, and neither loss reaches the other player', async () => {
    const { ofDiscriminator, ofGenerator } = await both();
    expect(ofDiscriminator.adversarialLoss).toBeCloseTo(w * (mean(fakes) - mean(x)), 6);
    expect(ofGenerator.adversarialLoss).toBeCloseTo(-(w * mean(fakes) + c), 6);
    expect(valuesOf(discriminator)['w']).toBeCloseTo(w - 0.1 * (mean(fakes) - mean(x)), 6);
    expect(valuesOf(discriminator)['c']).toBeCloseTo(c, 6);
    // An alternating step would use the new w here.
    expect(valuesOf(generator)['a']).toBeCloseTo(a + 0.1 * w * mean(z), 6);
    expect(valuesOf(generator)['b']).toBeCloseTo(b + 0.1 * w, 6);
  });

  test('runs each network forward once on each batch', async () => {
    const calls = { generate: 0, discriminate: 0 };
    const counted = {
      generator: {
        ...generator,
        generate: (...args: Parameters<typeof generator.generate>) => {
          calls.generate++;
          return generator.generate(...args);
        },
      },
      discriminator: {
        ...discriminator,
        discriminate: (...args: Parameters<typeof discriminator.discriminate>) => {
          calls.discriminate++;
          return discriminator.discriminate(...args);
        },
      },
    };
    await both({ ...counted });
    expect(calls).toEqual({ generate: 1, discriminate: 2 });
  });

  test('penalties, plain and balanced, join the objective of their player alone', async () => {
    const slope = penalty('slope', ({ variables }) => variables[0]!.variable.square().asScalar(), { weight: 0.5 });
    const balanced = penalty('balanced', ({ variables }) => variables[0]!.variable.square().asScalar(), {
      balance: (objective, term) => tf.tidy(() => objective[0]!.gradient.div(term[0]!.gradient).abs().asScalar()),
    });
    const { ofDiscriminator } = await both({ penalties: [slope, balanced] });
    const gradient = mean(fakes) - mean(x) + w;
    const factor = Math.abs(gradient / (2 * w));
    expect(ofDiscriminator.penalties['slope']).toBeCloseTo(0.5 * w * w, 6);
    expect(ofDiscriminator.penalties['balanced']).toBeCloseTo(factor * w * w, 5);
    expect(valuesOf(discriminator)['w']).toBeCloseTo(w - 0.1 * (gradient + factor * 2 * w), 5);
    expect(valuesOf(generator)['a']).toBeCloseTo(a + 0.1 * w * mean(z), 6);
  });
});

describe('watching', () => {
  test('measures gradient norm, relative update and diversity', async () => {
    const ofGenerator = await read(updateGenerator, { watch: true });
    const gradient = [w * mean(z), w];
    expect(ofGenerator.gradientNorm).toBeCloseTo(Math.hypot(...gradient), 6);
    expect(ofGenerator.updateRatio).toBeCloseTo((0.1 * Math.hypot(...gradient)) / Math.hypot(a, b), 5);
    // Two samples: their standard deviation is half their distance.
    expect(ofGenerator.sampleDiversity).toBeCloseTo(Math.abs(fakes[0]! - fakes[1]!) / 2, 6);
    const ofDiscriminator = await read(updateDiscriminator, { watch: true });
    expect(ofDiscriminator.gradientNorm).toBeGreaterThan(0);
    expect(ofDiscriminator.sampleDiversity).toBeUndefined();
  });

  test('counts which samples are taken for what they are', async () => {
    // Logits: real .7 x - .2 = 1.9 and 2.6, fake .7 (.5 z + .1) - .2 = .22 and -.83.
    const loss: AdversarialLoss = { ...scores, decision: { threshold: 0 } };
    const measured = await read(updateDiscriminator, { loss });
    expect(measured.realAccuracy).toBe(1);
    expect(measured.fakeAccuracy).toBe(0.5);
  });
});

describe('conditions', () => {
  test('the real side and the generated side are told their own', async () => {
    const told: string[] = [];
    const name = (condition: Condition | undefined) => String(condition?.labels?.dataSync()[0]);
    const parts = {
      generator: {
        ...generator,
        generate: (...[noise, how]: Parameters<typeof generator.generate>) => {
          told.push(`G ${name(how.condition)}`);
          return generator.generate(noise, how);
        },
      },
      discriminator: {
        ...discriminator,
        discriminate: (...[samples, how]: Parameters<typeof discriminator.discriminate>) => {
          told.push(`D ${name(how.condition)}`);
          return discriminator.discriminate(samples, how);
        },
      },
    };
    const labels = (value: number) => ({ labels: tf.tensor1d([value, value], 'int32') });
    const [condition, fakeCondition] = [labels(1), labels(2)];
    await read(updateDiscriminator, { ...parts, condition, fakeCondition });
    expect(told).toEqual(['G 2', 'D 1', 'D 2']);
    told.length = 0;
    await read(updateGenerator, { ...parts, condition, fakeCondition });
    expect(told).toEqual(['G 2', 'D 2']);
    told.length = 0;
    await read(updateGenerator, { ...parts, condition });
    expect(told).toEqual(['G 1', 'D 1']);
    tf.dispose([condition.labels, fakeCondition.labels]);
  });
});

describe('updateGenerator', () => {
  test('sends the gradient through the discriminator and leaves that alone', async () => {
    const measured = await read(updateGenerator);
    expect(measured.adversarialLoss).toBeCloseTo(-(w * mean(fakes) + c), 6);
    expect(measured.realLogit).toBeUndefined();
    // dL/da = -w mean z, dL/db = -w.
    expect(valuesOf(generator)['a']).toBeCloseTo(a + 0.1 * w * mean(z), 6);
    expect(valuesOf(generator)['b']).toBeCloseTo(b + 0.1 * w, 6);
    expect(valuesOf(discriminator)).toEqual({ w: expect.closeTo(w, 6), c: expect.closeTo(c, 6) });
  });

  test('a loss that needs real outputs and samples gets them', async () => {
    const loss = {
      ...scores,
      generatorNeeds: ['real', 'samples'] as const,
      generatorLoss: (outputs: Parameters<typeof scores.generatorLoss>[0]) =>
        tf.tidy(() =>
          outputs.samples!.fake.sub(outputs.samples!.real).square().mean().add(outputs.real!.logits.mean()),
        ) as tf.Scalar,
    };
    const squared = mean(fakes.map((fake, index) => (fake - x[index]!) ** 2));
    const measured = await read(updateGenerator, { loss });
    expect(measured.adversarialLoss).toBeCloseTo(squared + w * mean(x) + c, 5);
  });

  test('a penalty that needs real outputs gets them', async () => {
    const term = ({ realOutput }: PenaltyContext) => realOutput!.logits.mean() as tf.Scalar;
    const needy = penalty('needy', term, { player: 'generator', needsRealOutput: true, weight: 2 });
    const measured = await read(updateGenerator, { penalties: [needy] });
    expect(measured.penalties['needy']).toBeCloseTo(2 * (w * mean(x) + c), 5);
    expect(measured.realLogit).toBeCloseTo(mean(x.map((value) => w * value + c)), 6);
  });
});

test('a network without trainable variables cannot be updated', async () => {
  const frozen = {
    ...discriminator,
    variables: discriminator.variables.map((named) => ({ ...named, trainable: false })),
  };
  await expect(read(updateDiscriminator, { discriminator: frozen })).rejects.toThrow(
    "The network 'linear-discriminator' has no trainable variables",
  );
});

describe('what does not fit is refused by the updates themselves', () => {
  test('a penalty or a constraint of the other player', async () => {
    const ofGenerator = penalty('path-length', () => tf.scalar(0), { player: 'generator' });
    await expect(read(updateDiscriminator, { penalties: [ofGenerator] })).rejects.toThrow(
      "'path-length' belongs to the generator, but this updates the discriminator",
    );
    const clip: Constraint = { name: 'clip', player: 'discriminator', apply() {} };
    await expect(read(updateGenerator, { constraints: [clip] })).rejects.toThrow("'clip' belongs to the discriminator");
  });

  test('a loss whose verdict the discriminator does not give', async () => {
    await expect(read(updateDiscriminator, { loss: { ...scores, verdict: 'energy' } })).rejects.toThrow(
      "make the discriminator with { verdict: 'energy' }",
    );
  });

  test('one optimiser for two networks', async () => {
    const optimizer = descent(0.1);
    await read(updateDiscriminator, { optimizer });
    await expect(read(updateGenerator, { optimizer })).rejects.toThrow('has updated another network before');
  });

  test('an option that does not exist', async () => {
    await expect(read(updateGenerator, { penalty: [] })).rejects.toThrow(
      "updateGenerator has no option 'penalty'; did you mean 'penalties'?",
    );
  });
});

test('minimize lowers a scalar over any network by the step of the closed form', async () => {
  const encoder = linearGenerator(2, 0);
  const optimizer = descent(0.1);
  const loss = minimize(
    encoder,
    optimizer,
    () => encoder.generate(latent, { training: true }).square().mean() as tf.Scalar,
  );
  const squares = mean(z.map((value) => value * value));
  expect((await loss.data())[0]).toBeCloseTo(4 * squares, 5);
  // d/da mean (a z)^2 = 2 a mean z^2.
  expect(valuesOf(encoder)['a']).toBeCloseTo(2 - 0.1 * 4 * squares, 5);
  tf.dispose(loss);
  encoder.dispose();
});
