// Equalised learning rate (Karras 2018, section 4.1): weights start from N(0, 1) and are scaled by He's constant at run time, so that
// Adam moves all of them at the same relative speed.
import { checkInteger, checkNumber, checkOptions, GanKitError, type OptionNames, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { channelsOf, type LayerArgs, layerOptionNames, singleShape, singleTensor } from './layer-call.ts';

export interface EqualizedArgs extends LayerArgs {
  /** Numerator of the run-time scale `gain / sqrt(fan in)`; sqrt(2), He's constant, when absent. Use 1 before a linear output. */
  readonly gain?: number | undefined;
  /** Scales the effective learning rate of this layer, above 0; 1 when absent (StyleGAN's mapping network uses 0.01). */
  readonly learningRateMultiplier?: number | undefined;
  /** Whether there is a bias; true when absent. */
  readonly useBias?: boolean | undefined;
  /** Decides the starting weights; 0 when absent. Give every layer a seed of its own. */
  readonly seed?: number | string | undefined;
}

const equalizedOptionNames: OptionNames<EqualizedArgs> = {
  ...layerOptionNames,
  gain: 'optional',
  learningRateMultiplier: 'optional',
  useBias: 'optional',
  seed: 'optional',
};

/** Weights of N(0, 1 / multiplier), which the forward pass multiplies by `multiplier gain / sqrt(fan in)`. */
class EqualizedLayer extends tf.layers.Layer {
  readonly gain: number;
  readonly learningRateMultiplier: number;
  readonly useBias: boolean;
  readonly seed: number | string;
  #kernel: tf.LayerVariable | undefined;
  #bias: tf.LayerVariable | undefined;
  #kernelScale = 1;

  constructor(args: EqualizedArgs) {
    super(args);
    const { gain = Math.SQRT2, learningRateMultiplier = 1, useBias = true, seed = 0 } = args;
    checkNumber('gain', gain, 0);
    checkNumber('learningRateMultiplier', learningRateMultiplier, Number.MIN_VALUE);
    this.gain = gain;
    this.learningRateMultiplier = learningRateMultiplier;
    this.useBias = useBias;
    this.seed = seed;
  }

  /** Makes the weights; `kernelShape` ends with [..., inputs, outputs]. */
  protected buildKernel(kernelShape: number[]): void {
    const outputs = kernelShape.at(-1)!;
    const fanIn = tf.util.sizeFromShape(kernelShape) / outputs;
    this.#kernelScale = (this.gain / Math.sqrt(fanIn)) * this.learningRateMultiplier;
    const kernel = this.addWeight('kernel', kernelShape, 'float32', tf.initializers.zeros());
    tf.tidy(() => {
      kernel.write(new RandomStream(this.seed).normalTensor(kernelShape, 0, 1 / this.learningRateMultiplier));
    });
    this.#kernel = kernel;
    if (this.useBias) this.#bias = this.addWeight('bias', [outputs], 'float32', tf.initializers.zeros());
    this.built = true;
  }

  protected scaledKernel(): tf.Tensor {
    return tf.mul(this.#kernel!.read(), this.#kernelScale);
  }

  protected withBias(x: tf.Tensor): tf.Tensor {
    if (this.#bias === undefined) return x;
    const bias = this.#bias.read();
    return tf.add(x, this.learningRateMultiplier === 1 ? bias : tf.mul(bias, this.learningRateMultiplier));
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { gain, learningRateMultiplier, useBias, seed } = this;
    return { ...super.getConfig(), gain, learningRateMultiplier, useBias, seed };
  }
}

export interface EqualizedDenseArgs extends EqualizedArgs {
  /** Size of the output. */
  readonly units: number;
}

/** A dense layer with equalised learning rate: [batch, inputs] to [batch, units], no activation. */
export class EqualizedDense extends EqualizedLayer {
  static className = 'EqualizedDense';
  readonly units: number;

  constructor(args: EqualizedDenseArgs) {
    super(args);
    this.units = args.units;
    checkInteger('units', this.units);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = singleShape(inputShape);
    if (shape.length !== 2) {
      throw new GanKitError('invalid-shape', `${this.name} takes [batch, inputs], not [${shape}]; flatten it first.`);
    }
    this.buildKernel([channelsOf(shape, this), this.units]);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => this.withBias(tf.matMul(singleTensor(inputs, this), this.scaledKernel())));
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return [singleShape(inputShape)[0]!, this.units];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), units: this.units };
  }
}

export interface EqualizedConv2DArgs extends EqualizedArgs {
  /** Number of output channels. */
  readonly filters: number;
  /** Height and width of the kernel. */
  readonly kernelSize: number;
  /** 1 when absent. */
  readonly strides?: number | undefined;
  /** `same` when absent. */
  readonly padding?: 'same' | 'valid' | undefined;
}

/** A 2-D convolution with equalised learning rate: [batch, height, width, channels], no activation. */
export class EqualizedConv2D extends EqualizedLayer {
  static className = 'EqualizedConv2D';
  readonly filters: number;
  readonly kernelSize: number;
  readonly strides: number;
  readonly padding: 'same' | 'valid';

  constructor(args: EqualizedConv2DArgs) {
    super(args);
    this.filters = args.filters;
    this.kernelSize = args.kernelSize;
    this.strides = args.strides ?? 1;
    this.padding = args.padding ?? 'same';
    checkInteger('filters', this.filters);
    checkInteger('kernelSize', this.kernelSize);
    checkInteger('strides', this.strides);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = channelsOf(singleShape(inputShape), this);
    this.buildKernel([this.kernelSize, this.kernelSize, channels, this.filters]);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = singleTensor(inputs, this) as tf.Tensor4D;
      return this.withBias(tf.conv2d(x, this.scaledKernel() as tf.Tensor4D, this.strides, this.padding));
    });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch, height, width] = singleShape(inputShape);
    const size = (input: number | null | undefined) => {
      if (typeof input !== 'number') return null;
      return Math.ceil((this.padding === 'same' ? input : input - this.kernelSize + 1) / this.strides);
    };
    return [batch!, size(height), size(width), this.filters];
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { filters, kernelSize, strides, padding } = this;
    return { ...super.getConfig(), filters, kernelSize, strides, padding };
  }
}

tf.serialization.registerClass(EqualizedDense);
tf.serialization.registerClass(EqualizedConv2D);

/** See {@link EqualizedDense}. */
export function equalizedDense(args: EqualizedDenseArgs): EqualizedDense {
  checkOptions('equalizedDense', args, { ...equalizedOptionNames, units: 'required' });
  return new EqualizedDense(args);
}

/** See {@link EqualizedConv2D}. */
export function equalizedConv2d(args: EqualizedConv2DArgs): EqualizedConv2D {
  checkOptions('equalizedConv2d', args, {
    ...equalizedOptionNames,
    filters: 'required',
    kernelSize: 'required',
    strides: 'optional',
    padding: 'optional',
  });
  return new EqualizedConv2D(args);
}
