/** The step of `dcgan-28.ts` with the backend's fused operations: batch norm + activation, bias + activation, Adam. */

import { adamUpdate, batchNormActivation, biasActivation } from '@gankit/backend-onnx';
import * as tf from '@tensorflow/tfjs';
import { BATCH, type Program } from './dcgan-28.ts';

const LATENT = 100;
const LEAKY = { leakyRelu: 0.2 };

interface Parameter {
  variable: tf.Variable;
  firstMoment: tf.Tensor;
  secondMoment: tf.Tensor;
}

function parameters(shapes: Record<string, number[]>, firstSeed: number): Record<string, Parameter> {
  const entries = Object.entries(shapes).map(([name, shape], index): [string, Parameter] => {
    const value =
      name.startsWith('scale') || name.startsWith('offset') || name.startsWith('bias')
        ? tf.fill(shape, name.startsWith('scale') ? 1 : 0)
        : tf.randomNormal(shape, 0, 0.02, 'float32', firstSeed + index);
    const parameter = {
      variable: tf.variable(value),
      firstMoment: tf.zerosLike(value),
      secondMoment: tf.zerosLike(value),
    };
    value.dispose();
    return [name, parameter];
  });
  return Object.fromEntries(entries);
}

function generate(p: Record<string, Parameter>, latents: tf.Tensor2D): tf.Tensor4D {
  const get = <T extends tf.Tensor>(name: string) => (p[name] as Parameter).variable as unknown as T;
  const norm = (x: tf.Tensor, layer: number) =>
    batchNormActivation(x, get<tf.Tensor1D>(`scale${layer}`), get<tf.Tensor1D>(`offset${layer}`), {
      activation: 'relu',
    }).y;
  const dense = norm(tf.matMul(latents, get<tf.Tensor2D>('weights')), 0);
  const h7 = tf.reshape(dense, [BATCH, 7, 7, 128]) as tf.Tensor4D;
  const h14 = norm(
    tf.conv2dTranspose(h7, get<tf.Tensor4D>('filter1'), [BATCH, 14, 14, 128], 2, 'same'),
    1,
  ) as tf.Tensor4D;
  const h28 = norm(
    tf.conv2dTranspose(h14, get<tf.Tensor4D>('filter2'), [BATCH, 28, 28, 64], 2, 'same'),
    2,
  ) as tf.Tensor4D;
  return tf.tanh(biasActivation(tf.conv2d(h28, get<tf.Tensor4D>('filter3'), 1, 'same'), get<tf.Tensor1D>('bias3')));
}

function discriminate(p: Record<string, Parameter>, images: tf.Tensor4D): tf.Tensor {
  const get = <T extends tf.Tensor>(name: string) => (p[name] as Parameter).variable as unknown as T;
  const h14 = biasActivation(
    tf.conv2d(images, get<tf.Tensor4D>('filter1'), 2, 'same'),
    get<tf.Tensor1D>('bias1'),
    LEAKY,
  );
  const h7 = biasActivation(tf.conv2d(h14, get<tf.Tensor4D>('filter2'), 2, 'same'), get<tf.Tensor1D>('bias2'), LEAKY);
  return tf.add(
    tf.matMul(tf.reshape(h7, [BATCH, 7 * 7 * 128]), get<tf.Tensor2D>('weights')),
    get<tf.Tensor1D>('bias3'),
  );
}

export function dcgan28Fused(): Program {
  const g = parameters(
    {
      weights: [LATENT, 7 * 7 * 128],
      scale0: [7 * 7 * 128],
      offset0: [7 * 7 * 128],
      filter1: [4, 4, 128, 128],
      scale1: [128],
      offset1: [128],
      filter2: [4, 4, 64, 128],
      scale2: [64],
      offset2: [64],
      filter3: [3, 3, 64, 1],
      bias3: [1],
    },
    1,
  );
  const d = parameters(
    {
      filter1: [4, 4, 1, 64],
      bias1: [64],
      filter2: [4, 4, 64, 128],
      bias2: [128],
      weights: [7 * 7 * 128, 1],
      bias3: [1],
    },
    20,
  );
  const real = tf.randomUniform([BATCH, 28, 28, 1], -1, 1, 'float32', 8) as tf.Tensor4D;
  const latents = tf.randomNormal([BATCH, LATENT], 0, 1, 'float32', 9) as tf.Tensor2D;
  let steps = 0;
  let last: tf.Scalar[] = [];

  const update = (p: Record<string, Parameter>, loss: () => tf.Scalar): tf.Scalar => {
    const list = Object.values(p);
    const { value, grads } = tf.variableGrads(
      loss,
      list.map(({ variable }) => variable),
    );
    for (const parameter of list) {
      const { variable, firstMoment, secondMoment } = parameter;
      const gradient = grads[variable.name] as tf.Tensor;
      const next = adamUpdate(variable, gradient, firstMoment, secondMoment, {
        step: steps,
        learningRate: 2e-4,
        beta1: 0.5,
      });
      variable.assign(next.value);
      tf.dispose([next.value, firstMoment, secondMoment, gradient]);
      parameter.firstMoment = next.firstMoment;
      parameter.secondMoment = next.secondMoment;
    }
    return value;
  };

  return {
    step() {
      steps += 1;
      tf.dispose(last);
      const fake = tf.tidy(() => generate(g, latents));
      const dLoss = update(
        d,
        () =>
          tf.add(
            tf.mean(tf.softplus(tf.neg(discriminate(d, real)))),
            tf.mean(tf.softplus(discriminate(d, fake))),
          ) as tf.Scalar,
      );
      fake.dispose();
      const gLoss = update(g, () => tf.mean(tf.softplus(tf.neg(discriminate(d, generate(g, latents))))) as tf.Scalar);
      last = [dLoss, gLoss];
    },
    losses: () => [last[0]?.dataSync()[0] ?? Number.NaN, last[1]?.dataSync()[0] ?? Number.NaN],
    dispose() {
      tf.dispose([last, real, latents, g, d] as unknown as tf.TensorContainer);
    },
  };
}
