import { drawLatent, GanKitError, type Generator, RandomStream } from '@gankit/core';
import { batchNormalization, pixelNormalization, selfAttention } from '@gankit/engine/layers';
import * as tf from '@tensorflow/tfjs';
import { beforeEach, describe, expect, test } from 'vitest';
import { dcganGenerator } from '../../dcgan.ts';
import { generatorFromLayers } from '../../generator-from-layers.ts';
import { mlpGenerator } from '../../mlp.ts';
import { progressiveGenerator } from '../../progressive.ts';
import { r3ganGenerator } from '../../r3gan.ts';
import { resnetGenerator } from '../../resnet.ts';
import { spatialGenerator } from '../../spatial-generator.ts';
import { unetGenerator } from '../../unet.ts';
import { type ExportOnnxOptions, exportOnnx } from './export-onnx.ts';

const runtime = await import('onnxruntime-node').catch((error: Error) => {
  console.warn(`onnxruntime-node is not here (${error.message}); exported models are not run.`);
  return undefined;
});
const withRuntime = runtime === undefined ? test.skip : test;

beforeEach(async () => {
  await tf.setBackend('cpu');
});

/** The largest difference between what the exported model and the generator make of the same latents, in several batch sizes. */
async function worstDifference(
  generator: Generator,
  options: ExportOnnxOptions = {},
  batches = [1, 4, 7],
): Promise<number> {
  const tensors = tf.memory().numTensors;
  const bytes = await exportOnnx(generator, options);
  expect(tf.memory().numTensors).toBe(tensors);
  const session = await runtime!.InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const { classes } = options.labels ?? {};
  expect(session.inputNames).toEqual(classes === undefined ? ['latent'] : ['latent', 'label']);
  expect(session.outputNames).toEqual(['samples']);
  let worst = 0;
  for (const batch of batches) {
    const latent = drawLatent(generator, batch, new RandomStream(batch));
    const labels = Array.from({ length: batch }, (_, index) => (index * 5 + 1) % (classes ?? 1));
    const condition = { labels: tf.tensor1d(labels, 'int32') };
    const expected = generator.generate(latent, { training: false, ...(classes !== undefined && { condition }) });
    const { samples } = await session.run({
      latent: new runtime!.Tensor('float32', latent.dataSync() as Float32Array, latent.shape),
      ...(classes !== undefined && {
        label: new runtime!.Tensor('int64', BigInt64Array.from(labels, BigInt), [batch]),
      }),
    });
    expect(samples!.dims).toEqual(expected.shape);
    const actual = samples!.data as Float32Array;
    expected.dataSync().forEach((value, index) => {
      // NaN stays NaN, which no tolerance accepts.
      const difference = Math.abs(value - actual[index]!) / Math.max(1, Math.abs(value));
      worst = Math.max(worst, difference);
    });
    tf.dispose([latent, expected, condition.labels]);
  }
  await session.release();
  return worst;
}

const tolerance = 1e-4;

function randomized<G extends Generator>(generator: G): G {
  const random = new RandomStream(9);
  for (const { name, variable } of generator.variables) {
    if (/bias|beta|mean/.test(name)) tf.tidy(() => variable.assign(random.normalTensor(variable.shape)));
    if (/variance|gamma/.test(name)) tf.tidy(() => variable.assign(random.uniformTensor(variable.shape, 0.5, 2)));
  }
  return generator;
}

const random = new RandomStream(1);

