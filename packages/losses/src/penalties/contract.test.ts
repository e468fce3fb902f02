// Every penalty goes through the same cases: value and gradients of the float64 closed form, shapes of logits, extreme
// logits, flat discriminators, a batch of one, NaN, leaks, state, and whose variables receive a gradient.
import {
  checkFinite,
  isStateful,
  type NamedVariable,
  type Penalty,
  type PenaltyContext,
  RandomStream,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { penalties as named } from '../registry/index.ts';
import {
  discriminate,
  discriminator64,
  drawParameters,
  drawRows,
  type GameShape,
  generate,
  generator64,
  latentSize,
  makeVariables,
  type Parameters,
  parameterShapes,
} from './float64-game.fixture.ts';
import { type Game64, penaltyReferences } from './penalty-references.fixture.ts';

const randomSeed = 'penalty';
const scalarLogits: GameShape = { batch: 4, sampleShape: [2], logitShape: [1] };
const shapes: readonly GameShape[] = [
  scalarLogits,
  { batch: 4, sampleShape: [2], logitShape: [] },
  { batch: 3, sampleShape: [2, 2, 1], logitShape: [2, 2, 1] },
  { batch: 1, sampleShape: [2], logitShape: [1] },
];

interface Start {
  readonly discriminator: Parameters;
  readonly generator: Parameters;
}

function start(shape: GameShape, scale = 1): Start {
  const { discriminator, generator } = parameterShapes(shape);
  const drawn = drawParameters(discriminator, 'discriminator');
  return {
    discriminator: { ...drawn, V: drawn['V']!.map((value) => value * scale) },
    generator: drawParameters(generator, 'generator'),
  };
}

/** The game in float64 with one player's parameters replaced. */
function game64(
  shape: GameShape,
  penalty: Penalty,
  from: Start,
  parameters = from[penalty.player],
  first?: Game64,
): Game64 {
  const width = shape.sampleShape.reduce((product, extent) => product * extent, 1);
  const current = { ...from, [penalty.player]: parameters };
  const latent = drawRows(shape.batch, latentSize, 'latent');
  const generator = generator64(current.generator);
  const fixed = {
    shape,
    real: drawRows(shape.batch, width, 'real'),
    latent,
    fake: generator.generate(latent),
    discriminator: discriminator64(current.discriminator),
    generator,
    parameters,
    random: () => new RandomStream(randomSeed),
  };
  const game: Game64 = {
    ...fixed,
    get start() {
      return first ?? game;
    },
  };
  return game;
}

/** Calls `use` with the game in TensorFlow.js and frees its variables afterwards. */
async function withGame<T>(
  shape: GameShape,
  from: Start,
  use: (game: {
    readonly discriminator: readonly NamedVariable[];
    readonly generator: readonly NamedVariable[];
    context(penalty: Penalty, random?: RandomStream): PenaltyContext;
  }) => T | Promise<T>,
): Promise<T> {
  const names = parameterShapes(shape);
  const discriminator = makeVariables(from.discriminator, names.discriminator);
  const generator = makeVariables(from.generator, names.generator);
  const width = shape.sampleShape.reduce((product, extent) => product * extent, 1);
  const real = tf.tensor(drawRows(shape.batch, width, 'real').flat(), [shape.batch, ...shape.sampleShape]);
  const latent = tf.tensor(drawRows(shape.batch, latentSize, 'latent').flat(), [shape.batch, latentSize]);
  const constantFake = tf.tidy(() => generate(generator, shape, latent));
  const judge = (samples: tf.Tensor) => discriminate(discriminator, shape, samples);
  const context = (penalty: Penalty, random = new RandomStream(randomSeed)): PenaltyContext => {
    const fake = penalty.player === 'generator' ? generate(generator, shape, latent) : constantFake;
    return {
      step: 0,
      random,
      real,
      fake,
      latent,
      realOutput: judge(real),
      fakeOutput: judge(fake),
      variables: penalty.player === 'generator' ? generator : discriminator,
      discriminate: judge,
      generate: (z) => generate(generator, shape, z),
    };
  };
  try {
    return await use({ discriminator, generator, context });
  } finally {
    tf.dispose([real, latent, constantFake, ...[...discriminator, ...generator].map(({ variable }) => variable)]);
  }
}

/** Value of the term and its gradient with respect to every variable; zeros where there is no path. */
function gradients(build: () => tf.Scalar, variables: readonly NamedVariable[]) {
  return tf.tidy(() => {
    const list = variables.map(({ variable }) => variable);
    const { value, grads } = tf.variableGrads(() => {
      const anchor = tf.addN(list.map((variable) => tf.sum(variable)));
      return tf.add(build(), tf.mul(anchor, 0)) as tf.Scalar;
    }, list);
    return {
      value: value.dataSync()[0]!,
      gradients: Object.fromEntries(variables.map(({ name, variable }) => [name, grads[variable.name]!.dataSync()])),
    };
  });
}

function expectClose(actual: number, expected: number, what: string): void {
  const tolerance = 2e-4 * Math.max(1, Math.abs(expected));
  expect(Math.abs(actual - expected), `${what}: ${actual} instead of ${expected}`).toBeLessThan(tolerance);
}

describe('the contract of penalties', () => {
  it('has a reference for every registered penalty', () => {
    const referenced = new Set(penaltyReferences.map((reference) => reference.make().name));
    expect([...referenced].sort()).toEqual([...named.names].sort());
  });

  describe.each(penaltyReferences.map((reference) => [reference.title, reference] as const))('%s', (_, reference) => {
    for (const shape of shapes) {
      const wanted = `samples [${shape.sampleShape}], logits [${shape.logitShape}], batch ${shape.batch}`;
      it(`has the value and gradients of the closed form (${wanted})`, async () => {
        const from = start(shape);
        const penalty = reference.make();
        const first = game64(shape, penalty, from);
        await withGame(shape, from, (game) => {
          const own = game[penalty.player];
          const actual = gradients(() => penalty.term(game.context(penalty)), own);
          expectClose(actual.value, reference.value(first), 'value');
          for (const [name, values] of Object.entries(from[penalty.player])) {
            for (let index = 0; index < values.length; index++) {
              const difference = 1e-5;
              const at = (offset: number) => {
                const moved = { ...from[penalty.player], [name]: Float64Array.from(values) };
                moved[name]![index]! += offset;
                return reference.value(game64(shape, penalty, from, moved, first));
              };
              const expected = (at(difference) - at(-difference)) / (2 * difference);
              expectClose(actual.gradients[name]![index]!, expected, `d/d${name}[${index}]`);
            }
          }
        });
        penalty.dispose?.();
      });
    }

    it('is finite in value and gradient for logits of 1e4 in size and for a flat discriminator', async () => {
      for (const scale of [1e4, -1e4, 0]) {
        await withGame(scalarLogits, start(scalarLogits, scale), (game) => {
          const penalty = reference.make();
          const own = game[penalty.player];
          const actual = gradients(() => penalty.term(game.context(penalty)), own);
          for (const number of [actual.value, ...Object.values(actual.gradients).flatMap((values) => [...values])]) {
            expect(number).toSatisfy(Number.isFinite);
          }
          penalty.dispose?.();
        });
      }
    });

    it('leaves the other player alone', async () => {
      const penalty = reference.make();
      await withGame(scalarLogits, start(scalarLogits), (game) => {
        const other = penalty.player === 'generator' ? game.discriminator : game.generator;
        if (penalty.player === 'discriminator') {
          const { gradients: sent } = gradients(() => penalty.term(game.context(penalty)), other);
          for (const values of Object.values(sent)) expect([...values].every((value) => value === 0)).toBe(true);
        }
        const before = other.map(({ variable }) => [...variable.dataSync()]);
        gradients(() => penalty.term(game.context(penalty)), game[penalty.player]);
        expect(other.map(({ variable }) => [...variable.dataSync()])).toEqual(before);
      });
      penalty.dispose?.();
    });

    it('leaks no tensor', async () => {
      await withGame(scalarLogits, start(scalarLogits), (game) => {
        const penalty = reference.make();
        const before = tf.memory().numTensors;
        const round = () =>
          tf.tidy(() => {
            const context = game.context(penalty);
            const inside = tf.memory().numTensors;
            const term = penalty.term(context);
            expect(term.shape).toEqual([]);
            return tf.memory().numTensors - inside;
          });
        round(); // a penalty with state makes its variables here
        expect(round()).toBe(1);
        const settled = tf.memory().numTensors;
        for (let count = 0; count < 3; count++) round();
        expect(tf.memory().numTensors).toBe(settled);
        penalty.dispose?.();
        expect(tf.memory().numTensors).toBe(before);
      });
    });

    it('is not silent about NaN: the culprit is found by name', async () => {
      const penalty = reference.make();
      const from = start(scalarLogits);
      const broken = Object.fromEntries(
        Object.entries(from[penalty.player]).map(([name, values]) => [name, values.slice().fill(Number.NaN, 0, 1)]),
      );
      await withGame(scalarLogits, { ...from, [penalty.player]: broken }, async (game) => {
        const term = penalty.term(game.context(penalty));
        await expect(checkFinite({ 'real samples': tf.ones([2]), [`${penalty.name} penalty`]: term })).rejects.toThrow(
          `The ${penalty.name} penalty held 1 NaN of 1 values`,
        );
        term.dispose();
      });
      penalty.dispose?.();
    });

    it('goes on as before when its state was saved and restored', async () => {
      const penalty = reference.make();
      if (!isStateful(penalty)) return;
      await withGame(scalarLogits, start(scalarLogits), async (game) => {
        const random = new RandomStream('state');
        const variables = game[penalty.player];
        const next = (part: Penalty, seed: RandomStream) =>
          gradients(() => part.term(game.context(part, seed)), variables);
        const shift = () => {
          for (const { variable } of variables) tf.tidy(() => variable.assign(tf.mul(variable, 1.1)));
        };
        next(penalty, random);
        shift();
        next(penalty, random);
        // A state that is asked for is that of this moment, also when the penalty goes on before it was read.
        const before = await penalty.saveState();
        const asked = penalty.saveState();
        shift();
        next(penalty, random);
        expect(await asked).toEqual(before);
        expect(await penalty.saveState()).not.toEqual(before);
        const restored = reference.make() as typeof penalty;
        restored.loadState(await penalty.saveState());
        shift();
        expect(next(restored, new RandomStream('after'))).toEqual(next(penalty, new RandomStream('after')));
        expect(() =>
          restored.loadState({ tensors: { nonsense: { shape: [], dtype: 'float32', data: new Float32Array(1) } } }),
        ).toThrow();
        restored.dispose?.();
      });
      penalty.dispose?.();
    });
  });
});
