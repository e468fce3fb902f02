// Self-attention over the positions of a feature map (Zhang 2019, SAGAN, section 3).
import { checkInteger, checkOptions, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { channelsOf, type LayerArgs, layerOptionNames, singleShape, singleTensor } from './layer-call.ts';

export interface SelfAttentionArgs extends LayerArgs {
  /** Queries, keys and values have `channels / reduction` channels, at least 1; 8 when absent, as in the paper. */
  readonly reduction?: number | undefined;
  /** Decides the starting weights; 0 when absent. Give every layer a seed of its own. */
  readonly seed?: number | string | undefined;
}

/**
 * `y = gamma W_o o + x` with `o_j = sum_i softmax_i(f(x_i) . g(x_j)) h(x_i)`, where f (keys), g (queries), h (values) and W_o are
 * 1 x 1 convolutions without bias. `gamma` starts at 0: the layer begins as the identity and learns to look further. Input and
 * output [batch, height, width, channels]. Its cost grows with the square of height times width.
 */
export class SelfAttention extends tf.layers.Layer {
  static className = 'SelfAttention';
  readonly reduction: number;
  readonly seed: number | string;
  #kernels:
    | { key: tf.LayerVariable; query: tf.LayerVariable; value: tf.LayerVariable; output: tf.LayerVariable }
    | undefined;
  #gamma: tf.LayerVariable | undefined;

  constructor(args: SelfAttentionArgs = {}) {
    super(args);
    this.reduction = args.reduction ?? 8;
    this.seed = args.seed ?? 0;
    checkInteger('reduction', this.reduction);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = channelsOf(singleShape(inputShape), this);
    const inner = Math.max(1, Math.floor(channels / this.reduction));
    const random = new RandomStream(this.seed);
    const projection = (name: string, shape: [number, number]) => {
      const weight = this.addWeight(`${name}-kernel`, shape, 'float32', tf.initializers.zeros());
      // Glorot and Bengio 2010: the variance of what goes through stays.
      const deviation = Math.sqrt(2 / (shape[0] + shape[1]));
      tf.tidy(() => {
        weight.write(random.fork(name).normalTensor(shape, 0, deviation));
      });
      return weight;
    };
    this.#kernels = {
      key: projection('key', [channels, inner]),
      query: projection('query', [channels, inner]),
      value: projection('value', [channels, inner]),
      output: projection('output', [inner, channels]),
    };
    this.#gamma = this.addWeight('attention-gain', [], 'float32', tf.initializers.zeros());
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = singleTensor(inputs, this);
      const { key, query, value, output } = this.#kernels!;
      const [batch, channels] = [x.shape[0]!, x.shape.at(-1)!];
      const flat = tf.reshape(x, [-1, channels]);
      const project = (kernel: tf.LayerVariable) =>
        tf.reshape(tf.matMul(flat, kernel.read()), [batch, -1, kernel.shape[1] as number]);
      const attention = tf.softmax(tf.matMul(project(query), project(key), false, true));
      const attended = tf.matMul(attention, project(value));
      const projected = tf.matMul(tf.reshape(attended, [-1, output.shape[0] as number]), output.read());
      return tf.add(tf.mul(tf.reshape(projected, x.shape), this.#gamma!.read()), x);
    });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return inputShape;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), reduction: this.reduction, seed: this.seed };
  }
}

tf.serialization.registerClass(SelfAttention);

/** See {@link SelfAttention}. */
export function selfAttention(args: SelfAttentionArgs = {}): SelfAttention {
  checkOptions('selfAttention', args, { ...layerOptionNames, reduction: 'optional', seed: 'optional' });
  return new SelfAttention(args);
}
