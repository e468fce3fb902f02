import type { Communicator } from './communicator.ts';
import type { Condition, ConditionKind } from './condition.ts';
import type { Batch } from './data-source.ts';
import type { RandomStream } from './random.ts';

/** What the players are told in one update. */
export interface UpdateCondition {
  /** About the real samples; nothing when absent. */
  readonly real?: Condition | undefined;
  /** About the generated samples; the same as about the real ones when absent. */
  readonly fake?: Condition | undefined;
}

/**
 * Where conditions come from: the labels of the data, labels drawn from a distribution, codes, images. A trainer passes them on
 * and knows nothing of what they mean. One with state also implements {@link Stateful}.
 */
export interface Conditioning {
  readonly name: string;
  /**
   * What it tells about real and about generated samples, so that a player that needs something else is refused before training
   * starts; unknown when absent.
   */
  readonly gives?: { readonly real: readonly ConditionKind[]; readonly fake: readonly ConditionKind[] } | undefined;
  /**
   * What both players are told in the update that is about to be made.
   * @param batch The real samples and what came with them; they stay with the caller.
   * @param random Draw here and nowhere else; each draw moves it.
   * @param communicator The processes that the batch is spread over; absent for one process.
   * @returns Tensors that are new or clones; it runs inside a `tf.tidy` that owns them.
   * @throws GanKitError `incompatible` when the data lack what it needs, such as labels.
   */
  condition(batch: Batch, random: RandomStream, communicator?: Communicator): UpdateCondition;
}
