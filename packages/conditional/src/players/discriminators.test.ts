// Discriminators that are told the class, or say it: closed forms, second derivatives, what they pass on and what they refuse.
import '@gankit/engine/gradients';
import {
  type Condition,
  type Discriminator,
  type DiscriminatorOutput,
  isStateful,
  networkState,
  outputTensors,
  RandomStream,
} from '@gankit/core';
import { seededDropout } from '@gankit/engine/layers';
import { dcganDiscriminator, discriminatorFromLayers, mlpDiscriminator } from '@gankit/models';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { labelTensor } from '../labels.ts';
import { auxiliaryClassifier } from './auxiliary-classifier.ts';
import { codeHead } from './code-head.ts';
import { concatenatedDiscriminator } from './concatenated-discriminator.ts';
import { contrastiveDiscriminator } from './contrastive-discriminator.ts';
import { imageConditionedDiscriminator } from './image-conditioned.ts';
import { projectionDiscriminator } from './projection-discriminator.ts';

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

const random = (name = 'x') => new RandomStream(1).fork(name);
const mlp = () => mlpDiscriminator({ inputShape: [2], hidden: [5, 3], random: random('mlp') });
const labels = (...values: number[]) => ({ labels: labelTensor(values, 4) });

/** A discriminator whose logits and only feature are functions of its input, to see what a wrapper makes of them. */
function stub(
  inputShape: readonly number[],
  discriminate: (x: tf.Tensor) => DiscriminatorOutput,
  changes: Partial<Discriminator> = {},
): Discriminator {
  return {
    name: 'stub',
    inputShape,
    heads: ['features'],
    variables: [],
    discriminate: (x) => discriminate(x),
    dispose() {},
    ...changes,
  };
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5): void {
  expect(actual.length).toBe(expected.length);
  for (let index = 0; index < actual.length; index++) {
    expect(Math.abs(actual[index]! - expected[index]!)).toBeLessThan(tolerance * (1 + Math.abs(expected[index]!)));
  }
}

const rowsOf = (tensor: tf.Tensor) => tensor.arraySync() as number[][];
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, index) => sum + value * b[index]!, 0);

describe('concatenatedDiscriminator', () => {
  test('appends the class and the vector to points, and to every position of an image', () => {
    const points = concatenatedDiscriminator(
      stub([2 + 4 + 1], (x) => ({ logits: x.clone() })),
      { classes: 4, vectors: 1 },
    );
    expect(points.inputShape).toEqual([2]);
    tf.tidy(() => {
      const told = { ...labels(3, 1), vectors: tf.tensor2d([[0.5], [0.25]]) };
      const { logits } = points.discriminate(
        tf.tensor2d([
          [1, 2],
          [3, 4],
        ]),
        { training: true, condition: told },
      );
      expect(logits.arraySync()).toEqual([
        [1, 2, 0, 0, 0, 1, 0.5],
        [3, 4, 0, 1, 0, 0, 0.25],
      ]);
    });
    const images = concatenatedDiscriminator(
      stub([2, 2, 1 + 3], (x) => ({ logits: x.clone() })),
      { classes: 4, embedding: { size: 3, random: random() } },
    );
    expect(images.variables.map(({ name }) => name)).toEqual(['label-embedding']);
    tf.tidy(() => {
      const table = rowsOf(images.variables[0]!.variable);
      const { logits } = images.discriminate(tf.ones([1, 2, 2, 1]), { training: true, condition: labels(2) });
      expect(logits.arraySync()).toEqual([[1, 2].map(() => [1, 2].map(() => [1, ...table[2]!]))]);
    });
    images.dispose();
  });

  test('refuses an input without room', () => {
    expect(() =>
      concatenatedDiscriminator(
        stub([2, 2, 3], (x) => ({ logits: x })),
        { classes: 4 },
      ),
    ).toThrow(
      'The input of stub has shape [2, 2, 3], and the last 4 channels are for the condition; make it with 4 channels more',
    );
  });
});

