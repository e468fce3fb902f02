// One of the processes that share the batch of DCGAN-28, or the only one: writes what a step costs.
import { writeFileSync } from 'node:fs';
import '@gankit/backend-onnx';
import { type Communicator, drawLatent, isSpread, RandomStream, rowsOfShare } from '@gankit/core';
import { launchOf, mpiCommunicator } from '@gankit/distributed';
import { adam } from '@gankit/engine';
import { nonSaturating } from '@gankit/losses';
import { dcganDiscriminator, dcganGenerator } from '@gankit/models';
import { readMeasurements, updateDiscriminator, updateGenerator } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';

const [warmUp, steps, batch] = [3, 12, 64];

/** The same communicator, with a clock and a counter around what is said. */
function timed(communicator: Communicator) {
  const spent = { milliseconds: 0, numbers: 0 };
  const allReduce = (values: Float32Array) => {
    const begun = performance.now();
    communicator.allReduce(values);
    spent.milliseconds += performance.now() - begun;
    spent.numbers += values.length;
  };
  const { rank, size } = communicator;
  const talk: Communicator = {
    rank,
    size,
    allReduce,
    allGather: (values) => communicator.allGather(values),
    broadcast: (bytes) => communicator.broadcast(bytes),
    barrier: () => communicator.barrier(),
    agree: (flag) => communicator.agree(flag),
  };
  return { talk, spent };
}

await tf.setBackend('onnx');
const launch = launchOf(process.env);
const mpi = launch && mpiCommunicator(launch);
const clocked = isSpread(mpi) ? timed(mpi) : undefined;
const communicator = clocked?.talk;
const random = new RandomStream(1);
const shared = random.sharedOver(communicator);
const generator = dcganGenerator({ outputShape: [28, 28, 1], random });
const discriminator = dcganDiscriminator({ inputShape: [28, 28, 1], random });
const optimizers = { generator: adam({ learningRate: 2e-4 }), discriminator: adam({ learningRate: 2e-4 }) };
const rows = communicator === undefined ? batch : rowsOfShare(batch, communicator);
const real = shared.uniformTensor([rows, 28, 28, 1], -1, 1);
const times: number[] = [];
const talked: number[] = [];
for (let step = 0; step < warmUp + steps; step++) {
  const before = { ...clocked?.spent };
  const begun = performance.now();
  const latent = drawLatent(generator, rows, shared);
  const game = { generator, discriminator, loss: nonSaturating(), real, latent, random, communicator };
  await readMeasurements([
    updateDiscriminator({ ...game, optimizer: optimizers.discriminator }),
    updateGenerator({ ...game, optimizer: optimizers.generator }),
  ]);
  latent.dispose();
  if (step < warmUp) continue;
  times.push(performance.now() - begun);
  talked.push((clocked?.spent.milliseconds ?? 0) - (before.milliseconds ?? 0));
}
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const numbers = (clocked?.spent.numbers ?? 0) / (warmUp + steps);
if ((mpi?.rank ?? 0) === 0) {
  writeFileSync(process.argv[2]!, JSON.stringify({ step: median(times), talking: median(talked), numbers }));
}
mpi?.finish();
process.exit(0);
