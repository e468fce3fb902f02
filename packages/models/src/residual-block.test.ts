// The blocks against values that fixtures/record.py got from PyTorch.
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import stored from '../fixtures/residual-blocks.json' with { type: 'json' };
import { r3ganBlock } from './r3gan.ts';
import { discriminatorBlock, generatorBlock } from './residual-block.ts';

interface Stored {
  readonly shape: number[];
  readonly values: number[];
}

interface Recorded {
  readonly name: string;
  readonly kind: 'generator' | 'discriminator' | 'r3gan';
  readonly channels: number;
  readonly resample?: boolean;
  readonly first?: boolean;
  readonly expansion?: number;
  readonly groupSize?: number;
  readonly weights: Readonly<Record<string, readonly Stored[]>>;
  readonly input: Stored;
  readonly evaluation: Stored;
  readonly training: Stored;
}

const recorded = stored as unknown as readonly Recorded[];

const tensorOf = ({ values, shape }: Stored) => tf.tensor(values, shape);

function build(input: tf.SymbolicTensor, recorded: Recorded): tf.SymbolicTensor {
  const { kind, channels, resample = false, first = false, expansion = 2, groupSize = 1 } = recorded;
  const name = 'block';
  if (kind === 'r3gan') return r3ganBlock(input, { name, expansion, channelsPerGroup: groupSize });
  if (kind === 'generator') return generatorBlock(input, { name, channels, upsample: resample });
  return discriminatorBlock(input, { name, channels, downsample: resample, first });
}

test.each(recorded)('$name computes what PyTorch computes', (block) => {
  const { weights, ...io } = block;
  const before = tf.memory().numTensors;
  const input = tf.input({ shape: io.input.shape.slice(1) });
  const output = build(input, block);
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