describe('projectionDiscriminator', () => {
  test('the logit is the inner one and <V_y, h>', () => {
    const inner = mlp();
    const discriminator = projectionDiscriminator(inner, { classes: 4, random: random() });
    const table = discriminator.variables.at(-1)!;
    expect([table.name, table.variable.shape]).toEqual(['projection.kernel', [4, 3]]);
    tf.tidy(() => {
      const x = random('samples').normalTensor([3, 2]);
      const plain = inner.discriminate(x, { training: true });
      const of = (condition: Condition) => discriminator.discriminate(x, { training: true, condition });
      const { logits, features } = of(labels(2, 0, 2));
      const [h, v, before] = [rowsOf(plain.features!.at(-1)!), rowsOf(table.variable), [...plain.logits.dataSync()]];
      expect(logits.shape).toEqual([3, 1]);
      expectClose(
        logits.dataSync(),
        [2, 0, 2].map((label, row) => before[row]! + dot(v[label]!, h[row]!)),
      );
      expect(features!.at(-1)!.arraySync()).toEqual(h);
      const half = tf.tensor2d([0, 1, 2].map(() => [0.5, 0.5, 0, 0]));
      expectClose(
        of({ vectors: half }).logits.dataSync(),
        h.map((row, index) => before[index]! + (dot(v[0]!, row) + dot(v[1]!, row)) / 2),
      );
      expect(() => discriminator.discriminate(x, { training: true })).toThrow('and was told none');
    });
    discriminator.dispose();
  });

  test.each([
    ['sum', [1 + 5 + 9 + 13, 2 + 6 + 10 + 14]],
    ['mean', [7, 8]],
    ['flatten', [1, 2, 5, 6, 9, 10, 13, 14]],
  ] as const)('a feature that is a map: %s; logits that are a map or have no unit axis', (pooling, h) => {
    const feature = tf.tensor4d([1, 2, 5, 6, 9, 10, 13, 14], [1, 2, 2, 2]);
    for (const shape of [[1, 2, 2, 1], [1], [1, 1]]) {
      const inner = stub([1], () => ({ logits: tf.ones(shape), features: [tf.ones([1, 9]), feature.clone()] }));
      const discriminator = projectionDiscriminator(inner, { classes: 2, random: random(), pooling });
      tf.tidy(() => {
        const condition = { labels: labelTensor([1], 2) };
        const { logits } = discriminator.discriminate(tf.ones([1, 1]), { training: false, condition });
        expect(logits.shape).toEqual(shape);
        const expected = 1 + dot(rowsOf(discriminator.variables[0]!.variable)[1]!, h);
        expectClose(logits.dataSync(), new Array(logits.size).fill(expected));
      });
      discriminator.dispose();
    }
    feature.dispose();
  });

  test('spectral norm: the table over its largest singular value, whose vectors move with updateState alone', async () => {
    const options = { classes: 4, spectralNorm: true } as const;
    const discriminator = projectionDiscriminator(mlp(), { ...options, random: random() });
    const [kernel, u, v] = discriminator.variables.slice(-3);
    expect(
      [kernel, u, v].map((each) => [each!.name, each!.variable.shape, each!.trainable, each!.variable.trainable]),
    ).toEqual([
      ['projection.kernel', [4, 3], true, true],
      ['projection.u', [3], false, false],
      ['projection.v', [4], false, false],
    ]);
    tf.tidy(() => {
      // Singular values 3, 2 and 1.
      kernel!.variable.assign(
        tf.tensor2d([
          [0, 3, 0],
          [0, 0, 0],
          [1, 0, 0],
          [0, 0, 2],
        ]),
      );
      const x = random('samples').normalTensor([1, 2]);
      const pass = (updateState: boolean) =>
        discriminator.discriminate(x, { training: true, updateState, condition: labels(0) });
      const before = u!.variable.dataSync();
      pass(false);
      expect(u!.variable.dataSync()).toEqual(before);
      pass(true);
      expect(u!.variable.dataSync()).not.toEqual(before);
      for (let update = 0; update < 40; update++) pass(true);
      const output = pass(false);
      const plain = discriminator.discriminate(x, { training: true, updateState: false, condition: labels(1) });
      const h = rowsOf(output.features!.at(-1)!)[0]!;
      expectClose([output.logits.dataSync()[0]! - plain.logits.dataSync()[0]!], [h[1]!], 1e-4);
    });
    const other = projectionDiscriminator(mlp(), { ...options, random: random('other') });
    networkState(other).loadState(await networkState(discriminator).saveState());
    expect(other.variables.at(-1)!.variable.dataSync()).toEqual(v!.variable.dataSync());
    discriminator.dispose();
    other.dispose();
  });

  test('the gradient of a gradient penalty through it equals central differences in float64', () => {
    const [inputs, hidden, classes] = [2, 3, 2];
    const draw = (name: string, count: number) => Array.from(random(name).normals(count));
    const start = {
      W: draw('W', inputs * hidden),
      b: draw('b', hidden),
      c: draw('c', hidden),
      V: draw('V', classes * hidden),
    };
    const x = [
      [0.3, -0.8],
      [1.2, 0.4],
      [-0.5, 0.9],
    ];
    const classOf = [1, 0, 1];
    const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));
    /** mean_b (|dD/dx| - 1)^2 of D(x) = (c + V_y) softplus(x W + b). */
    const penalty64 = ({ W, b, c, V }: typeof start) => {
      const terms = x.map((point, row) => {
        const gradient = [0, 1].map((input) => {
          let sum = 0;
          for (let unit = 0; unit < hidden; unit++) {
            const before = point[0]! * W[unit]! + point[1]! * W[hidden + unit]! + b[unit]!;
            const upstream = c[unit]! + V[classOf[row]! * hidden + unit]!;
            sum += W[input * hidden + unit]! * sigmoid(before) * upstream;
          }
          return sum;
        });
        return (Math.hypot(...gradient) - 1) ** 2;
      });
      return terms.reduce((sum, term) => sum + term, 0) / terms.length;
    };

    const [W, b, c] = [
      tf.tidy(() => tf.variable(tf.tensor2d(start.W, [inputs, hidden]))),
      tf.tidy(() => tf.variable(tf.tensor1d(start.b))),
      tf.tidy(() => tf.variable(tf.tensor2d(start.c, [hidden, 1]))),
    ];
    const inner = stub(
      [inputs],
      (samples) => {
        const h = tf.softplus(tf.add(tf.matMul(samples as tf.Tensor2D, W), b));
        return { logits: tf.matMul(h as tf.Tensor2D, c), features: [h] };
      },
      {
        variables: [
          { name: 'W', variable: W, trainable: true },
          { name: 'b', variable: b, trainable: true },
          { name: 'c', variable: c, trainable: true },
        ],
        dispose: () => tf.dispose([W, b, c]),
      },
    );
    const discriminator = projectionDiscriminator(inner, { classes, random: random() });
    tf.tidy(() => {
      const table = discriminator.variables.at(-1)!.variable;
      table.assign(tf.tensor2d(start.V, [classes, hidden]));
      const samples = tf.tensor2d(x);
      const condition = { labels: labelTensor(classOf, classes) };
      const slope = tf.grad((input) => discriminator.discriminate(input, { training: true, condition }).logits.sum());
      const { value, grads } = tf.variableGrads(() => {
        const length = tf.sqrt(tf.sum(tf.square(slope(samples)), 1));
        return tf.mean(tf.square(tf.sub(length, 1))) as tf.Scalar;
      }, [W, b, c, table]);
      expectClose(value.dataSync(), [penalty64(start)]);
      const step = 1e-5;
      for (const [name, variable] of Object.entries({ W, b, c, V: table })) {
        const at = (index: number, shift: number) => {
          const values = [...start[name as keyof typeof start]];
          values[index]! += shift;
          return penalty64({ ...start, [name]: values });
        };
        const expected = Array.from(
          { length: variable.size },
          (_, index) => (at(index, step) - at(index, -step)) / (2 * step),
        );
        expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(0.01);
        expectClose(grads[variable.name]!.dataSync(), expected, 1e-4);
      }
    });
    discriminator.dispose();
  });

  test('refuses other verdicts and discriminators without features', () => {
    for (const [verdict, what] of [
      ['energy', 'an energy'],
      ['two-class', 'two units'],
    ] as const) {
      expect(() =>
        projectionDiscriminator(
          stub([2], (x) => ({ logits: x }), { verdict }),
          { classes: 2, random: random() },
        ),
      ).toThrow(`A projection is added to one logit, and stub gives ${what}; use another discriminator`);
    }
    expect(() =>
      projectionDiscriminator(
        stub([2], (x) => ({ logits: x }), { heads: [] }),
        { classes: 2, random: random() },
      ),
    ).toThrow("projectionDiscriminator reads the discriminator's last feature, and stub has none;");
    const once = projectionDiscriminator(mlp(), { classes: 2, random: random() });
    const before = tf.memory().numTensors;
    expect(() => projectionDiscriminator(once, { classes: 2, random: random() })).toThrow(
      "has a variable 'projection.kernel' already; wrap it in the same way only once.",
    );
    expect(tf.memory().numTensors).toBe(before);
    once.dispose();
  });
});

