// Progressive growing of GANs (Karras, Aila, Laine and Lehtinen 2018).
import '@gankit/engine/gradients';
import {
  checkChoice,
  checkInteger,
  checkOptions,
  type Discriminator,
  type Generator,
  type LatentDistribution,
  type RandomStream,
  type Verdict,
} from '@gankit/core';
import { equalizedConv2d, equalizedDense, minibatchStandardDeviation, pixelNormalization } from '@gankit/engine/layers';
import * as tf from '@tensorflow/tfjs';
import { latentDistributions, outputActivations, verdictUnits, withoutEnergy } from './choices.ts';
import { discriminatorFromFunction, generatorFromFunction } from './from-function.ts';
import { type Growing, type Growth, growthOf } from './growth.ts';
import {
  type DiscriminatorOptions,
  discriminatorNames,
  type GeneratorOptions,
  generatorNames,
} from './player-options.ts';
import type { GrowthSchedule } from './progressive-schedule.ts';
import { halved, type ImageShape, imageShapeOf, someHalvings } from './sample-shape.ts';
import { stageChannels } from './stage-channels.ts';
import { withChanges } from './with-changes.ts';

/** What both players take. Both sides of the images, at full resolution, must be even and at least 8. */
interface ProgressiveOptions {
  /**
   * Scales the channels of every layer: those of the maps up to 32 pixels, which halve with each doubling above; 512 by default, as
   * published.
   */
  readonly width?: number | undefined;
  /** Where it stands at each step; without one it stays where `setGrowth` puts it, at first at the full resolution. */
  readonly schedule?: GrowthSchedule | undefined;
}

const progressiveNames = { width: 'optional', schedule: 'optional' } as const;

export interface ProgressiveGeneratorOptions extends ProgressiveOptions, GeneratorOptions {
  /** Length of the latent vector, which is scaled to the length sqrt(latentSize); 512 by default. */
  readonly latentSize?: number | undefined;
  /** How latents are drawn; `normal` by default. */
  readonly latentDistribution?: LatentDistribution | undefined;
  /** `tanh` (the default) keeps images within [-1, 1]; the paper has `linear`. */
  readonly outputActivation?: 'tanh' | 'linear' | undefined;
}

export interface ProgressiveDiscriminatorOptions extends ProgressiveOptions, DiscriminatorOptions {
  /** Samples that the minibatch standard deviation compares with each other; it must divide larger batches. 4 by default. */
  readonly groupSize?: number | undefined;
  /** One `logit` for each image (the default), or `two-class` for the two-class softmax loss; there is no `energy`. */
  readonly verdict?: Verdict | undefined;
}

const leakySlope = 0.2;
/** The reference's gain of the first dense layer: sqrt(2) / 4. */
const latentGain = Math.SQRT2 / 4;

type Step = (x: tf.Tensor) => tf.Tensor;

const activate: Step = (x) => tf.leakyRelu(x, leakySlope);

/** Layers that are built at once, with their variables under `<layer>.kernel` and `<layer>.bias`. */
function layerFactory(random: RandomStream) {
  const variables: Record<string, tf.Variable> = {};
  const built = (layer: tf.layers.Layer, inputShape: (number | null)[]): Step => {
    layer.build(inputShape);
    for (const weight of layer.weights) {
      variables[`${layer.name}.${weight.originalName.split('/').at(-1)}`] = weight.read() as tf.Variable;
    }
    return (x) => layer.apply(x) as tf.Tensor;
  };
  const seedOf = (name: string) => random.fork(name).uint32();
  return {
    variables,
    conv: (name: string, inputs: number, filters: number, kernelSize: number, gain = Math.SQRT2) =>
      built(equalizedConv2d({ name, filters, kernelSize, gain, seed: seedOf(name) }), [null, null, null, inputs]),
    dense: (name: string, inputs: number, units: number, gain = Math.SQRT2) =>
      built(equalizedDense({ name, units, gain, seed: seedOf(name) }), [null, inputs]),
  };
}

interface Plan {
  readonly channels: readonly number[];
  readonly smallest: readonly [height: number, width: number];
  readonly growth: Growth;
}

