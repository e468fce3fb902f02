// How one number teaches an image: the gradient of the generator's loss at every pixel, and what of it arrives in each layer.
import {
  type AdversarialLoss,
  type Condition,
  checkBatch,
  checkOptions,
  type Discriminator,
  type ForwardOptions,
  GanKitError,
  type Generator,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { trainableVariables } from '../objective.ts';

export interface GradientAttributionOptions {
  readonly generator: Generator;
  readonly discriminator: Discriminator;
  readonly loss: AdversarialLoss;
  /** Latents: float32 [batch, ...latentShape]. Stays with the caller. */
  readonly latent: tf.Tensor;
  /** Real samples [batch, ...shape], for losses that compare with them. Stays with the caller. */
  readonly real?: tf.Tensor | undefined;
  /** What both players are told about the generated samples; nothing by default. */
  readonly condition?: Condition | undefined;
  /** What the discriminator is told about the real samples; the same by default. */
  readonly realCondition?: Condition | undefined;
  /** The training step, from 0; 0 by default. */
  readonly step?: number | undefined;
}

/** What arrives at one variable or layer. */
export interface GradientShare {
  readonly name: string;
  /** Euclidean norm of dL_G/dweights. */
  readonly norm: number;
  /** The norm's square over the sum of all squares, 0 to 1: the shares add up to 1, unless all are 0. */
  readonly share: number;
}

export interface GradientAttribution {
  /** L_G of this batch, penalties not included. */
  readonly loss: number;
  /** The generated samples: float32 [batch, ...shape]. The caller owns them. */
  readonly samples: tf.Tensor;
  /**
   * dL_G/dsamples: float32 [batch, ...shape]. A positive number says that the loss falls when this pixel becomes darker. The caller
   * owns it.
   */
  readonly gradient: tf.Tensor;
  /** The Euclidean norm of `gradient` over the whole batch. */
  readonly gradientNorm: number;
  /** By trainable variable of the generator, in its order. */
  readonly variables: readonly GradientShare[];
  /** The same by layer: variables whose names are equal up to the last `.` or `/` are one layer. */
  readonly layers: readonly GradientShare[];
}

/** `3.dense` of `3.dense.kernel`; a name without a dot or slash is its own layer. */
const layerOf = (name: string) => name.replace(/(?<=.)[./][^./]*$/, '');

/** Shares of squared norms; several of one name are summed. */
function sharesOf(squares: readonly (readonly [name: string, square: number])[]): GradientShare[] {
  const total = squares.reduce((sum, [, square]) => sum + square, 0);
  const sums = new Map<string, number>();
  for (const [name, square] of squares) sums.set(name, (sums.get(name) ?? 0) + square);
  return [...sums].map(([name, square]) => {
    return { name, norm: Math.sqrt(square), share: total === 0 ? 0 : square / total };
  });
}

/**
 * Follows the gradient of the generator's loss back: through the discriminator to every number of every sample, and on into each of
 * the generator's variables, all in one pass as in training. Nothing is updated, and no moving average is moved. Norms are read
 * from the backend once.
 *
 * @throws GanKitError `incompatible` when the loss needs real samples and there are none; `invalid-shape` for latents or samples
 *   that do not fit.
 */
export async function gradientAttribution(options: GradientAttributionOptions): Promise<GradientAttribution> {
  checkOptions('gradientAttribution', options, {
    generator: 'required',
    discriminator: 'required',
    loss: 'required',
    latent: 'required',
    real: 'optional',
    condition: 'optional',
    realCondition: 'optional',
    step: 'optional',
  });
  const { generator, discriminator, loss, latent, real, step = 0 } = options;
  const { condition, realCondition = condition } = options;
  checkBatch('Latents', latent, generator.latentShape);
  if (real !== undefined) checkBatch('Real samples', real, discriminator.inputShape);
  if (real === undefined && (loss.generatorNeeds?.includes('real') || loss.generatorNeeds?.includes('samples'))) {
    throw new GanKitError('incompatible', `The loss '${loss.name}' compares with real samples; give \`real\`.`);
  }
  const forward = (told: Condition | undefined): ForwardOptions => {
    return { training: true, updateState: false, step, ...(told === undefined ? {} : { condition: told }) };
  };
  const named = trainableVariables(generator);
  const batch = latent.shape[0]!;
  // Added to the samples, so that the gradient with respect to it is that with respect to them.
  const probe = tf.tidy(() => tf.variable(tf.zeros([batch, ...generator.outputShape])));
  let samples: tf.Tensor | undefined;
  try {
    const [gradient, numbers] = tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => {
        const fake = tf.add(generator.generate(latent, forward(condition)), probe);
        samples = tf.keep(tf.clone(fake));
        const fakeOutput = discriminator.discriminate(fake, forward(condition));
        const compared = loss.generatorNeeds?.includes('real') && real !== undefined;
        return loss.generatorLoss({
          fake: fakeOutput,
          ...(compared ? { real: discriminator.discriminate(real, forward(realCondition)) } : {}),
          ...(loss.generatorNeeds?.includes('samples') && real !== undefined ? { samples: { real, fake } } : {}),
          step,
        });
      }, [...named.map(({ variable }) => variable), probe]);
      const gradientOf = (variable: tf.Variable) => grads[variable.name] ?? tf.zerosLike(variable);
      const squares = [probe, ...named.map(({ variable }) => variable)].map((variable) =>
        tf.sum<tf.Scalar>(tf.square(gradientOf(variable))),
      );
      return [tf.clone(gradientOf(probe)), tf.stack([value, ...squares])] as const;
    }) as unknown as readonly [tf.Tensor, tf.Tensor];
    const [lossValue, pixels, ...squares] = await numbers.data();
    numbers.dispose();
    const byVariable = named.map(({ name }, index) => [name, squares[index]!] as const);
    return {
      loss: lossValue!,
      samples: samples!,
      gradient,
      gradientNorm: Math.sqrt(pixels!),
      variables: sharesOf(byVariable),
      layers: sharesOf(byVariable.map(([name, square]) => [layerOf(name), square])),
    };
  } catch (error) {
    samples?.dispose();
    throw error;
  } finally {
    probe.dispose();
  }
}