describe('heads', () => {
  test('auxiliaryClassifier: a dense layer on the last feature, whatever the verdict', () => {
    for (const verdict of ['logit', 'two-class', 'energy'] as const) {
      const inner = mlpDiscriminator({ inputShape: [2], hidden: [5, 3], verdict, random: random('mlp') });
      const discriminator = auxiliaryClassifier(inner, { classes: 4, random: random() });
      expect(discriminator.heads).toEqual(['features', 'class']);
      expect(discriminator.verdict).toBe(verdict);
      const [kernel, bias] = discriminator.variables.slice(-2);
      expect([kernel!.name, bias!.name]).toEqual(['classifier.kernel', 'classifier.bias']);
      tf.tidy(() => {
        bias!.variable.assign(tf.tensor1d([1, 2, 3, 4]));
        const x = random('samples').normalTensor([3, 2]);
        const { logits, heads, features } = discriminator.discriminate(x, { training: true });
        expect(logits.arraySync()).toEqual(inner.discriminate(x, { training: true }).logits.arraySync());
        const expected = tf.add(tf.matMul(features!.at(-1)! as tf.Tensor2D, kernel!.variable as never), bias!.variable);
        expectClose(heads!['class']!.dataSync(), expected.dataSync());
      });
      discriminator.dispose();
    }
  });

  test.each([
    [{ categorical: [3, 2], continuous: 2 }, {}, [5 + 4], 128],
    [{ categorical: [3, 2], continuous: 2 }, { variance: 'unit' }, [5 + 2], 128],
    [{ continuous: 1 }, { hidden: 0 }, [2], 0],
  ] as const)('codeHead of %j %j', (codes, options, outputs, hidden) => {
    const discriminator = codeHead(mlp(), { codes, random: random(), ...options });
    const own = discriminator.variables.slice(hidden > 0 ? -4 : -2).map(({ name, variable }) => [name, variable.shape]);
    expect(own).toEqual([
      ...(hidden > 0
        ? [
            ['code-head.0.kernel', [3, hidden]],
            ['code-head.0.bias', [hidden]],
          ]
        : []),
      ['code-head.kernel', [hidden || 3, outputs[0]]],
      ['code-head.bias', outputs],
    ]);
    tf.tidy(() => {
      const { heads } = discriminator.discriminate(tf.ones([2, 2]), { training: true });
      expect(heads!['code']!.shape).toEqual([2, outputs[0]]);
    });
    discriminator.dispose();
  });

  test('heads of different names stand beside each other, each with the outputs that it has alone', () => {
    const codes = { categorical: [3], continuous: 1 };
    const [classes, code] = [
      auxiliaryClassifier(mlp(), { classes: 4, random: random() }),
      codeHead(mlp(), { codes, random: random() }),
    ];
    const both = [
      codeHead(auxiliaryClassifier(mlp(), { classes: 4, random: random() }), { codes, random: random() }),
      auxiliaryClassifier(codeHead(mlp(), { codes, random: random() }), { classes: 4, random: random() }),
    ];
    expect(both.map(({ heads }) => heads)).toEqual([
      ['features', 'class', 'code'],
      ['features', 'code', 'class'],
    ]);
    tf.tidy(() => {
      const x = random('samples').normalTensor([3, 2]);
      const of = (discriminator: Discriminator) => discriminator.discriminate(x, { training: true }).heads ?? {};
      const expected = { class: of(classes)['class']!.arraySync(), code: of(code)['code']!.arraySync() };
      for (const discriminator of both) {
        const outputs = Object.entries(of(discriminator)).map(([name, tensor]) => [name, tensor.arraySync()]);
        expect(Object.fromEntries(outputs)).toEqual(expected);
      }
    });
    const before = tf.memory().numTensors;
    const twice = (name: string, who: string) =>
      expect.objectContaining({
        code: 'incompatible',
        message: expect.stringContaining(`has the head '${name}' already; leave out one of the two ${who}.`),
      });
    expect(() => auxiliaryClassifier(both[0]!, { classes: 3, random: random() })).toThrow(
      twice('class', 'auxiliaryClassifier'),
    );
    expect(() => codeHead(both[1]!, { codes, random: random() })).toThrow(twice('code', 'codeHead'));
    expect(tf.memory().numTensors).toBe(before);
    for (const discriminator of [classes, code, ...both]) discriminator.dispose();
  });

  test('around a player that is told vectors or images a head is refused by name', () => {
    const inner = (inputShape: readonly number[]) => stub(inputShape, (x) => ({ logits: x }), { needs: [] });
    for (const [told, kind] of [
      [concatenatedDiscriminator(inner([5]), { vectors: 3 }), 'vectors'],
      [imageConditionedDiscriminator(inner([4, 4, 2]), { channels: 1 }), 'images'],
    ] as const) {
      expect(() => auxiliaryClassifier(told, { classes: 2, random: random() })).toThrow(
        `auxiliaryClassifier cannot stand around ${told.name}, which is told ${kind}; wrap the discriminator in auxiliaryClassifier first.`,
      );
    }
  });

  test('contrastiveDiscriminator: unit vectors of the samples and of their classes', () => {
    const discriminator = contrastiveDiscriminator(mlp(), { classes: 4, size: 6, random: random() });
    expect(discriminator.variables.slice(-3).map(({ name, variable }) => [name, variable.shape])).toEqual([
      ['contrastive.kernel', [3, 6]],
      ['contrastive.bias', [6]],
      ['contrastive.class-embedding', [4, 6]],
    ]);
    tf.tidy(() => {
      const output = discriminator.discriminate(random('samples').normalTensor([3, 2]), { training: true });
      const [kernel, bias, table] = discriminator.variables.slice(-3).map(({ variable }) => variable);
      const { samples, classes, agreement } = discriminator.embeddings(output, labels(2, 0, 2));
      const unit = (row: readonly number[]) => row.map((value) => value / Math.hypot(...row));
      const embedded = tf.add(tf.matMul(output.features!.at(-1)! as tf.Tensor2D, kernel as never), bias!);
      expectClose(samples.dataSync(), rowsOf(embedded).flatMap(unit));
      expectClose(
        classes.dataSync(),
        [2, 0, 2].flatMap((label) => unit(rowsOf(table!)[label]!)),
      );
      expect(agreement.arraySync()).toEqual([
        [1, 0, 1],
        [0, 1, 0],
        [1, 0, 1],
      ]);
      expect(() => discriminator.embeddings(output, undefined)).toThrow('contrastive mlp-discriminator needs to know');
    });
    discriminator.dispose();
  });
});

