// Conditional generators as ONNX models with inputs `latent` and `label`, run in onnxruntime.
import { drawLatent, type Generator, RandomStream } from '@gankit/core';
import { type ExportOnnxOptions, exportOnnx, mlpGenerator, resnetGenerator } from '@gankit/models';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { labelTensor } from './labels.ts';
import { conditionalBatchNormalization } from './players/conditional-batch-normalization.ts';
import { conditionalDcganGenerator } from './players/conditional-dcgan.ts';
import { conditionalGenerator } from './players/conditional-generator.ts';

const runtime = await import('onnxruntime-node').catch((error: Error) => {
  console.warn(`onnxruntime-node is not here (${error.message}); exported models are not run.`);
  return undefined;
});
const withRuntime = runtime === undefined ? test.skip : test;

const classes = 3;
const codes = 2;
const random = () => new RandomStream(1);
const inner = (latentSize: number) => mlpGenerator({ outputShape: [2], latentSize, hidden: [8], random: random() });

const generators: Readonly<Record<string, () => Generator>> = {
  'one-hot class beside the latent': () => conditionalGenerator(inner(4 + classes), { classes }),
  'learned embedding and a vector': () =>
    conditionalGenerator(inner(4 + 5 + codes), { classes, embedding: { size: 5, random: random() }, vectors: codes }),
  'conditional DCGAN': () =>
    conditionalDcganGenerator({ outputShape: [8, 8, 1], latentSize: 4, width: 4, classes, random: random() }),
  'residual generator with conditional normalisation': () =>
    resnetGenerator({
      outputShape: [8, 8, 3],
      latentSize: 4,
      channels: [4, 4],
      normalization: conditionalBatchNormalization({ classes }),
      random: random(),
    }),
};

describe.each(Object.entries(generators))('%s', (name, make) => {
  withRuntime('onnxruntime gives the same samples to 1e-4', async () => {
    const generator = make();
    for (const { name, variable } of generator.variables) {
      const stream = random().fork(name);
      if (/beta|bias|moving_mean/.test(name)) tf.tidy(() => variable.assign(stream.normalTensor(variable.shape)));
      if (/gamma|variance/.test(name)) tf.tidy(() => variable.assign(stream.uniformTensor(variable.shape, 0.5, 2)));
    }
    const told = name.includes('vector');
    const options: ExportOnnxOptions = { labels: { classes }, vectors: told ? { length: codes } : undefined };
    const before = tf.memory().numTensors;
    const session = await runtime!.InferenceSession.create(await exportOnnx(generator, options), {
      intraOpNumThreads: 1,
      logSeverityLevel: 3,
    });
    expect(session.inputNames).toEqual(['latent', 'label', ...(told ? ['vector'] : [])]);
    const labels = [2, 0, 1, 1, 2];
    const latent = drawLatent(generator, labels.length, random());
    const condition = {
      labels: labelTensor(labels, classes),
      vectors: random().fork('codes').uniformTensor<tf.Rank.R2>([labels.length, codes]),
    };
    const expected = generator.generate(latent, { training: false, condition });
    const input = (tensor: tf.Tensor) =>
      new runtime!.Tensor('float32', tensor.dataSync() as Float32Array, tensor.shape);
    const { samples } = await session.run({
      latent: input(latent),
      label: new runtime!.Tensor('int64', BigInt64Array.from(labels, BigInt), [labels.length]),
      ...(told ? { vector: input(condition.vectors) } : {}),
    });
    const actual = samples!.data as Float32Array;
    expect(samples!.dims).toEqual(expected.shape);
    const differences = [...expected.dataSync()].map((value, index) => Math.abs(value - actual[index]!));
    expect(differences.every((difference) => difference < 1e-4)).toBe(true);
    tf.dispose([latent, expected, condition.labels, condition.vectors]);
    expect(tf.memory().numTensors).toBe(before);
    await session.release();
    generator.dispose();
  });
});
