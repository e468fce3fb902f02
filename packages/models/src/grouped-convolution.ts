// A convolution in groups of channels (Krizhevsky 2012; the cardinality of ResNeXt, Xie 2017), which TensorFlow.js lacks.
import { checkInteger, checkOptions, GanKitError, type OptionNames } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

type LayerArgs = NonNullable<ConstructorParameters<typeof tf.layers.Layer>[0]>;

export interface GroupedConv2DArgs extends LayerArgs {
  /** Number of output channels; the groups must divide it. */
  readonly filters: number;
  /** Height and width of the kernel. */
  readonly kernelSize: number;
  /** Number of groups; they must divide the channels of the input as well. */
  readonly groups: number;
}

/** What the constructor of any layer takes, and what this one takes besides. */
const optionNames: OptionNames<GroupedConv2DArgs> = {
  inputShape: 'optional',
  batchInputShape: 'optional',
  batchSize: 'optional',
  dtype: 'optional',
  name: 'optional',
  trainable: 'optional',
  weights: 'optional',
  inputDType: 'optional',
  filters: 'required',
  kernelSize: 'required',
  groups: 'required',
};

/** `count` entries of the last axis from `begin` on. */
function channelSlice(x: tf.Tensor4D, begin: number, count: number): tf.Tensor4D {
  return tf.slice(x, [0, 0, 0, begin], [...x.shape.slice(0, 3), count] as [number, number, number, number]);
}

/**
 * A 2-D convolution of stride 1 that keeps height and width: output channel `o` sees the input channels of its own group only.
 * Kernel [size, size, inputs / groups, filters], as `torch.nn.Conv2d` has it in another order; one bias per filter. Weights start
 * as zeros. Input [batch, height, width, inputs], output [batch, height, width, filters].
 * @throws GanKitError `invalid-shape` when the groups do not divide the channels.
 */
export class GroupedConv2D extends tf.layers.Layer {
  static className = 'GroupedConv2D';
  readonly filters: number;
  readonly kernelSize: number;
  readonly groups: number;
  #kernel: tf.LayerVariable | undefined;
  #bias: tf.LayerVariable | undefined;

  constructor(args: GroupedConv2DArgs) {
    super(args);
    this.filters = args.filters;
    this.kernelSize = args.kernelSize;
    this.groups = args.groups;
    checkInteger('filters', this.filters);
    checkInteger('kernelSize', this.kernelSize);
    checkInteger('groups', this.groups);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const inputs = (inputShape as tf.Shape).at(-1);
    if (typeof inputs !== 'number' || inputs % this.groups !== 0 || this.filters % this.groups !== 0) {
      throw new GanKitError(
        'invalid-shape',
        `${this.name} cannot part ${inputs} channels into ${this.filters} by ${this.groups} groups; choose a number that divides both.`,
        { value: this.groups },
      );
    }
    const shape = [this.kernelSize, this.kernelSize, inputs / this.groups, this.filters];
    this.#kernel = this.addWeight('kernel', shape, 'float32', tf.initializers.zeros());
    this.#bias = this.addWeight('bias', [this.filters], 'float32', tf.initializers.zeros());
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor4D;
      const kernel = this.#kernel!.read() as tf.Tensor4D;
      const bias = this.#bias!.read();
      // Slices and padded sums instead of split and concat: `SplitV`, which is also the gradient of concat, is a hundred times slower on
      // backends that have no kernel of their own for it.
      if (this.groups === 1) return tf.add(tf.conv2d(x, kernel, 1, 'same'), bias);
      const [inside, outside] = [x.shape[3] / this.groups, this.filters / this.groups];
      const parts = Array.from({ length: this.groups }, (_, group) => {
        const part = channelSlice(x, group * inside, inside);
        const output = tf.conv2d(part, channelSlice(kernel, group * outside, outside), 1, 'same');
        const before = group * outside;
        return tf.pad(output, [
          [0, 0],
          [0, 0],
          [0, 0],
          [before, this.filters - before - outside],
        ]);
      });
      return tf.add(tf.addN(parts), bias);
    });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return [...(inputShape as tf.Shape).slice(0, -1), this.filters];
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { filters, kernelSize, groups } = this;
    return { ...super.getConfig(), filters, kernelSize, groups };
  }
}

tf.serialization.registerClass(GroupedConv2D);

/** See {@link GroupedConv2D}. */
export function groupedConv2d(args: GroupedConv2DArgs): GroupedConv2D {
  checkOptions('groupedConv2d', args, optionNames);
  return new GroupedConv2D(args);
}
