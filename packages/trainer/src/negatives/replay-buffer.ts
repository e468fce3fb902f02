// A history of past fakes, so that the discriminator does not forget what the generator used to make.
import {
  type Condition,
  checkInteger,
  checkNumber,
  checkOptions,
  conditionOf,
  conditionTensors,
  GanKitError,
  gatherRows,
  type NegativeSamples,
  type Negatives,
  type NegativesContext,
  ownRows,
  type RandomStream,
  restoreTensor,
  type State,
  type Stateful,
  storeTensors,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { gatherConditions } from './condition-rows.ts';
import { generated } from './current-generator.ts';

export interface ReplayBufferOptions {
  /** Samples that are kept; 512 by default. */
  readonly capacity?: number | undefined;
  /** The probability that a sample of a batch is exchanged for one of the past, 0 to 1; 0.5 by default. */
  readonly share?: number | undefined;
}

const samplesKey = 'samples';
const conditionPrefix = 'condition/';

/** Samples and what the discriminator is told about each. */
interface Rows {
  readonly samples: tf.Tensor;
  readonly condition: Condition | undefined;
}

function tensorsOf({ samples, condition }: Rows): tf.Tensor[] {
  return [samples, ...Object.values(conditionTensors(condition))];
}

/** The same condition with each of its tensors replaced. */
function mapCondition(condition: Condition | undefined, change: (tensor: tf.Tensor) => tf.Tensor) {
  const entries = Object.entries(conditionTensors(condition));
  return conditionOf(Object.fromEntries(entries.map(([kind, tensor]) => [kind, change(tensor)])));
}

/** Which rows of [history, new batch] become the negatives, and which the next history. */
function exchange(count: number, batch: number, capacity: number, share: number, random: RandomStream) {
  const history = Array.from({ length: count }, (_, row) => row);
  const negatives = Array.from({ length: batch }, (_, row) => {
    const fresh = count + row;
    if (history.length < capacity) {
      history.push(fresh);
      return fresh;
    }
    if (random.uniform() >= share) return fresh;
    const place = random.integer(capacity);
    const past = history[place]!;
    history[place] = fresh;
    return past;
  });
  return { negatives, history };
}

class ReplayBuffer implements Negatives, Stateful {
  readonly name = 'replay-buffer';
  readonly fromLatent = false;
  readonly #capacity: number;
  readonly #share: number;
  #history: Rows | undefined;

  constructor(options: ReplayBufferOptions) {
    checkOptions('replayBuffer', options, { capacity: 'optional', share: 'optional' });
    const { capacity = 512, share = 0.5 } = options;
    checkInteger('capacity', capacity);
    checkNumber('share', share, 0, 1);
    this.#capacity = capacity;
    this.#share = share;
  }

  sample(context: NegativesContext): NegativeSamples {
    const { random, communicator } = context;
    const past = this.#history?.samples;
    let picked: Rows | undefined;
    let next: Rows | undefined;
    tf.tidy(() => {
      // One history for all processes, the same on each: a checkpoint is whole, and the past is as long.
      const fresh = gatherRows(generated(context), communicator);
      const condition = mapCondition(context.condition, (tensor) => gatherRows(tensor, communicator));
      const told = past === undefined ? [condition] : [this.#history?.condition, condition];
      const count = past?.shape[0] ?? 0;
      const { negatives, history } = exchange(count, fresh.shape[0]!, this.#capacity, this.#share, random);
      const all = past === undefined ? fresh : tf.concat([past, fresh]);
      const rows = (indices: readonly number[]): Rows => {
        const picks = tf.tensor1d([...indices], 'int32');
        return { samples: tf.gather(all, picks), condition: gatherConditions(this.name, told, picks) };
      };
      const exchanged = rows(negatives);
      picked = {
        samples: ownRows(exchanged.samples, communicator),
        condition: mapCondition(exchanged.condition, (tensor) => ownRows(tensor, communicator)),
      };
      next = rows(history);
      for (const tensor of tensorsOf(next)) tf.keep(tensor);
      return tensorsOf(picked);
    });
    this.dispose();
    this.#history = next;
    return {
      samples: picked!.samples,
      fromLatent: false,
      condition: picked!.condition,
    };
  }

  async saveState(): Promise<State> {
    const tensors: Record<string, tf.Tensor> = {};
    if (this.#history !== undefined) tensors[samplesKey] = this.#history.samples;
    for (const [kind, tensor] of Object.entries(conditionTensors(this.#history?.condition))) {
      tensors[conditionPrefix + kind] = tensor;
    }
    return { tensors: await storeTensors(tensors) };
  }

  loadState({ tensors = {} }: State): void {
    const { [samplesKey]: samples, ...rest } = tensors;
    const saved = samples?.shape[0] ?? 0;
    if (saved > this.#capacity) {
      throw new GanKitError(
        'incompatible',
        `The saved replay buffer holds ${saved} samples, this one has room for ${this.#capacity}; use the capacity that it was saved with.`,
        { value: saved },
      );
    }
    for (const [name, { shape }] of Object.entries(rest)) {
      if (name.startsWith(conditionPrefix) && shape[0] === saved) continue;
      throw new GanKitError('incompatible', `The saved state holds '${name}', which is not part of a replay buffer.`);
    }
    this.dispose();
    if (samples === undefined) return;
    const told = Object.entries(rest).map(([name, stored]) => [
      name.slice(conditionPrefix.length),
      tf.keep(restoreTensor(stored)),
    ]);
    this.#history = {
      samples: tf.keep(restoreTensor(samples)),
      condition: conditionOf(Object.fromEntries(told)),
    };
  }

  dispose(): void {
    if (this.#history !== undefined) tf.dispose(tensorsOf(this.#history));
    this.#history = undefined;
  }
}

/**
 * A history of fakes. Until it is full, each new sample goes into it and is a negative itself. From then on each new sample of a
 * batch is, with probability `share`, exchanged for a random one of the history, which becomes the negative in its place;
 * otherwise it is the negative and leaves no trace. Each sample keeps the condition that it was made with.
 *
 * The history lives on the backend (capacity x one sample); nothing is read back, choices come from the context's random stream.
 * Source: Shrivastava et al. 2017, section 2.3, in the form of CycleGAN's image pool (Zhu et al. 2017).
 *
 * @throws GanKitError `invalid-argument` for a capacity below 1 or a share that is not from 0 to 1.
 */
export function replayBuffer(options: ReplayBufferOptions = {}): Negatives & Stateful & { dispose(): void } {
  return new ReplayBuffer(options);
}
