// The blocks against values that fixtures/record.py got from PyTorch.
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import stored from '../fixtures/residual-blocks.json' with { type: 'json' };
import { discriminatorBlock, generatorBlock } from './residual-block.ts';

interface Stored {
  readonly shape: number[];
  readonly values: number[];
}

interface Recorded {
  readonly name: string;
  readonly kind: 'generator' | 'discriminator';
  readonly channels: number;
  readonly resample: boolean;
  readonly first: boolean;
  readonly weights: Readonly<Record<string, readonly Stored[]>>;
  readonly input: Stored;
  readonly evaluation: Stored;
  readonly training: Stored;
}

const recorded = stored as unknown as readonly Recorded[];

const tensorOf = ({ values, shape }: Stored) => tf.tensor(values, shape);

test.each(recorded)('$name computes what PyTorch computes', ({ kind, channels, resample, first, weights, ...io }) => {
  const before = tf.memory().numTensors;
  const input = tf.input({ shape: io.input.shape.slice(1) });
  const output =
    kind === 'generator'
      ? generatorBlock(input, { name: 'block', channels, upsample: resample })
      : discriminatorBlock(input, { name: 'block', channels, downsample: resample, first });
  const model = tf.model({ inputs: input, outputs: output });
  expect(model.countParams()).toBe(
    Object.values(weights)
      .flat()
      .reduce((sum, { values }) => sum + values.length, 0),
  );
  tf.tidy(() => {
    for (const [part, values] of Object.entries(weights)) {
      model.getLayer(`block-${part}`).setWeights(values.map(tensorOf));
    }
    for (const mode of ['evaluation', 'training'] as const) {
      const result = model.apply(tensorOf(io.input), { training: mode === 'training' }) as tf.Tensor;
      const expected = tensorOf(io[mode]);
      expect(result.shape).toEqual(expected.shape);
      expect(result.sub(expected).abs().max().arraySync()).toBeLessThan(1e-5);
    }
  });
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
