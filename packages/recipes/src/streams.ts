import { RandomStream } from '@gankit/core';

/** Everything random in a run, from its seed: each kind of part has a stream of its own. */
export function runStreams(seed: number) {
  const random = new RandomStream(seed);
  return {
    data: random.fork('data'),
    discriminator: random.fork('discriminator'),
    generator: random.fork('generator'),
    loss: random.fork('loss'),
    metrics: random.fork('metrics'),
    pictures: random.fork('pictures'),
    training: random.fork('training'),
  };
}

export type RunStreams = ReturnType<typeof runStreams>;