test('imageConditionedDiscriminator: the image follows the channels of the sample', () => {
  const discriminator = imageConditionedDiscriminator(
    stub([2, 2, 3], (x) => ({ logits: x.clone() })),
    { channels: 1 },
  );
  expect(discriminator.inputShape).toEqual([2, 2, 2]);
  tf.tidy(() => {
    const samples = random().normalTensor([1, 2, 2, 2]);
    const images = random('images').normalTensor<tf.Rank.R4>([1, 2, 2, 1]);
    const of = (condition?: Condition) => discriminator.discriminate(samples, { training: true, condition });
    expect(of({ images }).logits.arraySync()).toEqual(tf.concat([samples, images], 3).arraySync());
    expect(() => of()).toThrow('image-conditioned stub needs an image for each sample and was told none;');
    expect(() => of({ images: tf.zeros([1, 2, 2, 2]) })).toThrow(
      'needs images that are float32 of shape [1, 2, 2, 1], not float32 of shape [1, 2, 2, 2].',
    );
  });
  expect(() =>
    imageConditionedDiscriminator(
      stub([2, 2, 1], (x) => ({ logits: x })),
      { channels: 1 },
    ),
  ).toThrow('make it with 1 channels more');
  expect(() =>
    imageConditionedDiscriminator(
      stub([4], (x) => ({ logits: x })),
      { channels: 1 },
    ),
  ).toThrow('The input of stub has shape [4]; an image beside it needs [height, width, channels].');
});

