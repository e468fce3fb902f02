import { type Communicator, type DiscriminatorOutput, gatherRows, isSpread, mapOutput } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';

/**
 * What the discriminator says of the whole batch, from what each process's says of its rows: a loss that compares samples compares all of
 * them, and is the same number on every process. Features are only joined when somebody reads them. It runs inside a `tf.tidy`.
 */
export function wholeOutput(output: DiscriminatorOutput, communicator: Communicator | undefined): DiscriminatorOutput {
  if (!isSpread(communicator)) return output;
  const whole = <T extends tf.Tensor>(tensor: T): T => gatherRows(tensor, communicator);
  const { features, ...others } = output;
  let joined: DiscriminatorOutput['features'];
  return {
    ...mapOutput(others, whole),
    get features() {
      joined ??= features?.map(whole);
      return joined;
    },
  };
}
