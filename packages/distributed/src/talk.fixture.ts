// What the ranks of a test say to each other, and compute together.
import { type Communicator, gatherRows, meanOverRanks, ownRows, RandomStream } from '@gankit/core';
// The right second derivatives, whatever else the program imports.
import '@gankit/engine/gradients';
import * as tf from '@tensorflow/tfjs';

/** Every message, with numbers that tell who sent them. */
export function talk(_: unknown, communicator: Communicator) {
  const { rank, size } = communicator;
  const sum = Float32Array.from({ length: 2500 }, (_, index) => (rank + 1) * 0.5 + index);
  communicator.allReduce(sum);
  const gathered = communicator.allGather(Float32Array.from({ length: 1201 }, (_, index) => 10_000 * rank + index));
  const bytes = communicator.broadcast(
    rank === 0 ? Uint8Array.from({ length: 70_001 }, (_, at) => at % 251) : undefined,
  );
  const empty = communicator.broadcast(new Uint8Array()).length;
  communicator.barrier();
  const agreed = [communicator.agree(false), communicator.agree(rank === size - 1)];
  return { sum: [...sum], gathered: [...gathered], bytes: [...bytes], empty, agreed };
}

/** A batch of 6 rows whose statistics a loss and a penalty of second order look at; and the same for one process. */
export function coupled(_: unknown, communicator: Communicator | undefined) {
  return tf.tidy(() => {
    const batch = tf.tensor2d([0.3, -1, 0.7, 2, -0.2, 0.1, 1.4, -0.6, 0.9, 0.5, -1.3, 0.8], [6, 2]);
    const x = ownRows(batch, communicator);
    const weights = tf.tensor2d([0.4, -0.7, 1.1, 0.2], [2, 2]);
    const mean = (value: tf.Tensor) => meanOverRanks(value, communicator);
    /** Batch normalisation, then something that is not linear. */
    const layer = (rows: tf.Tensor, w: tf.Tensor) => {
      const h = tf.matMul(rows as tf.Tensor2D, w as tf.Tensor2D);
      const centre = mean(tf.mean(h, 0));
      const variance = mean(tf.mean(tf.square(tf.sub(h, centre)), 0));
      return tf.tanh(tf.div(tf.sub(h, centre), tf.sqrt(tf.add(variance, 1e-3))));
    };
    const objective = (w: tf.Tensor): tf.Scalar => {
      const h = layer(x, w);
      const slope = tf.grad((rows: tf.Tensor) => tf.sum(layer(rows, w)))(x);
      const all = gatherRows(h, communicator);
      const other = gatherRows(tf.square(slope), communicator);
      // The first couples all rows by a softmax; the second is a gradient penalty, the third its rows compared with each other.
      return tf.addN([
        tf.logSumExp(tf.reshape(all, [-1])),
        tf.mean(tf.square(slope)),
        tf.mean(tf.square(tf.sub(other, tf.reverse(other, 0)))),
      ]) as tf.Scalar;
    };
    const { value, grad } = tf.valueAndGrad(objective)(weights);
    return { value: [...mean(value).dataSync()], gradient: [...mean(grad).dataSync()] };
  });
}

/** What a shared stream draws for the rows of each rank. */
export function draws(_: unknown, communicator: Communicator | undefined) {
  const stream = new RandomStream(5);
  const random = stream.sharedOver(communicator);
  const rows = 6 / (communicator?.size ?? 1);
  const read = (tensor: tf.Tensor) => {
    const values = [...tensor.dataSync()];
    tensor.dispose();
    return values;
  };
  const drawn = [
    read(random.normalTensor([rows, 3])),
    read(random.uniformTensor([rows, 1], -1, 2)),
    random.perRow(rows, () => random.integer(1000)),
    read(random.fork('own').normalTensor([rows, 2], 1, 3)),
  ];
  const together = random.uniform();
  return { drawn, together, after: stream.saveState() };
}

/** All of it, for ranks that take a while to start. */
export function everything(_: unknown, communicator: Communicator) {
  return {
    said: talk(undefined, communicator),
    computed: coupled(undefined, communicator),
    drew: draws(undefined, communicator),
  };
}