describe('models run in ONNX Runtime as here', () => {
  withRuntime.each<[string, () => Generator]>([
    ['mlp', () => mlpGenerator({ outputShape: [2], latentSize: 5, hidden: [16, 8], random })],
    [
      'mlp of images from uniform latents',
      () =>
        mlpGenerator({
          outputShape: [4, 3, 2],
          hidden: [16],
          activation: 'leakyRelu',
          latentDistribution: 'uniform',
          random,
        }),
    ],
    ['dcgan 28', () => dcganGenerator({ outputShape: [28, 28, 1], width: 8, latentSize: 10, random })],
    ['dcgan 32', () => dcganGenerator({ outputShape: [32, 32, 3], width: 8, latentSize: 10, random })],
    [
      'resnet with spectral normalisation and attention',
      () =>
        resnetGenerator({
          outputShape: [16, 16, 3],
          width: 8,
          latentSize: 6,
          spectralNorm: true,
          attention: 8,
          random,
        }),
    ],
    [
      'r3gan',
      () =>
        r3ganGenerator({
          outputShape: [16, 16, 3],
          channels: [32, 32, 32],
          channelsPerGroup: 8,
          blocksPerStage: 1,
          latentSize: 6,
          random,
        }),
    ],
    [
      'matrix of noise',
      () => spatialGenerator({ outputShape: [16, 24, 3], width: 4, latentChannels: 3, doublings: 2, random }),
    ],
    ['dcgan 16 x 24', () => dcganGenerator({ outputShape: [16, 24, 2], width: 4, latentSize: 10, random })],
  ])('%s', async (_, build) => {
    const generator = randomized(build());
    expect(await worstDifference(generator)).toBeLessThan(tolerance);
    generator.dispose();
  });

  withRuntime('a progressive generator in the midst of its fade-in', async () => {
    const generator = progressiveGenerator({ outputShape: [16, 16, 3], width: 8, latentSize: 6, random });
    generator.setGrowth({ resolution: 16, alpha: 0.3 });
    expect(await worstDifference(generator)).toBeLessThan(tolerance);
    generator.dispose();
  });

  withRuntime.each([13, 18, 21])('opset %d', async (opset) => {
    const generator = randomized(dcganGenerator({ outputShape: [8, 8, 1], width: 4, latentSize: 6, random }));
    expect(await worstDifference(generator, { opset })).toBeLessThan(tolerance);
    generator.dispose();
  });

  withRuntime('layers of tf.layers and of the engine', async () => {
    const layers = [
      tf.layers.dense({ units: 4 * 4 * 8, inputShape: [5], activation: 'elu' }),
      tf.layers.reshape({ targetShape: [4, 4, 8] }),
      tf.layers.upSampling2d({ size: [2, 2] }),
      tf.layers.conv2d({ filters: 8, kernelSize: 3, padding: 'same', activation: 'relu' }),
      tf.layers.batchNormalization(),
      tf.layers.upSampling2d({ size: [2, 2], interpolation: 'bilinear' }),
      tf.layers.separableConv2d({ filters: 8, kernelSize: 3, padding: 'same', depthMultiplier: 2 }),
      pixelNormalization(),
      selfAttention(),
      batchNormalization({ activation: { leakyRelu: 0.2 } }),
      tf.layers.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 1, padding: 'valid' }),
      tf.layers.cropping2D({
        cropping: [
          [1, 0],
          [0, 1],
        ],
      }),
      tf.layers.zeroPadding2d({ padding: 1 }),
      tf.layers.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
      tf.layers.maxPooling2d({ poolSize: 2, strides: 1, padding: 'same' }),
      tf.layers.conv2d({ filters: 3, kernelSize: 3, strides: 2, padding: 'same', activation: 'tanh' }),
    ];
    const generator = randomized(generatorFromLayers(tf.sequential({ layers })));
    expect(await worstDifference(generator)).toBeLessThan(tolerance);
    generator.dispose();
  });

  withRuntime.each([
    [2, 1, 'same'],
    [3, 2, 'same'],
    [4, 2, 'valid'],
    [5, 3, 'same'],
    [2, 3, 'same'],
    [2, 3, 'valid'],
    [5, 2, 'same'],
  ] as const)('transposed convolution of kernel %d, stride %d, %s', async (kernelSize, strides, padding) => {
    const layer = tf.layers.conv2dTranspose({ filters: 3, kernelSize, strides, padding, inputShape: [5, 4, 2] });
    const generator = randomized(generatorFromLayers(tf.sequential({ layers: [layer] })));
    expect(await worstDifference(generator)).toBeLessThan(tolerance);
    generator.dispose();
  });

  withRuntime('a conditional generator, by labels', async () => {
    const embedding = tf.variable(random.normalTensor([5, 3]), true);
    const generator: Generator = {
      name: 'conditional',
      latentShape: [4],
      outputShape: [12],
      variables: [{ name: 'embedding', variable: embedding, trainable: true }],
      generate: (latent, { condition }) =>
        tf.tidy(() => {
          const labels = condition!.labels!;
          const hot = tf.oneHot(labels, 5);
          return tf.concat([latent, embedding.gather(labels), hot as tf.Tensor2D], 1);
        }),
      dispose: () => embedding.dispose(),
    };
    expect(await worstDifference(generator, { labels: { classes: 5 } })).toBe(0);
    const bytes = new TextDecoder('latin1').decode(await exportOnnx(generator, { labels: { classes: 5 } }));
    expect(bytes).toContain('embedding');
    generator.dispose();
  });
});

