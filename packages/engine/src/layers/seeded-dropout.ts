// Dropout whose masks come from a seeded stream: a new mask for every call, the same masks in every run.
import { checkNumber, checkOptions, formatShape, GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { type CallOptions, layerOptionNames, singleTensor } from './layer-call.ts';
import { SeededLayer, type SeededLayerArgs } from './seeded-layer.ts';

export interface SeededDropoutArgs extends SeededLayerArgs {
  /** Share of elements that are dropped: at least 0, below 1. */
  readonly rate: number;
  /**
   * Shape of the mask, batch included: 1 for an axis along which everything shares one decision, null for the input's own size, which
   * is the default for all. `[null, 1, 1, null]` drops whole channels of images, `[null, 1, null]` those of sequences.
   */
  readonly noiseShape?: readonly (number | null)[] | null | undefined;
}

/**
 * In training, sets each element to 0 with probability `rate` and divides the others by `1 - rate` (Srivastava 2014); otherwise
 * nothing. The position in the stream of masks is state that a checkpoint must hold: `saveState` and `loadState`. (A seeded
 * tf.layers dropout repeats one mask for ever, an unseeded one cannot be repeated.)
 */
export class SeededDropout extends SeededLayer {
  static className = 'SeededDropout';
  readonly rate: number;
  readonly noiseShape: readonly (number | null)[] | undefined;

  constructor(args: SeededDropoutArgs) {
    super(args);
    this.rate = args.rate;
    this.noiseShape = args.noiseShape ?? undefined;
    checkNumber('rate', this.rate, 0);
    if (this.rate >= 1) throw new GanKitError('invalid-argument', `rate must be below 1, not ${this.rate}.`);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], options: CallOptions = {}): tf.Tensor {
    return tf.tidy(() => {
      const x = singleTensor(inputs, this);
      if (options.training !== true || this.rate === 0) return tf.clone(x);
      const shape = this.#maskShape(x);
      const kept = 1 / (1 - this.rate);
      // A mask that is one for the whole batch is one for all processes.
      const random = shape[0] === x.shape[0] ? this.random.sharedOver(options.communicator) : this.random;
      const mask = random.perRow(tf.util.sizeFromShape(shape), () => (random.uniform() < this.rate ? 0 : kept));
      return tf.mul(x, tf.tensor(Float32Array.from(mask), shape));
    });
  }

  #maskShape(x: tf.Tensor): number[] {
    const shape = this.noiseShape?.map((size, axis) => size ?? x.shape[axis]!) ?? x.shape;
    if (shape.length === x.rank && shape.every((size, axis) => size === 1 || size === x.shape[axis])) return shape;
    throw new GanKitError(
      'invalid-shape',
      `${this.name} cannot drop from ${formatShape(x.shape)} with a noiseShape of ${formatShape(this.noiseShape ?? [])}; give 1 or null for each axis.`,
      { value: this.noiseShape },
    );
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate, noiseShape: this.noiseShape?.slice() ?? null };
  }
}

tf.serialization.registerClass(SeededDropout);

/** See {@link SeededDropout}. */
export function seededDropout(args: SeededDropoutArgs): SeededDropout {
  checkOptions('seededDropout', args, {
    ...layerOptionNames,
    rate: 'required',
    noiseShape: 'optional',
    seed: 'optional',
  });
  return new SeededDropout(args);
}
