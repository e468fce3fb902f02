// Conditional batch normalisation (de Vries 2017, Dumoulin 2017): one scale and one offset for each class.
import { type Condition, checkOptions } from '@gankit/core';
import { BatchNormalization, type BatchNormalizationArgs, type CallOptions } from '@gankit/engine/layers';
import type { Normalization } from '@gankit/models';
import * as tf from '@tensorflow/tfjs';
import { checkClasses, classReader } from '../labels.ts';

/** Arguments of the layer. */
export interface ConditionalBatchNormalizationArgs
  extends Omit<BatchNormalizationArgs, 'center' | 'scale' | 'activation'> {
  /** Number of classes. */
  readonly classes: number;
}

/**
 * `gamma_y (x - mean) / sqrt(variance + epsilon) + beta_y`, with the statistics of all classes together and a scale and an offset for
 * the class y of each sample, [classes, channels], that start as 1 and 0. Moments and moving averages are those of the engine's
 * `batchNormalization`: the averages move in calls with `updateState: true` only. The class comes from `condition` in the second
 * argument of `call`; a sample between two classes has the scale and offset between theirs.
 */
export class ConditionalBatchNormalization extends BatchNormalization {
  static override className = 'ConditionalBatchNormalization';
  readonly classes: number;
  /** What a model with this layer must be told. */
  readonly needs = ['class'] as const;
  readonly #weightsOf: ReturnType<typeof classReader>;
  #gamma: tf.LayerVariable | undefined;
  #beta: tf.LayerVariable | undefined;

  constructor(args: ConditionalBatchNormalizationArgs) {
    super({ ...args, center: false, scale: false, activation: 'linear' });
    checkClasses(args.classes);
    this.classes = args.classes;
    this.#weightsOf = classReader(this.name, args.classes);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    super.build(inputShape);
    const channels = this.weights[0]!.shape[0]!;
    this.#gamma = this.addWeight('gamma', [this.classes, channels], 'float32', tf.initializers.ones());
    this.#beta = this.addWeight('beta', [this.classes, channels], 'float32', tf.initializers.zeros());
  }

  override call(
    inputs: tf.Tensor | tf.Tensor[],
    options: CallOptions & { readonly condition?: Condition | undefined } = {},
  ) {
    return tf.tidy(() => {
      const normalized = super.call(inputs, options);
      const batch = normalized.shape[0]!;
      const weights = this.#weightsOf({ training: options.training ?? false, condition: options.condition }, batch);
      const ofClass = (table: tf.LayerVariable) => {
        const rows = tf.matMul<tf.Tensor2D>(weights, table.read());
        return tf.reshape(rows, [batch, ...normalized.shape.slice(2).map(() => 1), rows.shape[1]]);
      };
      return tf.add(tf.mul(normalized, ofClass(this.#gamma!)), ofClass(this.#beta!));
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { center: _center, scale: _scale, activation: _activation, ...config } = super.getConfig();
    return { ...config, classes: this.classes };
  }
}

tf.serialization.registerClass(ConditionalBatchNormalization);

/** Options of {@link conditionalBatchNormalization}. */
export interface ConditionalBatchNormalizationOptions {
  /** Number of classes. */
  readonly classes: number;
  /** Share of the old moving average that stays, 0 to 1; 0.9 by default, as in the models' own batch normalisation. */
  readonly momentum?: number | undefined;
  /** Added to the variance, above 0; 1e-5 by default. */
  readonly epsilon?: number | undefined;
  /** Whether a batch that is spread over processes is normalised as one; false by default. */
  readonly synchronized?: boolean | undefined;
}

/**
 * Conditional batch normalisation as the `normalization` of any architecture that has that option:
 * `resnetGenerator({ ..., normalization: conditionalBatchNormalization({ classes: 10 }) })` is the generator of Miyato and Koyama
 * 2018. See {@link ConditionalBatchNormalization}.
 * @throws GanKitError `invalid-argument` for fewer than 2 classes. The generator throws `incompatible` when it is told no class.
 */
export function conditionalBatchNormalization(
  options: ConditionalBatchNormalizationOptions,
): Exclude<Normalization, string> {
  checkOptions('conditionalBatchNormalization', options, {
    classes: 'required',
    momentum: 'optional',
    epsilon: 'optional',
    synchronized: 'optional',
  });
  const { classes, momentum = 0.9, epsilon = 1e-5, synchronized = false } = options;
  checkClasses(classes);
  return (name) => new ConditionalBatchNormalization({ name, classes, momentum, epsilon, synchronized });
}
