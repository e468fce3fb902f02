import { type Condition, type Discriminator, type Generator, isStateful, RandomStream } from '@gankit/core';
import { seededDropout } from '@gankit/engine/layers';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { autoencodingDiscriminator } from './autoencoding-discriminator.ts';
import { discriminatorFromLayers } from './discriminator-from-layers.ts';
import { discriminatorFromFunction, generatorFromFunction } from './from-function.ts';
import { generatorFromLayers } from './generator-from-layers.ts';
import { mlpGenerator } from './mlp.ts';

function sequential(...layers: tf.layers.Layer[]): tf.Sequential {
  return tf.sequential({ layers });
}

test('a model of the user becomes a generator and frees its weights', () => {
  const before = tf.memory().numTensors;
  const generator = generatorFromLayers(
    sequential(
      tf.layers.dense({ units: 4, inputShape: [3] }),
      tf.layers.batchNormalization(),
      tf.layers.dense({ units: 2, trainable: false }),
    ),
    { name: 'mine', latentDistribution: 'uniform' },
  );
  expect(generator).toMatchObject({ name: 'mine', latentShape: [3], outputShape: [2], latentDistribution: 'uniform' });
  expect(generator.variables.map(({ name, trainable }) => [name, trainable])).toEqual([
    ['0.dense.kernel', true],
    ['0.dense.bias', true],
    ['1.batchNormalization.gamma', true],
    ['1.batchNormalization.beta', true],
    ['1.batchNormalization.moving_mean', false],
    ['1.batchNormalization.moving_variance', false],
    ['2.dense.kernel', false],
    ['2.dense.bias', false],
  ]);
  generator.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('a discriminator of the user gives the features that it names', () => {
  const model = sequential(
    tf.layers.dense({ units: 4, inputShape: [3], activation: 'relu', name: 'first' }),
    tf.layers.dense({ units: 1, name: 'last' }),
  );
  const discriminator = discriminatorFromLayers(model, { features: ['first'] });
  tf.tidy(() => {
    const { logits, features } = discriminator.discriminate(tf.ones([2, 3]), { training: false });
    const again = (model.getLayer('last').apply(features![0]!) as tf.Tensor).dataSync();
    expect(logits.dataSync()).toEqual(again);
  });
  expect(() => discriminatorFromLayers(model, { features: ['frist'] })).toThrow("no layer 'frist'; it has:");
  discriminator.dispose();
});

test('models that cannot play are refused', () => {
  const input = tf.input({ shape: [2] });
  const twice = tf.layers.dense({ units: 1 }).apply(input) as tf.SymbolicTensor;
  const twoOutputs = tf.model({ inputs: input, outputs: [twice, input] });
  expect(() => generatorFromLayers(twoOutputs)).toThrow('must have one output of a fixed shape');
  const anySize = sequential(tf.layers.conv2d({ filters: 1, kernelSize: 3, inputShape: [null, null, 1] }));
  expect(() => discriminatorFromLayers(anySize)).toThrow('must have one input of a fixed shape');
  expect(() => generatorFromLayers(tf.sequential())).toThrow('has no input yet; give its first layer an inputShape');
  twoOutputs.dispose();
  anySize.dispose();
});

test('the masks of dropout go on where a saved player stood', async () => {
  const build = () =>
    sequential(
      tf.layers.dense({ units: 32, inputShape: [2], kernelInitializer: 'ones' }),
      seededDropout({ rate: 0.5, seed: 'first' }),
      tf.layers.dense({ units: 32, kernelInitializer: 'ones' }),
      seededDropout({ rate: 0.5, seed: 'second' }),
    );
  const before = tf.memory().numTensors;
  const latent = new RandomStream(1).normalTensor([2, 2]);
  const [generator, resumed] = [generatorFromLayers(build()), generatorFromLayers(build())];
  const draw = (player: typeof generator) => tf.tidy(() => player.generate(latent, { training: true }).dataSync());
  if (!isStateful(generator) || !isStateful(resumed)) throw new Error('a model with dropout must have state');
  const first = draw(generator);
  const state = await generator.saveState();
  expect(Object.keys(state.values!).sort()).toEqual([
    '1.seededDropout.path',
    '1.seededDropout.words',
    '3.seededDropout.path',
    '3.seededDropout.words',
  ]);
  resumed.loadState(JSON.parse(JSON.stringify(state)));
  const next = draw(generator);
  expect(next).not.toEqual(first);
  expect(draw(resumed)).toEqual(next);
  expect(() => resumed.loadState({ values: {} })).toThrow("nothing for '1.seededDropout'");
  const discriminator = discriminatorFromLayers(build());
  expect(isStateful(discriminator)).toBe(true);
  for (const player of [generator, resumed, discriminator]) player.dispose();
  latent.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('players of models without such layers have no state of their own', () => {
  const generator = generatorFromLayers(sequential(tf.layers.dense({ units: 1, inputShape: [1] })));
  expect(isStateful(generator)).toBe(false);
  generator.dispose();
});

/** A model with a branch for classes: two outputs, the logits first. */
function withClasses(): tf.LayersModel {
  const input = tf.input({ shape: [3] });
  const hidden = tf.layers.dense({ units: 4, activation: 'relu', name: 'hidden' }).apply(input) as tf.SymbolicTensor;
  const logits = tf.layers.dense({ units: 1, name: 'logits' }).apply(hidden) as tf.SymbolicTensor;
  const classes = tf.layers.dense({ units: 5, name: 'class-logits' }).apply(hidden) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: [logits, classes] });
}

test('a branch of the model is a head by name', () => {
  const before = tf.memory().numTensors;
  const model = withClasses();
  expect(() => discriminatorFromLayers(model)).toThrow('has 1 more outputs than its logits and the heads');
  const discriminator = discriminatorFromLayers(model, { features: ['hidden'], heads: { class: 'class-logits' } });
  expect(discriminator.heads).toEqual(['features', 'class']);
  tf.tidy(() => {
    const samples = new RandomStream(1).normalTensor([2, 3]);
    const [logits, classes] = model.predict(samples) as tf.Tensor[];
    const output = discriminator.discriminate(samples, { training: false });
    expect(output.logits.dataSync()).toEqual(logits!.dataSync());
    expect(output.heads!['class']!.dataSync()).toEqual(classes!.dataSync());
    expect(output.features!.map(({ shape }) => shape)).toEqual([[2, 4]]);
  });
  discriminator.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('an output that is not what the verdict says is refused', () => {
  const model = sequential(tf.layers.dense({ units: 3, inputShape: [2] }));
  expect(() => discriminatorFromLayers(model, { verdict: 'two-class' })).toThrow(
    'gives [batch, 3] where a two-class verdict is [batch, 2]; end it with 2 units',
  );
  expect(() => discriminatorFromLayers(model, { verdict: 'energy' })).toThrow('make an autoencodingDiscriminator');
  model.dispose();
});

test.each<[what: string, activation: string, layers: () => tf.layers.Layer[], verdict?: 'two-class']>([
  ['a dense layer', 'sigmoid', () => [tf.layers.dense({ units: 1, activation: 'sigmoid', name: 'last' })]],
  ['a hard one', 'hardSigmoid', () => [tf.layers.dense({ units: 1, activation: 'hardSigmoid', name: 'last' })]],
  ['two classes', 'softmax', () => [tf.layers.dense({ units: 2, activation: 'softmax', name: 'last' })], 'two-class'],
  [
    'a layer of its own, reshaped',
    'sigmoid',
    () => [
      tf.layers.dense({ units: 1 }),
      tf.layers.activation({ activation: 'sigmoid', name: 'last' }),
      tf.layers.reshape({ targetShape: [1, 1] }),
      tf.layers.flatten(),
    ],
  ],
  [
    'softmax as a layer',
    'softmax',
    () => [tf.layers.dense({ units: 2 }), tf.layers.softmax({ name: 'last' })],
    'two-class',
  ],
  [
    'a nested model',
    'sigmoid',
    () => [sequential(tf.layers.dense({ units: 1, inputShape: [3], activation: 'sigmoid', name: 'last' }))],
  ],
  [
    'a wrapper',
    'sigmoid',
    () => [
      tf.layers.reshape({ targetShape: [3, 1] }),
      tf.layers.timeDistributed({
        layer: tf.layers.dense({ units: 1, activation: 'sigmoid' }) as never,
        name: 'last',
      } as never),
    ],
  ],
])('a discriminator that ends in probabilities is refused: %s', (_, activation, layers, verdict) => {
  const model = sequential(tf.layers.dense({ units: 3, inputShape: [2] }), ...layers());
  expect(() => discriminatorFromLayers(model, { verdict })).toThrow(
    `The layer 'last' ends the model '${model.name}' with the activation '${activation}', and losses read logits`,
  );
  // The same layers are welcome inside, and at the end of whoever makes samples.
  const inside = sequential(
    tf.layers.dense({ units: 3, inputShape: [2], activation: 'sigmoid' }),
    tf.layers.dense({ units: 1 }),
  );
  discriminatorFromLayers(inside).dispose();
  if (verdict === undefined) generatorFromLayers(model).dispose();
  tf.disposeVariables();
});

test('outside a tidy, an autoencoder leaves nothing behind but its output', () => {
  const layers = [tf.layers.dense({ units: 2, inputShape: [4], name: 'code' }), tf.layers.dense({ units: 4 })];
  const discriminator = autoencodingDiscriminator(sequential(...layers), { features: ['code'] });
  const samples = tf.ones([3, 4]);
  const before = tf.memory().numTensors;
  const { logits, features } = discriminator.discriminate(samples, { training: false });
  expect(tf.memory().numTensors).toBe(before + 2);
  tf.dispose([logits, ...features!, samples]);
  discriminator.dispose();
});

class Told extends tf.layers.Layer {
  static className = 'ToldClass';
  readonly needs = ['class'] as const;
  override call(input: tf.Tensor | tf.Tensor[], _options: { condition?: Condition }): tf.Tensor {
    return tf.clone(Array.isArray(input) ? input[0]! : input);
  }
}

test('what it must be told: nothing, what its layers say, what the options say', () => {
  const dense = () => tf.layers.dense({ units: 1, inputShape: [2] });
  const players = [
    generatorFromLayers(sequential(dense())),
    generatorFromLayers(sequential(sequential(dense(), new Told({})))),
    discriminatorFromLayers(sequential(dense(), new Told({})), { needs: ['images', 'class'] }),
  ];
  expect(players.map(({ needs }) => needs)).toEqual([[], ['class'], ['images', 'class']]);
  for (const player of players) player.dispose();
});

test('a layer that is frozen later is not trained from then on', () => {
  const model = sequential(tf.layers.dense({ units: 2, inputShape: [2] }), tf.layers.dense({ units: 1 }));
  const discriminator = discriminatorFromLayers(model);
  const trained = () => discriminator.variables.flatMap(({ name, trainable }) => (trainable ? [name] : []));
  expect(trained()).toEqual(['0.dense.kernel', '0.dense.bias', '1.dense.kernel', '1.dense.bias']);
  model.layers[0]!.trainable = false;
  expect(trained()).toEqual(['1.dense.kernel', '1.dense.bias']);
  expect(discriminator.variables.map(({ name }) => name)).toHaveLength(4);
  model.layers[0]!.trainable = true;
  model.trainable = false;
  expect(trained()).toEqual([]);
  discriminator.dispose();
});

test.each<[what: string, layer: () => tf.layers.Layer, sentence: string | RegExp]>([
  ['dropout', () => tf.layers.dropout({ rate: 0.5, name: 'drop' }), "'drop' of the model .* use seededDropout instead"],
  [
    'noise',
    () => tf.layers.gaussianNoise({ stddev: 1, name: 'noise' }),
    "'noise' of the model .* use seededGaussianNoise instead",
  ],
  [
    'a constraint',
    () =>
      tf.layers.dense({ units: 2, name: 'bound', kernelConstraint: tf.constraints.maxNorm({ maxValue: 1, axis: 0 }) }),
    "'bound' of the model .* has the setting 'kernelConstraint', which only `fit` obeys; bound its weights with clipWeights",
  ],
  [
    'a regulariser',
    () => tf.layers.dense({ units: 2, name: 'small', kernelRegularizer: tf.regularizers.l2({ l2: 1 }) }),
    "'small' of the model .* has the setting 'kernelRegularizer', which only `fit` adds to the loss; use the weight decay of adamW or a penalty",
  ],
  [
    'a regulariser of batch normalisation',
    () => tf.layers.batchNormalization({ name: 'scaled', gammaRegularizer: tf.regularizers.l2({ l2: 1 }) }),
    "'scaled' of the model .* has the setting 'gammaRegularizer'",
  ],
  [
    'a constraint in a nested model',
    () =>
      sequential(
        tf.layers.dense({ units: 2, name: 'inner', inputShape: [2], biasConstraint: tf.constraints.nonNeg() as never }),
      ),
    "'inner' of the model .* has the setting 'biasConstraint'",
  ],
  [
    "a constraint of a layer of one's own",
    () => {
      class Bounded extends tf.layers.Layer {
        static className = 'Bounded';
        override build(): void {
          this.addWeight('w', [2], 'float32', tf.initializers.ones(), undefined, true, tf.constraints.nonNeg());
          this.built = true;
        }
        override call(input: tf.Tensor | tf.Tensor[]): tf.Tensor {
          return tf.clone(Array.isArray(input) ? input[0]! : input);
        }
      }
      return new Bounded({ name: 'mine' });
    },
    "'mine' of the model .* has a constraint on 'w'",
  ],
])('%s is refused by name, in every adapter', (_, layer, sentence) => {
  const before = tf.memory().numTensors;
  const model = sequential(tf.layers.dense({ units: 2, inputShape: [2] }), layer());
  for (const adapter of [generatorFromLayers, discriminatorFromLayers, autoencodingDiscriminator]) {
    expect(() => adapter(model)).toThrow(new RegExp(sentence));
  }
  // They are still the caller's. (A nested model keeps its weights when the outer one is disposed.)
  tf.disposeVariables();
  expect(tf.memory().numTensors).toBe(before);
});

test('an activity regulariser inside a wrapper, and a recurrent layer that keeps its state', () => {
  const inner = tf.layers.dense({ units: 2, name: 'active', activityRegularizer: tf.regularizers.l2({ l2: 1 }) });
  const wrapped = sequential(tf.layers.timeDistributed({ layer: inner, inputShape: [3, 2] } as never));
  expect(() => generatorFromLayers(wrapped)).toThrow(/'active' of the model .* has the setting 'activityRegularizer'/);
  const stateful = sequential(tf.layers.lstm({ units: 2, stateful: true, batchInputShape: [1, 3, 2], name: 'keeps' }));
  expect(() => generatorFromLayers(stateful)).toThrow(/'keeps' of the model .* is stateful/);
  const forgets = sequential(tf.layers.lstm({ units: 2, recurrentDropout: 0.5, inputShape: [3, 2], name: 'drops' }));
  expect(() => generatorFromLayers(forgets)).toThrow(/'drops' of the model .* no seed decides/);
  for (const model of [wrapped, forgets, stateful]) model.dispose();
});

test('tf.layers.batchNormalization moves its averages once in an update, and not in a pass for the other player', () => {
  const model = sequential(
    tf.layers.dense({ units: 2, inputShape: [3], kernelInitializer: 'ones' }),
    tf.layers.batchNormalization({ momentum: 0 }),
  );
  const generator = generatorFromLayers(model);
  const average = () => {
    const found = generator.variables.find(({ name }) => name.endsWith('moving_mean'))!;
    return [...found.variable.dataSync()];
  };
  const pass = (value: number, updateState?: boolean) =>
    tf.tidy(() => {
      generator.generate(tf.fill([4, 3], value), { training: true, updateState });
    });
  pass(1, false);
  expect(average()).toEqual([0, 0]);
  // With a momentum of 0 the average is the mean of the last batch: 3 inputs of 1, times 1.
  pass(1, true);
  expect(average()).toEqual([3, 3]);
  pass(2, false);
  expect(average()).toEqual([3, 3]);
  pass(2);
  expect(average()).toEqual([6, 6]);
  generator.dispose();
});

const dispensable: readonly [what: string, make: () => (Generator | Discriminator) & Disposable][] = [
  ['an architecture', () => mlpGenerator({ outputShape: [2], latentSize: 2, random: new RandomStream(1) })],
  ['a generator of layers', () => generatorFromLayers(sequential(tf.layers.dense({ units: 2, inputShape: [2] })))],
  [
    'a discriminator of layers',
    () => discriminatorFromLayers(sequential(tf.layers.dense({ units: 1, inputShape: [2] }))),
  ],
  ['an autoencoder', () => autoencodingDiscriminator(sequential(tf.layers.dense({ units: 2, inputShape: [2] })))],
  [
    'a generator of a function',
    () => {
      const variables = { kernel: tf.tidy(() => tf.variable(tf.ones([2]))) };
      const shapes = { name: 'mine', latentShape: [2], outputShape: [2] };
      return generatorFromFunction({ ...shapes, variables, generate: (latent) => latent.mul(variables.kernel) });
    },
  ],
  [
    'a discriminator of a function',
    () => {
      const variables = { kernel: tf.tidy(() => tf.variable(tf.ones([2]))) };
      const discriminate = (samples: tf.Tensor) => samples.mul(variables.kernel);
      return discriminatorFromFunction({ name: 'mine', inputShape: [2], variables, discriminate });
    },
  ],
];

test.each(dispensable)('%s can be freed twice, and says so when it is used afterwards', (_, make) => {
  const before = tf.memory().numTensors;
  {
    using player = make();
    expect(player.variables.length).toBeGreaterThan(0);
  }
  expect(tf.memory().numTensors).toBe(before);
  const player = make();
  player.dispose();
  player.dispose();
  expect(tf.memory().numTensors).toBe(before);
  const input = tf.ones([1, 2]);
  const use = () => {
    if ('generate' in player) player.generate(input, { training: false });
    else player.discriminate(input, { training: false });
  };
  const refused = {
    code: 'conflict',
    message: `${player.name} was disposed and cannot be used any more; make a new one.`,
  };
  expect(use).toThrow(expect.objectContaining(refused));
  expect(() => player.variables).toThrow(expect.objectContaining(refused));
  input.dispose();
});

test('a model that its user has freed is told as well, and the player can still be freed', () => {
  const model = sequential(tf.layers.dense({ units: 2, inputShape: [2] }));
  const generator = generatorFromLayers(model);
  model.dispose();
  expect(() => generator.variables).toThrow('was disposed');
  generator.dispose();
});
