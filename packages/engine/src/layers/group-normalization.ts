// Group normalisation (Wu and He 2018), with instance normalisation (Ulyanov 2016) and layer normalisation as its two ends.
import { checkInteger, checkNumber, checkOptions, GanKitError, type OptionNames } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import {
  channelsOf,
  type LayerArgs,
  layerOptionNames,
  singleShape,
  singleTensor,
  smallestEpsilon,
} from './layer-call.ts';

/**
 * Each sample's channels in `groups` equal groups, every group with mean 0 and variance 1 over positions and its channels.
 * @param x float32 [batch, ...positions, channels].
 */
function normalizeGroups(x: tf.Tensor, groups: number, epsilon: number): tf.Tensor {
  const [batch, channels] = [x.shape[0]!, x.shape.at(-1)!];
  const grouped = tf.reshape(x, [batch, -1, groups, channels / groups]);
  const { mean, variance } = tf.moments(grouped, [1, 3], true);
  const normalized = tf.mul(tf.sub(grouped, mean), tf.rsqrt(tf.add(variance, epsilon)));
  return tf.reshape(normalized, x.shape);
}

export interface InstanceNormalizationArgs extends LayerArgs {
  /** Added to the variance, at least 1e-12; 1e-5 when absent, as in PyTorch. */
  readonly epsilon?: number | undefined;
  /** Whether each channel has a learned offset; true when absent. */
  readonly center?: boolean | undefined;
  /** Whether each channel has a learned scale; true when absent. */
  readonly scale?: boolean | undefined;
}

export interface GroupNormalizationArgs extends InstanceNormalizationArgs {
  /** Number of groups: it must divide the number of channels. 32 when absent; 1 is layer normalisation. */
  readonly groups?: number | undefined;
}

const instanceOptionNames: OptionNames<InstanceNormalizationArgs> = {
  ...layerOptionNames,
  epsilon: 'optional',
  center: 'optional',
  scale: 'optional',
};

/** Learned scale and offset for each channel, each of which may be absent. */
class AffineLayer extends tf.layers.Layer {
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  #gamma: tf.LayerVariable | undefined;
  #beta: tf.LayerVariable | undefined;

  constructor(args: InstanceNormalizationArgs = {}) {
    super(args);
    const { epsilon = 1e-5, center = true, scale = true } = args;
    checkNumber('epsilon', epsilon, smallestEpsilon);
    this.epsilon = epsilon;
    this.center = center;
    this.scale = scale;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = channelsOf(singleShape(inputShape), this);
    if (this.scale) this.#gamma = this.addWeight('gamma', [channels], 'float32', tf.initializers.ones());
    if (this.center) this.#beta = this.addWeight('beta', [channels], 'float32', tf.initializers.zeros());
    this.built = true;
  }

  protected affine(normalized: tf.Tensor): tf.Tensor {
    const scaled = this.#gamma === undefined ? normalized : tf.mul(normalized, this.#gamma.read());
    return this.#beta === undefined ? scaled : tf.add(scaled, this.#beta.read());
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return inputShape;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), epsilon: this.epsilon, center: this.center, scale: this.scale };
  }
}

/**
 * Group normalisation: mean 0 and variance 1 over the positions and channels of each group of each sample, then a scale and an
 * offset for each channel. The same in training and afterwards, whatever the batch. Equal to `torch.nn.GroupNorm`.
 *
 * @throws GanKitError `invalid-shape` when the groups do not divide the channels.
 */
export class GroupNormalization extends AffineLayer {
  static className = 'GroupNormalization';
  readonly groups: number;

  constructor(args: GroupNormalizationArgs = {}) {
    super(args);
    this.groups = args.groups ?? 32;
    checkInteger('groups', this.groups);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = channelsOf(singleShape(inputShape), this);
    if (channels % this.groups !== 0) {
      throw new GanKitError(
        'invalid-shape',
        `${this.name} cannot part ${channels} channels into ${this.groups} groups; choose a number that divides ${channels}.`,
        { value: this.groups },
      );
    }
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => this.affine(normalizeGroups(singleTensor(inputs, this), this.groups, this.epsilon)));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), groups: this.groups };
  }
}

/**
 * Instance normalisation: mean 0 and variance 1 over the positions of each channel of each sample, then a scale and an offset for
 * each channel. Equal to `torch.nn.InstanceNorm2d(affine=True)`; pix2pix and CycleGAN use it.
 */
export class InstanceNormalization extends AffineLayer {
  static className = 'InstanceNormalization';

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = singleTensor(inputs, this);
      return this.affine(normalizeGroups(x, x.shape.at(-1)!, this.epsilon));
    });
  }
}

tf.serialization.registerClass(GroupNormalization);
tf.serialization.registerClass(InstanceNormalization);

/** See {@link GroupNormalization}. */
export function groupNormalization(args: GroupNormalizationArgs = {}): GroupNormalization {
  checkOptions('groupNormalization', args, { ...instanceOptionNames, groups: 'optional' });
  return new GroupNormalization(args);
}

/** See {@link InstanceNormalization}. */
export function instanceNormalization(args: InstanceNormalizationArgs = {}): InstanceNormalization {
  checkOptions('instanceNormalization', args, instanceOptionNames);
  return new InstanceNormalization(args);
}