function plan(name: string, imageShape: ImageShape, { width = 512, schedule }: ProgressiveOptions): Plan {
  checkInteger('width', width);
  const count = someHalvings('A progressive network', imageShape);
  const smallest = halved('A progressive network', imageShape, count);
  const resolutions = Array.from({ length: count + 1 }, (_, stage) => smallest[0] * 2 ** stage);
  return { channels: stageChannels(imageShape, width), smallest, growth: growthOf(name, resolutions, schedule) };
}

/** What a growing player has besides the player itself. */
function growing({ resolutions, growth, setGrowth, saveState, loadState }: Growth): Growing {
  return { resolutions, growth, setGrowth, saveState, loadState };
}

/** Every pixel becomes factor x factor pixels. */
function enlarge(x: tf.Tensor, factor: number): tf.Tensor {
  if (factor === 1) return x;
  const [, height, width] = x.shape as [number, number, number, number];
  return tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [height * factor, width * factor]);
}

/** The mean of factor x factor pixels. */
function reduce(x: tf.Tensor, factor: number): tf.Tensor {
  return factor === 1 ? x : tf.avgPool(x as tf.Tensor4D, factor, factor, 'valid');
}

/** `(1 - alpha) a + alpha b`. */
function blend(a: tf.Tensor, b: tf.Tensor, alpha: number): tf.Tensor {
  return tf.add(tf.mul(a, 1 - alpha), tf.mul(b, alpha));
}

/**
 * The progressive generator: from the smallest map, two 3x3 convolutions at each resolution, with equalised learning rate, leaky ReLU
 * (slope 0.2) and pixelwise normalisation; a 1x1 convolution to an image at each resolution. It works up to the resolution where it
 * stands, blends the image of this one with that of the one before by alpha, and enlarges it to the full resolution by nearest
 * neighbour: discriminator and data need not know. For 1024x1024x3 it has the paper's 23.1 million parameters.
 *
 * The position is read from `schedule` in every pass that has a `step`, stays in passes without, and is state for checkpoints.
 * @throws GanKitError `invalid-shape` for images that cannot be halved; `invalid-argument` for a schedule with other resolutions and for
 *   an unknown or missing option.
 */
export function progressiveGenerator(options: ProgressiveGeneratorOptions): Generator & Growing & Disposable {
  checkOptions('progressiveGenerator', options, {
    ...generatorNames,
    ...progressiveNames,
    latentSize: 'optional',
    latentDistribution: 'optional',
    outputActivation: 'optional',
  });
  const { random, latentSize = 512, latentDistribution = 'normal', outputActivation = 'tanh' } = options;
  checkInteger('latentSize', latentSize);
  checkChoice('output activation', outputActivation, outputActivations);
  checkChoice('latent distribution', latentDistribution, latentDistributions);
  const name = 'progressive-generator';
  const imageShape = imageShapeOf('A progressive network', 'outputShape', options.outputShape);
  const { channels, smallest, growth } = plan(name, imageShape, options);
  const [height, width] = smallest;
  const { variables, conv, dense } = layerFactory(random.fork(name));
  const normalize = pixelNormalization();
  const normalized: Step = (x) => normalize.apply(x) as tf.Tensor;
  const first = channels[0]!;
  const project = dense('project', latentSize, height * width * first, latentGain);
  const stages = channels.map((count, stage) => {
    const first = stage === 0 ? [] : [conv(`stage-${stage}-conv-0`, channels[stage - 1]!, count, 3)];
    const convolutions = [...first, conv(`stage-${stage}-conv-1`, count, count, 3)];
    return { convolutions, image: conv(`stage-${stage}-image`, count, imageShape[2], 1, 1) };
  });
  const last = channels.length - 1;
  const generator = generatorFromFunction({
    name,
    latentShape: [latentSize],
    latentDistribution,
    outputShape: imageShape,
    variables,
    needs: [],
    generate(latent, { step }) {
      const { stage: top, alpha } = growth.at(step);
      let x = normalized(activate(tf.reshape(project(normalized(latent)), [-1, height, width, first])));
      let image: tf.Tensor | undefined;
      for (let stage = 0; stage <= top; stage++) {
        // The image of the resolution before, while it is still in the blend.
        if (stage > 0 && stage === top && alpha < 1) image = enlarge(stages[stage - 1]!.image(x), 2);
        if (stage > 0) x = enlarge(x, 2);
        for (const convolution of stages[stage]!.convolutions) x = normalized(activate(convolution(x)));
      }
      const newest = stages[top]!.image(x);
      const blended = image === undefined ? newest : blend(image, newest, alpha);
      return enlarge(outputActivation === 'tanh' ? tf.tanh(blended) : blended, 2 ** (last - top));
    },
  });
  return withChanges(generator, growing(growth));
}