/** A generator that is a function of latents. */
function plain(latentShape: number[], outputShape: number[], generate: (latent: tf.Tensor) => tf.Tensor): Generator {
  return {
    name: 'plain',
    latentShape,
    outputShape,
    variables: [],
    generate: (latent) => tf.tidy(() => generate(latent)),
    dispose: () => {},
  };
}

withRuntime('a U-Net by images, and a plain function by vectors', async () => {
  const unet = randomized(unetGenerator({ outputShape: [8, 16, 2], conditionChannels: 3, width: 4, depth: 2, random }));
  const bytes = await exportOnnx(unet, { images: { shape: [8, 16, 3] } });
  const session = await runtime!.InferenceSession.create(bytes, { intraOpNumThreads: 1 });
  expect(session.inputNames).toEqual(['latent', 'image']);
  const [latent, images] = [random.normalTensor([4, 1]), random.normalTensor<tf.Rank.R4>([4, 8, 16, 3])];
  const expected = unet.generate(latent, { training: false, condition: { images } });
  const { samples } = await session.run({
    latent: new runtime!.Tensor('float32', latent.dataSync() as Float32Array, latent.shape),
    image: new runtime!.Tensor('float32', images.dataSync() as Float32Array, images.shape),
  });
  expect(samples!.dims).toEqual(expected.shape);
  const actual = tf.tensor(samples!.data as Float32Array, expected.shape);
  expect(tf.tidy(() => actual.sub(expected).abs().max().arraySync())).toBeLessThan(tolerance);
  await session.release();
  tf.dispose([latent, images, expected, actual]);
  unet.dispose();

  const described: Generator = {
    ...plain([2], [5], (x) => x),
    generate: (x, { condition }) => tf.tidy(() => tf.concat([x, condition!.vectors!.tanh()], 1)),
  };
  const other = await runtime!.InferenceSession.create(await exportOnnx(described, { vectors: { length: 3 } }));
  const result = await other.run({
    latent: new runtime!.Tensor('float32', Float32Array.of(1, 2), [1, 2]),
    vector: new runtime!.Tensor('float32', Float32Array.of(0, 1, -1), [1, 3]),
  });
  const values = [1, 2, 0, Math.tanh(1), Math.tanh(-1)];
  values.forEach((value, index) => {
    expect((result['samples']!.data as Float32Array)[index]).toBeCloseTo(value, 5);
  });
  await other.release();
});

