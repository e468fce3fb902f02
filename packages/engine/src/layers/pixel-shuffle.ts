// Upsampling by rearranging channels into space (Shi 2016, sub-pixel convolution).
import { checkInteger, checkOptions, GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { channelsOf, type LayerArgs, layerOptionNames, singleShape, singleTensor } from './layer-call.ts';

export interface PixelShuffleArgs extends LayerArgs {
  /** How many times larger height and width become, at least 2; 2 when absent. */
  readonly factor?: number | undefined;
}

/**
 * [batch, height, width, factor^2 channels] to [batch, factor height, factor width, channels]. Channel c of output pixel (y, x) is
 * input channel `((y mod factor) factor + x mod factor) channels + c`: TensorFlow's depth-to-space; PyTorch's PixelShuffle counts the
 * channels first. No weights.
 *
 * @throws GanKitError `invalid-shape` when factor^2 does not divide the channels.
 */
export class PixelShuffle extends tf.layers.Layer {
  static className = 'PixelShuffle';
  readonly factor: number;

  constructor(args: PixelShuffleArgs = {}) {
    super(args);
    this.factor = args.factor ?? 2;
    checkInteger('factor', this.factor, 2);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = channelsOf(singleShape(inputShape), this);
    if (channels % this.factor ** 2 !== 0) {
      throw new GanKitError(
        'invalid-shape',
        `${this.name} cannot make ${this.factor} x ${this.factor} pixels of ${channels} channels; use a multiple of ${this.factor ** 2}.`,
        { value: channels },
      );
    }
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.depthToSpace(singleTensor(inputs, this) as tf.Tensor4D, this.factor);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch, height, width, channels] = singleShape(inputShape);
    const times = (size: number | null | undefined) => (typeof size === 'number' ? size * this.factor : null);
    return [batch!, times(height), times(width), typeof channels === 'number' ? channels / this.factor ** 2 : null];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), factor: this.factor };
  }
}

tf.serialization.registerClass(PixelShuffle);

/** See {@link PixelShuffle}. */
export function pixelShuffle(args: PixelShuffleArgs = {}): PixelShuffle {
  checkOptions('pixelShuffle', args, { ...layerOptionNames, factor: 'optional' });
  return new PixelShuffle(args);
}
