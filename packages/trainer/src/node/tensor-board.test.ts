import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Network, StepEvent } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { crc32c } from './crc32c.ts';
import { tensorBoard } from './tensor-board.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-tensorboard-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const step = (number: number, loss = number / 4): StepEvent => ({
  type: 'step',
  step: number,
  discriminator: { adversarialLoss: loss, objective: loss + 0.5, penalties: { r1: 0.5 }, fakeLogit: -1 },
  realSamples: 1,
  discriminatorUpdates: 1,
  generatorUpdates: 1,
  samplesSeen: number,
});

/** Six weights: mean 1, from -1 to 4. */
const weights = [-1, 0, 0, 1, 2, 4];

async function writeRun(): Promise<void> {
  const variable = tf.variable(tf.tensor1d(weights));
  const network: Network = {
    name: 'generator',
    variables: [{ name: '0.dense.kernel', variable, trainable: true }],
    dispose: () => variable.dispose(),
  };
  // Six grey pixels.
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAAEElEQVR4XmNgMEphmHbiFwAHdALveDgKjAAAAABJRU5ErkJggg==',
    'base64',
  );
  const board = await tensorBoard({
    folder,
    images: { samples: () => ({ width: 3, height: 2, channels: 1, png }) },
    imagesEvery: 2,
    histograms: [network],
    histogramsEvery: 2,
  });
  await board.onEvent({ type: 'start', step: 0 });
  for (let number = 1; number <= 4; number++) await board.onEvent(step(number));
  await board.scalars(4, { 'coverage/modes': 7 });
  await board.close();
  network.dispose();
}

test('the checksum is that of the standard', () => {
  // RFC 3720, appendix B.4.
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, index) => index))).toBe(0x46dd794e);
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
});

test('a file is a chain of records from its first byte to its last', async () => {
  await writeRun();
  const [name] = await readdir(folder);
  expect(name).toMatch(/^events\.out\.tfevents\.\d{10}\./);
  const bytes = await readFile(join(folder, name!));
  let at = 0;
  let records = 0;
  while (at < bytes.length) {
    at += 16 + Number(bytes.readBigUInt64LE(at));
    records++;
  }
  expect(at).toBe(bytes.length);
  // The version, four steps, three pictures, two histograms, one number of one's own.
  expect(records).toBe(11);
});

/** What TensorBoard's own reader makes of the folder. */
const reader = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
events = EventAccumulator(sys.argv[1], size_guidance={'histograms': 0, 'images': 0, 'scalars': 0})
events.Reload()
print(json.dumps({
  'tags': {kind: sorted(events.Tags()[kind]) for kind in ('scalars', 'images', 'histograms')},
  'loss': [[e.step, e.value] for e in events.Scalars('loss/discriminator')],
  'image': [[e.step, e.width, e.height, len(e.encoded_image_string)] for e in events.Images('samples')],
  'histogram': [[e.step, e.histogram_value.min, e.histogram_value.max, e.histogram_value.num, e.histogram_value.sum, sum(e.histogram_value.bucket)] for e in events.Histograms('generator/0.dense.kernel')],
}))`;
const python = process.env['GANKIT_TENSORBOARD_PYTHON'] ?? 'python3';
const available = spawnSync(python, ['-c', 'import tensorboard']).status === 0;
if (!available)
  process.stderr.write('Skipped: TensorBoard is not installed for python3, so its reader is not asked.\n');

describe.skipIf(!available)("TensorBoard's own reader", () => {
  const read = () => {
    const { stdout, stderr } = spawnSync(python, ['-c', reader, folder], { encoding: 'utf8' });
    expect(stdout, stderr).not.toBe('');
    return JSON.parse(stdout.trim().split('\n').at(-1)!);
  };

  test('finds curves, pictures and histograms', async () => {
    await writeRun();
    const run = read();
    expect(run.tags).toEqual({
      scalars: [
        'coverage/modes',
        'logit/fake',
        'loss/discriminator',
        'objective/discriminator',
        'penalty/discriminator/r1',
        'updates/discriminator',
        'updates/generator',
      ],
      images: ['samples'],
      histograms: ['generator/0.dense.kernel'],
    });
    expect(run.loss).toEqual([
      [1, 0.25],
      [2, 0.5],
      [3, 0.75],
      [4, 1],
    ]);
    expect(run.image.map((image: number[]) => image.slice(0, 3))).toEqual([
      [0, 3, 2],
      [2, 3, 2],
      [4, 3, 2],
    ]);
    expect(run.histogram[0]).toEqual([2, -1, 4, 6, 6, 6]);
  });

  test('forgets what a killed run wrote after the step that it resumed from', async () => {
    await writeRun();
    const resumed = await tensorBoard({ folder });
    await resumed.onEvent({ type: 'start', step: 2 });
    await resumed.onEvent(step(3, 9));
    await resumed.close();
    expect(read().loss).toEqual([
      [1, 0.25],
      [2, 0.5],
      [3, 9],
    ]);
  });
});