describe('single operations', () => {
  const positive = (x: tf.Tensor) => x.abs().add(0.1);
  const unit = (x: tf.Tensor) => x.sin().mul(0.9);
  const other = tf.tensor([0.5, -1.5, 2], [3]);

  withRuntime.each<[string, (x: tf.Tensor) => tf.Tensor]>([
    ['abs neg sign', (x) => x.abs().add(x.neg()).mul(x.sign())],
    ['round floor ceil', (x) => x.mul(3).round().add(x.floor()).mul(x.ceil())],
    ['exp expm1 log log1p', (x) => x.exp().add(x.expm1()).add(positive(x).log()).sub(positive(x).log1p())],
    [
      'sqrt rsqrt square reciprocal',
      (x) => positive(x).sqrt().add(positive(x).rsqrt()).sub(x.square()).mul(positive(x).reciprocal()),
    ],
    ['sin cos tan', (x) => x.sin().add(x.cos()).sub(unit(x).tan())],
    ['asin acos atan', (x) => unit(x).asin().add(unit(x).acos()).sub(x.atan())],
    ['sinh cosh tanh', (x) => x.sinh().add(x.cosh()).sub(x.tanh())],
    ['asinh acosh atanh', (x) => x.asinh().add(positive(x).add(1).acosh()).sub(unit(x).atanh())],
    ['erf softplus sigmoid', (x) => x.erf().add(x.softplus()).sub(x.sigmoid())],
    ['relu relu6 leakyRelu', (x) => x.relu().add(x.mul(10).relu6()).sub(tf.leakyRelu(x, 0.3))],
    ['elu selu step', (x) => x.elu().add(x.selu()).sub(x.step(0.25))],
    ['prelu', (x) => tf.prelu(x, tf.tensor([0.1, 0.2, 0.3]))],
    ['clip maximum minimum', (x) => x.clipByValue(-0.5, 0.7).add(x.maximum(0.1)).sub(x.minimum(other))],
    ['div pow mod floorDiv', (x) => x.div(other).add(positive(x).pow(1.7)).add(x.mod(other)).sub(x.floorDiv(other))],
    ['squaredDifference addN', (x) => tf.addN([x.squaredDifference(other), x, x.neg()])],
    [
      'comparisons and where',
      (x) =>
        tf.where(
          x.greater(0).logicalAnd(x.lessEqual(other)),
          x,
          x.notEqual(other).logicalOr(x.less(1)).cast('float32'),
        ),
    ],
    [
      'logicalNot equal greaterEqual',
      (x) => x.equal(other).logicalNot().cast('float32').add(x.greaterEqual(0).cast('float32')),
    ],
    ['isNaN isInf isFinite', (x) => x.isNaN().logicalOr(x.isInf()).cast('float32').add(x.isFinite().cast('float32'))],
    [
      'int32',
      (x) =>
        x
          .mul(10)
          .cast('int32')
          .mod(tf.scalar(3, 'int32'))
          .add(x.mul(10).cast('int32').floorDiv(tf.scalar(4, 'int32')))
          .cast('float32'),
    ],
    ['softmax logSoftmax', (x) => tf.softmax(x).add(tf.logSoftmax(x))],
    ['sum mean', (x) => x.sum(1, true).add(x.mean(-1, true)).add(x)],
    ['max min prod', (x) => x.max(1, true).sub(x.min(1, true)).mul(x.prod(1, true)).add(x)],
    [
      'all any',
      (x) => x.greater(-1).all(1, true).cast('float32').add(x.greater(1).any(1, true).cast('float32')).add(x),
    ],
    [
      'argMax argMin cumsum',
      (x) =>
        x
          .argMax(1)
          .sub(x.argMin(-1))
          .cast('float32')
          .expandDims(1)
          .add(x.cumsum(1, true, true)),
    ],
    ['reverse slice concat', (x) => tf.concat([x.reverse(1).slice([0, 1], [-1, 2]), x.slice([0, 0], [-1, 1])], 1)],
    [
      'stridedSlice',
      (x) =>
        x
          .stridedSlice([0, 2], [100, -4], [1, -1], 1)
          .add(x.stridedSlice([0, 1], [0, 2], [1, 1], 1, 1))
          .add(x.stridedSlice([0, 2], [0, 0], [1, 1], 1, 1, 0, 0, 2).expandDims(1)),
    ],
    [
      'split stack unstack',
      (x) => {
        const [a, b, c] = x.split(3, 1);
        return tf.stack([a!.squeeze([1]), c!.squeeze([1]), tf.unstack(x, 1)[1]!.add(b!.squeeze([1]))], 1);
      },
    ],
    ['tile transpose', (x) => x.tile([1, 2]).slice([0, 2], [-1, 3]).transpose().transpose()],
    [
      'zerosLike onesLike fill of the batch',
      (x) =>
        x
          .zerosLike()
          .add(x.onesLike())
          .add(tf.zeros([x.shape[0]!, 3]))
          .add(tf.fill([x.shape[0]!, 1], 0.5))
          .add(x),
    ],
    ['a pattern repeated for the batch', (x) => x.add(tf.tile(tf.tensor2d([[1, 2, 3]]), [x.shape[0]!, 1]))],
    [
      'broadcastTo the batch',
      (x) => x.add(tf.tensor2d([[1, 2, 3]]).broadcastTo(x.shape)).add(x.mean(1, true).broadcastTo(x.shape)),
    ],
    [
      'pad mirrorPad',
      (x) =>
        x
          .pad(
            [
              [0, 0],
              [1, 0],
            ],
            0.5,
          )
          .slice([0, 0], [-1, 3])
          .add(
            tf
              .mirrorPad(
                x,
                [
                  [0, 0],
                  [1, 1],
                ],
                'reflect',
              )
              .slice([0, 0], [-1, 3]),
          )
          .add(
            tf
              .mirrorPad(
                x,
                [
                  [0, 0],
                  [2, 1],
                ],
                'symmetric',
              )
              .slice([0, 2], [-1, 3]),
          ),
    ],
    ['matMul with transposes', (x) => tf.matMul(x, tf.ones([4, 3]).cumsum(1), false, true).slice([0, 0], [-1, 3])],
    ['einsum', (x) => tf.einsum('bi,ij->bj', x, tf.ones([3, 3]).cumsum(0))],
    ['batch dot products', (x) => tf.matMul(x.expandDims(1), x.expandDims(2)).squeeze([2]).add(x)],
  ])('%s', async (_, generate) => {
    expect(await worstDifference(plain([3], [3], generate))).toBeLessThan(tolerance);
  });

  withRuntime.each<[string, number[], (x: tf.Tensor4D) => tf.Tensor]>([
    ['depthToSpace', [6, 8, 1], (x) => tf.depthToSpace(x, 2)],
    ['nearest, half pixel centers', [7, 5, 4], (x) => tf.image.resizeNearestNeighbor(x, [7, 5], false, true)],
    ['nearest, corners aligned', [7, 5, 4], (x) => tf.image.resizeNearestNeighbor(x, [7, 5], true)],
    ['nearest, smaller', [2, 3, 4], (x) => tf.image.resizeNearestNeighbor(x, [2, 3])],
    ['bilinear', [7, 5, 4], (x) => tf.image.resizeBilinear(x, [7, 5])],
    ['bilinear, half pixel centers', [7, 5, 4], (x) => tf.image.resizeBilinear(x, [7, 5], false, true)],
    ['bilinear, corners aligned', [7, 5, 4], (x) => tf.image.resizeBilinear(x, [7, 5], true)],
    [
      'dilated convolution',
      [3, 4, 2],
      (x) => tf.conv2d(x, tf.ones([3, 3, 4, 2]).cumsum(0) as tf.Tensor4D, 1, 'same', 'NHWC', 2),
    ],
    [
      'convolution with explicit and rounded padding',
      [3, 3, 2],
      (x) =>
        tf.conv2d(
          x,
          tf.ones([2, 2, 4, 2]).cumsum(1) as tf.Tensor4D,
          2,
          [
            [0, 0],
            [1, 2],
            [1, 1],
            [0, 0],
          ],
          'NHWC',
          1,
          'floor',
        ),
    ],
    [
      'a filter that depends on the latent',
      [3, 4, 4],
      (x) => tf.conv2d(x, tf.ones([1, 1, 4, 4]).mul(x.mean()) as tf.Tensor4D, 1, 'same').div(x.mean().abs().add(1)),
    ],
    [
      'global pooling',
      [4],
      (x) => tf.relu(tf.conv2d(x, tf.ones([1, 1, 4, 4]).cumsum(2) as tf.Tensor4D, 1, 'same')).mean([1, 2]),
    ],
    [
      'mean over channels, padding and joining in either layout',
      [3, 6, 9],
      (x) => {
        const y = tf.conv2d(x, tf.ones([1, 1, 4, 4]).cumsum(2) as tf.Tensor4D, 1, 'same');
        return tf.concat([y, x, y.mean(3, true)], 3).pad([
          [0, 0],
          [0, 0],
          [1, 1],
          [0, 0],
        ]);
      },
    ],
    [
      'an instance norm and a reflection',
      [3, 6, 4],
      (x) => {
        const y = tf.conv2d(x, tf.ones([1, 1, 4, 4]).cumsum(2) as tf.Tensor4D, 1, 'same');
        const { mean, variance } = tf.moments(y, [1, 2], true);
        return tf.mirrorPad(
          y.sub(mean).div(variance.add(1e-3).sqrt()).mul([1, 2, 3, 4]),
          [
            [0, 0],
            [0, 0],
            [1, 1],
            [0, 0],
          ],
          'reflect',
        );
      },
    ],
    [
      'channels first and back',
      [3, 4, 4],
      (x) => {
        const y = tf.conv2d(x, tf.ones([1, 1, 4, 4]).cumsum(2) as tf.Tensor4D, 1, 'same').transpose([0, 3, 1, 2]);
        return y.mul(2).transpose([0, 2, 3, 1]).relu();
      },
    ],
    [
      'a dot product over positions',
      [12, 12],
      (x) => {
        const flat = x.reshape([-1, 12, 4]);
        return tf.einsum('bic,bjc->bij', flat, flat);
      },
    ],
  ])('%s', async (_, shape, generate) => {
    expect(await worstDifference(plain([3, 4, 4], shape, (x) => generate(x as tf.Tensor4D)))).toBeLessThan(tolerance);
  });
});