const image = (channels: number) =>
  dcganDiscriminator({ inputShape: [16, 16, channels], width: 4, normalization: 'batch', random: random('dcgan') });
const wrappers: readonly (readonly [string, () => Discriminator])[] = [
  ['concatenated', () => concatenatedDiscriminator(image(5), { classes: 4 })],
  [
    'concatenated, learned',
    () => concatenatedDiscriminator(image(3), { classes: 4, embedding: { size: 2, random: random() } }),
  ],
  ['projection', () => projectionDiscriminator(image(1), { classes: 4, random: random(), spectralNorm: true })],
  ['auxiliary', () => auxiliaryClassifier(image(1), { classes: 4, random: random() })],
  ['code head', () => codeHead(image(1), { codes: { categorical: [3] }, random: random() })],
  ['contrastive', () => contrastiveDiscriminator(image(1), { classes: 4, random: random() })],
  ['image', () => imageConditionedDiscriminator(image(2), { channels: 1 })],
  [
    'two of them',
    () =>
      auxiliaryClassifier(projectionDiscriminator(image(1), { classes: 4, random: random() }), {
        classes: 4,
        random: random(),
      }),
  ],
];

describe.each(wrappers)('%s around a DCGAN discriminator', (_, make) => {
  test('names are unique and the same every time; equal seeds, equal weights; dispose frees all', () => {
    const [first, second] = [make(), make()];
    const names = first.variables.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(second.variables.map(({ name }) => name)).toEqual(names);
    first.variables.forEach(({ variable }, index) => {
      expect(second.variables[index]!.variable.dataSync()).toEqual(variable.dataSync());
    });
    first.dispose();
    second.dispose();
  });

  test('passes and gradients leave nothing behind; updateState goes to the inner layers', () => {
    const discriminator = make();
    const averages = () =>
      discriminator.variables
        .filter(({ name }) => /moving/.test(name))
        .flatMap(({ variable }) => [...variable.dataSync()]);
    const told = { ...labels(3, 1), images: tf.ones<tf.Rank.R4>([2, 16, 16, 1]) };
    const x = random('samples').normalTensor([2, 16, 16, 1]);
    const before = tf.memory().numTensors;
    const start = averages();
    const pass = (updateState: boolean) => {
      const forward = { training: true, updateState, condition: told };
      const output = outputTensors(discriminator.discriminate(x, forward));
      expect(tf.memory().numTensors).toBe(before + output.length);
      tf.dispose(output);
    };
    pass(false);
    expect(averages()).toEqual(start);
    pass(true);
    expect(averages()).not.toEqual(start);
    tf.tidy(() => {
      const { grads } = tf.variableGrads(
        () => {
          const { logits, heads = {} } = discriminator.discriminate(x, { training: true, condition: told });
          return tf.addN([logits.sum(), ...Object.values(heads).map((head) => head.square().sum())]) as tf.Scalar;
        },
        discriminator.variables.filter(({ trainable }) => trainable).map(({ variable }) => variable),
      );
      const own = Object.values(grads).map((gradient) => gradient.abs().max().dataSync()[0]!);
      expect(own.every(Number.isFinite)).toBe(true);
    });
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([x, told.labels, told.images]);
    discriminator.dispose();
  });
});

test('the state of the inner discriminator is passed on', async () => {
  const make = () =>
    auxiliaryClassifier(
      projectionDiscriminator(
        discriminatorFromLayers(
          tf.sequential({
            layers: [
              tf.layers.dense({ units: 8, inputShape: [2], name: 'hidden', kernelInitializer: 'ones' }),
              seededDropout({ rate: 0.5, seed: 3, name: 'dropped' }),
              tf.layers.dense({ units: 1, kernelInitializer: 'ones' }),
            ],
          }),
          { features: ['dropped'] },
        ),
        { classes: 4, random: random() },
      ),
      { classes: 4, random: random() },
    );
  const discriminator = make();
  expect(isStateful(discriminator)).toBe(true);
  const saved = await networkState(discriminator).saveState();
  const judge = (of: Discriminator) =>
    tf.tidy(() => of.discriminate(tf.ones([2, 2]), { training: true, condition: labels(0, 1) }).logits.dataSync());
  const first = judge(discriminator);
  expect(judge(discriminator)).not.toEqual(first);
  const other = make();
  judge(other);
  networkState(other).loadState(saved);
  expect(judge(other)).toEqual(first);
  discriminator.dispose();
  other.dispose();
});
