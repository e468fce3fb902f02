// Dense layers on the last feature of a discriminator, with variables of their own.
import type { NamedVariable, RandomStream } from '@gankit/core';
import { glorotInitialization, heInitialization, initialize } from '@gankit/models';
import * as tf from '@tensorflow/tfjs';

/** Layers on top of a feature vector. */
export interface DenseHead {
  readonly variables: readonly NamedVariable[];
  /** float32 [batch, inputs] to float32 [batch, outputs]. */
  apply(x: tf.Tensor2D): tf.Tensor2D;
}

const leakySlope = 0.2;

/**
 * Dense layers with leaky ReLU (slope 0.2) between them. Hidden kernels start from He's normal distribution, the last from Glorot's
 * uniform one, biases from zero.
 * @param name What the variables' names begin with: `<name>.kernel`, and `<name>.0.kernel` for hidden layers.
 * @param widths Units of each layer, at least one.
 */
export function denseHead(name: string, inputs: number, widths: readonly number[], random: RandomStream): DenseHead {
  const layers = widths.map((units, index) => {
    const last = index === widths.length - 1;
    const prefix = last ? name : `${name}.${index}`;
    const variable = (part: string, shape: number[]): NamedVariable => {
      return { name: `${prefix}.${part}`, variable: tf.tidy(() => tf.variable(tf.zeros(shape))), trainable: true };
    };
    const parts = [variable('kernel', [index === 0 ? inputs : widths[index - 1]!, units]), variable('bias', [units])];
    initialize(parts, last ? glorotInitialization : heInitialization, random);
    return parts;
  });
  return {
    variables: layers.flat(),
    apply: (x) =>
      layers.reduce((value, [kernel, bias], index) => {
        const sum = tf.add<tf.Tensor2D>(tf.matMul(value, kernel!.variable as tf.Variable<tf.Rank.R2>), bias!.variable);
        return index === layers.length - 1 ? sum : tf.leakyRelu(sum, leakySlope);
      }, x),
  };
}