/**
 * The progressive discriminator, the generator's mirror image: it reduces its input to the resolution where it stands by averaging, so
 * that real images need no preparation, and blends by alpha with what the resolution before makes of it. Minibatch standard deviation
 * and two layers at the smallest map end it. Features: what leaves each resolution that is in use, and last the [batch, channels] that
 * the logit is read from. Position and state as in {@link progressiveGenerator}.
 *
 * Unlike the reference, real images are not blended with their own reduced version while a resolution fades in: what D sees of the
 * new resolution is scaled by alpha anyhow.
 * @throws GanKitError as {@link progressiveGenerator}, and `incompatible` for an energy; when used, `invalid-shape` for a batch that
 *   `groupSize` does not divide.
 */
export function progressiveDiscriminator(
  options: ProgressiveDiscriminatorOptions,
): Discriminator & Growing & Disposable {
  checkOptions('progressiveDiscriminator', options, {
    ...discriminatorNames,
    ...progressiveNames,
    groupSize: 'optional',
    verdict: 'optional',
  });
  const { random, groupSize = 4 } = options;
  const verdict = withoutEnergy('progressive', options.verdict ?? 'logit');
  const name = 'progressive-discriminator';
  const imageShape = imageShapeOf('A progressive network', 'inputShape', options.inputShape);
  const { channels, smallest, growth } = plan(name, imageShape, options);
  const { variables, conv, dense } = layerFactory(random.fork(name));
  const statistics = minibatchStandardDeviation({ groupSize });
  const stages = channels.map((count, stage) => ({
    image: conv(`stage-${stage}-image`, imageShape[2], count, 1),
    convolutions:
      stage === 0
        ? [conv('stage-0-conv-0', count + 1, count, 3)]
        : [
            conv(`stage-${stage}-conv-0`, count, count, 3),
            conv(`stage-${stage}-conv-1`, count, channels[stage - 1]!, 3),
          ],
  }));
  const first = channels[0]!;
  const flat = smallest[0] * smallest[1] * first;
  const [hidden, logits] = [dense('hidden', flat, first), dense('logits', first, verdictUnits(verdict), 1)];
  const last = channels.length - 1;
  const discriminator = discriminatorFromFunction({
    name,
    inputShape: imageShape,
    verdict,
    heads: ['features'],
    variables,
    needs: [],
    discriminate(samples, { step, communicator }) {
      const { stage: top, alpha } = growth.at(step);
      const image = reduce(samples, 2 ** (last - top));
      const features: tf.Tensor[] = [];
      let x = activate(stages[top]!.image(image));
      for (let stage = top; stage > 0; stage--) {
        for (const convolution of stages[stage]!.convolutions) x = activate(convolution(x));
        x = reduce(x, 2);
        if (stage === top && alpha < 1) x = blend(activate(stages[stage - 1]!.image(reduce(image, 2))), x, alpha);
        features.push(x);
      }
      x = statistics.apply(x, { communicator }) as tf.Tensor;
      for (const convolution of stages[0]!.convolutions) x = activate(convolution(x));
      const pooled = activate(hidden(tf.reshape(x, [-1, flat])));
      return { logits: logits(pooled), features: [...features, x, pooled] };
    },
  });
  return withChanges(discriminator, growing(growth));
}
