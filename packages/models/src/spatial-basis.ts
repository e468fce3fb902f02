// The first layer of R3GAN's generator and the last of its discriminator: between a vector and the smallest map, without mixing channels.
import { checkInteger } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

type LayerArgs = NonNullable<ConstructorParameters<typeof tf.layers.Layer>[0]>;

export interface ExpandBasisArgs extends LayerArgs {
  /** Height of the map. */
  readonly height: number;
  /** Width of the map. */
  readonly width: number;
}

const only = (inputs: tf.Tensor | tf.Tensor[]): tf.Tensor => (Array.isArray(inputs) ? inputs[0]! : inputs);

/** [batch, channels] to [batch, height, width, channels]: each channel's number times a learned picture, `basis`, which starts as zeros. */
export class ExpandBasis extends tf.layers.Layer {
  static className = 'ExpandBasis';
  readonly height: number;
  readonly width: number;
  #basis: tf.LayerVariable | undefined;

  constructor(args: ExpandBasisArgs) {
    super(args);
    this.height = args.height;
    this.width = args.width;
    checkInteger('height', this.height);
    checkInteger('width', this.width);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape).at(-1)!;
    this.#basis = this.addWeight('basis', [this.height, this.width, channels], 'float32', tf.initializers.zeros());
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = only(inputs);
      return tf.mul(tf.reshape(x, [x.shape[0]!, 1, 1, x.shape[1]!]), this.#basis!.read());
    });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch, channels] = inputShape as tf.Shape;
    return [batch!, this.height, this.width, channels!];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), height: this.height, width: this.width };
  }
}

/**
 * [batch, height, width, channels] to [batch, channels]: the inner product of each channel with a learned picture, `basis`, which starts
 * as zeros (a depthwise convolution over the whole map).
 */
export class ReduceBasis extends tf.layers.Layer {
  static className = 'ReduceBasis';
  #basis: tf.LayerVariable | undefined;

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = (inputShape as tf.Shape).slice(1);
    this.#basis = this.addWeight('basis', shape, 'float32', tf.initializers.zeros());
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => tf.sum(tf.mul(only(inputs), this.#basis!.read()), [1, 2]));
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch, , , channels] = inputShape as tf.Shape;
    return [batch!, channels!];
  }
}

tf.serialization.registerClass(ExpandBasis);
tf.serialization.registerClass(ReduceBasis);
