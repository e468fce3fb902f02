// Dropout whose masks come from a seeded stream: a new mask for every call, the same masks in every run.
import { checkNumber, GanKitError, type RandomState, RandomStream, type State, type Stateful } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { type CallOptions, type LayerArgs, singleTensor } from './layer-call.ts';

export interface SeededDropoutArgs extends LayerArgs {
  /** Share of elements that are dropped: at least 0, below 1. */
  readonly rate: number;
  /** Decides the masks; 0 when absent. Give every layer a seed of its own. */
  readonly seed?: number | string;
}

/**
 * In training, sets each element to 0 with probability `rate` and divides the others by `1 - rate` (Srivastava 2014); otherwise
 * nothing. The position in the stream of masks is state that a checkpoint must hold: `saveState` and `loadState`. (A seeded
 * tf.layers dropout repeats one mask for ever, an unseeded one cannot be repeated.)
 */
export class SeededDropout extends tf.layers.Layer implements Stateful {
  static className = 'SeededDropout';
  readonly rate: number;
  readonly seed: number | string;
  readonly #random: RandomStream;

  constructor(args: SeededDropoutArgs) {
    super(args);
    this.rate = args.rate;
    checkNumber('rate', this.rate, 0);
    if (this.rate >= 1) throw new GanKitError('invalid-argument', `rate must be below 1, not ${this.rate}.`);
    this.seed = args.seed ?? 0;
    this.#random = new RandomStream(this.seed);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], options: CallOptions = {}): tf.Tensor {
    return tf.tidy(() => {
      const x = singleTensor(inputs, this);
      if (options.training !== true || this.rate === 0) return tf.clone(x);
      const mask = new Float32Array(x.size);
      const kept = 1 / (1 - this.rate);
      for (let index = 0; index < mask.length; index++) mask[index] = this.#random.uniform() < this.rate ? 0 : kept;
      return tf.mul(x, tf.tensor(mask, x.shape));
    });
  }

  async saveState(): Promise<State> {
    const { words, path } = this.#random.saveState();
    return { values: { words: [...words], path } };
  }

  loadState(state: State): void {
    this.#random.loadState(state.values as unknown as RandomState);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return inputShape;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate, seed: this.seed };
  }
}

tf.serialization.registerClass(SeededDropout);

/** See {@link SeededDropout}. */
export function seededDropout(args: SeededDropoutArgs): SeededDropout {
  return new SeededDropout(args);
}