test('variables keep their names and convolutions need no transpose between them', async () => {
  const generator = dcganGenerator({ outputShape: [16, 16, 1], width: 4, latentSize: 6, random });
  const text = new TextDecoder('latin1').decode(await exportOnnx(generator));
  for (const { name } of generator.variables) if (/kernel|bias/.test(name)) expect(text).toContain(name);
  expect(text).toContain('latent_distribution');
  // One into the layout of ONNX and one back.
  expect(text.match(/(?<!Conv)Transpose_\d+/g)).toHaveLength(2);
  generator.dispose();
});

describe('what cannot be exported is refused', () => {
  const draw = new RandomStream(3);
  test.each<[string, Generator, string]>([
    [
      'an operation without a counterpart',
      plain([4], [4], (x) => tf.topk(x, 4).values),
      "runs 'TopK', which has no ONNX counterpart",
    ],
    ['noise drawn inside', plain([4], [4], (x) => x.add(draw.normalTensor([4]))), 'change from call to call'],
    [
      'a number for each sample',
      plain([4], [4], (x) => x.add(tf.range(0, x.shape[0]!).expandDims(1))),
      'differs from sample to sample',
    ],
    [
      'noise for each sample',
      plain([4], [4], (x) => x.add(draw.normalTensor(x.shape))),
      'differs from sample to sample',
    ],
    [
      'the batch in its steps',
      plain([4], [4], (x) => (x.shape[0] === 2 ? x.relu() : x.tanh())),
      'different operations',
    ],
    [
      'more steps for a larger batch',
      plain([4], [4], (x) => (x.shape[0] === 2 ? x.relu() : x.relu().relu())),
      'different operations',
    ],
    ['another shape than it says', plain([4], [5], (x) => x.relu()), 'correct its outputShape'],
  ])('%s', async (_, generator, message) => {
    const tensors = tf.memory().numTensors;
    const error = await exportOnnx(generator).catch((caught: unknown) => caught);
    expect(GanKitError.isInstance(error)).toBe(true);
    expect((error as Error).message).toContain(message);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  test('an opset that it does not know', async () => {
    await expect(
      exportOnnx(
        plain([4], [4], (x) => x.relu()),
        { opset: 7 },
      ),
    ).rejects.toThrow('from 13 to 21, not 7');
  });
});
