// A run that is broken off in the middle, as by a power cut, and goes on from its last checkpoint to the very same weights.
//
//   npx tsx examples/never-lose-a-run.ts
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selectBackend } from '@gankit/backends';
import { type Network, RandomStream } from '@gankit/core';
import { ringOfGaussians } from '@gankit/data';
import { adam } from '@gankit/engine';
import { nonSaturating } from '@gankit/losses';
import { mlpDiscriminator, mlpGenerator } from '@gankit/models';
import { Trainer } from '@gankit/trainer';
import { Checkpoints, checkpointEvery, jsonLines } from '@gankit/trainer/node';

const steps = Number(process.env['STEPS'] ?? 300);
const every = Math.ceil(steps / 5);
const configuration = { data: 'ring', batchSize: 64, steps, seed: 1 };

async function sha256({ variables }: Network): Promise<string> {
  const hash = createHash('sha256');
  for (const { name, variable } of variables) hash.update(name).update((await variable.data()) as Float32Array);
  return hash.digest('hex');
}

/** Trains in a folder until the end, or until the lights go out; what is in the folder already is gone on with. */
async function train(folder: string, lightsOutAt = Number.POSITIVE_INFINITY): Promise<string> {
  const random = new RandomStream(configuration.seed);
  const generator = mlpGenerator({ outputShape: [2], random: random.fork('generator') });
  const trainer = new Trainer({
    generator,
    discriminator: mlpDiscriminator({ inputShape: [2], random: random.fork('discriminator') }),
    loss: nonSaturating(),
    optimizer: () => adam({ learningRate: 1e-3, beta1: 0.5 }),
    random: random.fork('training'),
  });
  const data = ringOfGaussians().batches({ batchSize: configuration.batchSize, random: random.fork('data') });
  const checkpoints = await Checkpoints.open({ folder: join(folder, 'checkpoints'), configuration });
  const log = await jsonLines(join(folder, 'steps.jsonl'), { resume: true });
  // The trainer, the position in the data and the log's length are saved together: lines after the checkpoint are cut off again.
  const onResume = ({ step }: { step: number }) => console.log(`resumed from the checkpoint of step ${step}`);
  const callbacks = [log, checkpointEvery({ checkpoints, every, onResume })];
  for await (const event of trainer.run(data, { until: steps, callbacks })) {
    if (event.type === 'step' && event.step === lightsOutAt) break;
  }
  console.log(
    `step ${trainer.step}, ${(await readFile(join(folder, 'steps.jsonl'), 'utf8')).split('\n').length - 1} lines`,
  );
  return sha256(generator);
}

await selectBackend();
const folder = await mkdtemp(join(tmpdir(), 'never-lose-a-run-'));
try {
  const unbroken = await train(join(folder, 'unbroken'));
  await train(join(folder, 'broken'), Math.ceil(steps / 2));
  const resumed = await train(join(folder, 'broken'));
  console.log(`unbroken ${unbroken}\nresumed  ${resumed}`);
} finally {
  await rm(folder, { recursive: true });
}
