// The program of the README in a worker: it says what the trainer tells.

import { selectBackend } from '@gankit/backends';
import { RandomStream } from '@gankit/core';
import { ringOfGaussians } from '@gankit/data';
import { adam } from '@gankit/engine';
import { nonSaturating } from '@gankit/losses';
import { mlpDiscriminator, mlpGenerator } from '@gankit/models';
import { Trainer } from '@gankit/trainer';

/** What the worker is asked for. */
export interface Order {
  readonly backend: 'cpu' | 'wasm' | 'webgl' | 'webgpu';
  readonly wasmPaths: Record<string, string>;
  readonly steps: number;
}

/** What it answers: each step's two objectives and accuracy, then the backend that it ran on; or what went wrong. */
export type Answer =
  | { readonly numbers: (number | undefined)[] }
  | { readonly backend: string }
  | { readonly error: string };

const answer = (message: Answer) => postMessage(message);

async function train({ backend: prefer, wasmPaths, steps }: Order): Promise<void> {
  const { backend } = await selectBackend({ prefer, fallback: false, wasmPaths: wasmPaths as never });
  const random = new RandomStream(1);
  const data = ringOfGaussians();
  const loss = nonSaturating();
  const generator = mlpGenerator({ outputShape: data.shape, random });
  const discriminator = mlpDiscriminator({ inputShape: data.shape, verdict: loss.verdict, random });
  const optimizer = () => adam({ learningRate: 1e-3 });
  const trainer = new Trainer({ generator, discriminator, loss, optimizer, random });
  for await (const event of trainer.run(data.batches({ batchSize: 64, random }), { steps })) {
    if (event.type !== 'step') continue;
    answer({ numbers: [event.discriminator?.objective, event.generator?.objective, event.accuracy] });
  }
  trainer.disposeParts();
  answer({ backend });
}

addEventListener('message', ({ data }: MessageEvent<Order>) => {
  train(data).catch((error: unknown) => answer({ error: String(error) }));
});
