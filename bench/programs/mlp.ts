/** One training step of a GAN on points of the plane (2-128-128, batch 256). Twin of `pytorch/mlp.py`. */

import { adamUpdate, biasActivation } from '@gankit/backend-onnx';
import * as tf from '@tensorflow/tfjs';

const BATCH = 256;
const HIDDEN = 128;
const LATENT = 2;

interface Player {
  variables: tf.Variable[];
  moments: [first: tf.Tensor, second: tf.Tensor][];
}

function player(outputs: number, firstSeed: number): Player {
  const shapes = [[LATENT, HIDDEN], [HIDDEN], [HIDDEN, HIDDEN], [HIDDEN], [HIDDEN, outputs], [outputs]];
  const variables = shapes.map((shape, index) => {
    const scale = shape.length === 1 ? 0 : 1 / Math.sqrt(shape[0] as number);
    const value = tf.randomNormal(shape, 0, scale, 'float32', firstSeed + index);
    const variable = tf.variable(value);
    value.dispose();
    return variable;
  });
  return {
    variables,
    moments: variables.map((variable) => [tf.zerosLike(variable), tf.zerosLike(variable)]),
  };
}

function apply({ variables }: Player, x: tf.Tensor2D): tf.Tensor2D {
  const [w0, b0, w1, b1, w2, b2] = variables as unknown as [
    tf.Tensor2D,
    tf.Tensor1D,
    tf.Tensor2D,
    tf.Tensor1D,
    tf.Tensor2D,
    tf.Tensor1D,
  ];
  const first = biasActivation(tf.matMul(x, w0), b0, 'relu');
  const second = biasActivation(tf.matMul(first, w1), b1, 'relu');
  return biasActivation(tf.matMul(second, w2), b2);
}

/** The step; call it as often as wanted. */
export function mlpStep(): { step(): void; dispose(): void } {
  const [g, d] = [player(2, 1), player(1, 11)];
  const real = tf.randomNormal([BATCH, 2], 0, 1, 'float32', 21) as tf.Tensor2D;
  const latents = tf.randomNormal([BATCH, LATENT], 0, 1, 'float32', 22) as tf.Tensor2D;
  let steps = 0;
  const update = ({ variables, moments }: Player, loss: () => tf.Scalar): void => {
    const { value, grads } = tf.variableGrads(loss, variables);
    value.dispose();
    for (const [index, variable] of variables.entries()) {
      const [first, second] = moments[index] as [tf.Tensor, tf.Tensor];
      const gradient = grads[variable.name] as tf.Tensor;
      const next = adamUpdate(variable, gradient, first, second, {
        step: steps,
        learningRate: 1e-3,
        beta1: 0.5,
        inPlace: true,
      });
      variable.assign(next.value);
      tf.dispose([next.value, first, second, gradient]);
      moments[index] = [next.firstMoment, next.secondMoment];
    }
  };
  return {
    step() {
      steps += 1;
      const fake = tf.tidy(() => apply(g, latents));
      update(
        d,
        () => tf.add(tf.mean(tf.softplus(tf.neg(apply(d, real)))), tf.mean(tf.softplus(apply(d, fake)))) as tf.Scalar,
      );
      fake.dispose();
      update(g, () => tf.mean(tf.softplus(tf.neg(apply(d, apply(g, latents))))) as tf.Scalar);
    },
    dispose() {
      for (const { variables, moments } of [g, d]) tf.dispose([variables, moments] as unknown as tf.TensorContainer);
      tf.dispose([real, latents]);
    },
  };
}
