// Adaptive discriminator augmentation: as much augmentation as the discriminator's overfitting asks for.
import {
  checkInteger,
  checkNumber,
  checkOptions,
  type Discriminator,
  type GameObserver,
  GanKitError,
  type RandomStream,
  type Stateful,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { withTransformedInput } from '../transformed-input.ts';
import { type ColorChange, changeColors } from './augmentation/color.ts';
import { cutOut, nowhere, type Rectangle } from './augmentation/cut-out.ts';
import { checkImages } from './augmentation/image-shape.ts';
import { type Placement, place } from './augmentation/placement.ts';

/** The transforms that there are, in the order in which they are made. */
export const adaptiveTransforms = [
  'flip',
  'rotation',
  'translation',
  'scaling',
  'brightness',
  'contrast',
  'luma-flip',
  'saturation',
  'noise',
  'cutout',
] as const;

export type AdaptiveTransform = (typeof adaptiveTransforms)[number];

export interface AdaptiveAugmentOptions {
  /** The transforms are drawn from a fork of this stream. */
  readonly random: RandomStream;
  /** Which transforms are made; by default all but `noise` and `cutout`, which the paper found to do harm. */
  readonly transforms?: readonly AdaptiveTransform[] | undefined;
  /** The r_t = E[sign D(x)] on real samples that is aimed at, D(x) counted from the loss's own line, above -1 and below 1; 0.6 by default. */
  readonly target?: number | undefined;
  /** Real samples in which the probability can go from 0 to 1; 500,000 by default. */
  readonly samplesToFull?: number | undefined;
  /** Steps between two changes of the probability; 4 by default. */
  readonly interval?: number | undefined;
  /** The probability at the start, 0 to 1; 0 by default. */
  readonly probability?: number | undefined;
}

/** See {@link adaptiveAugment}. */
export interface AdaptiveAugmentDiscriminator extends Discriminator, Stateful {
  /** The observer that moves the probability; a trainer of this discriminator finds it itself. Its state is the discriminator's. */
  readonly controller: GameObserver;
  /** The probability with which each transform is made of each image, 0 to 1. */
  readonly probability: number;
}

/** The paper's ranges (table 3 and appendix B), images in [-1, 1]. */
const ranges = {
  translation: 0.125,
  scalingDeviation: 0.2,
  brightnessDeviation: 0.2,
  contrastDeviation: 0.5,
  saturationDeviation: 1,
  noiseDeviation: 0.1,
  cutout: 0.5,
};

/** Makes each of the transforms of each image with probability p. */
function augment(
  images: tf.Tensor4D,
  p: number,
  transforms: ReadonlySet<AdaptiveTransform>,
  random: RandomStream,
): tf.Tensor4D {
  const [batch, height, width, channels] = images.shape;
  const chosen = (transform: AdaptiveTransform) => transforms.has(transform) && random.uniform() < p;
  const perImage = <T>(make: () => T): T[] => random.perRow(batch, make);
  const symmetric = () => 2 * random.uniform() - 1;
  const some = (...any: AdaptiveTransform[]) => any.some((transform) => transforms.has(transform));
  let result = images;

  if (some('flip', 'rotation', 'translation', 'scaling')) {
    // Images that are not square stay upright or stand on their head.
    const turn = () => (height === width ? random.integer(4) : 2 * random.integer(2));
    const placements = perImage((): Placement => {
      const flipped = chosen('flip') && random.uniform() < 0.5;
      const quarterTurns = chosen('rotation') ? turn() : 0;
      const [right, down] = chosen('translation')
        ? [Math.round(symmetric() * ranges.translation * width), Math.round(symmetric() * ranges.translation * height)]
        : [0, 0];
      const scale = chosen('scaling') ? 2 ** (random.normal() * ranges.scalingDeviation) : 1;
      return { flipped, quarterTurns, down: down!, right: right!, scale };
    });
    result = place(result, placements, 'mirror');
  }
  if (some('brightness', 'contrast', 'luma-flip', 'saturation')) {
    const changes = perImage((): ColorChange => {
      const brightness = chosen('brightness') ? random.normal() * ranges.brightnessDeviation : 0;
      const contrast = chosen('contrast') ? 2 ** (random.normal() * ranges.contrastDeviation) : 1;
      const lumaFlipped = chosen('luma-flip') && random.uniform() < 0.5;
      const saturation = channels > 1 && chosen('saturation') ? 2 ** (random.normal() * ranges.saturationDeviation) : 1;
      return { brightness, contrast, lumaFlipped, saturation };
    });
    result = changeColors(result, changes);
  }
  if (some('noise')) {
    const deviations = perImage(() => (chosen('noise') ? Math.abs(random.normal()) * ranges.noiseDeviation : 0));
    const noise = tf.mul<tf.Tensor4D>(random.normalTensor(result.shape), tf.tensor4d(deviations, [batch, 1, 1, 1]));
    result = tf.add(result, noise);
  }
  if (some('cutout')) {
    /** The pixels whose middle lies within half a side of a random point. */
    const span = (side: number): [number, number] => {
      const centre = random.uniform();
      const [low, high] = [side * (centre - ranges.cutout / 2) - 0.5, side * (centre + ranges.cutout / 2) - 0.5];
      return [Math.floor(low) + 1, Math.ceil(high)];
    };
    const rectangles = perImage((): Rectangle => {
      if (!chosen('cutout')) return nowhere;
      const [left, right] = span(width);
      const [top, bottom] = span(height);
      return { top, left, bottom, right };
    });
    result = cutOut(result, rectangles);
  }
  return result;
}

/** What moves between two changes of the probability; all of it is saved. */
interface ControllerState {
  probability: number;
  /** Sum and number of the accuracies on real samples since the last change. */
  accuracies: number;
  steps: number;
  /** Real samples since the last change. */
  samples: number;
}

/**
 * ADA: in training, everything that the discriminator sees passes through a chain of transforms, each made with probability p of each
 * image on its own; the gradient passes through them. p rises while the discriminator is too sure of the real samples and falls
 * when it is not: every `interval` steps, with r_t = 2 accuracy on real samples - 1,
 *
 * p <- clip(p + sign(r_t - target) samples / samplesToFull, 0, 1), samples being the real samples seen since the last change.
 *
 * The transforms, in this order: mirror image; 0, 90, 180 or 270 degrees (0 or 180 where images are not square); shift by whole
 * pixels up to 1/8 of the side; size x 2^N(0, 0.2); brightness + N(0, 0.2); contrast x 2^N(0, 0.5); luma flip; saturation x
 * 2^N(0, 1); noise of deviation |N(0, 0.1)|; a rectangle of half the sides cut out. Of the paper's list, non-square scaling, free
 * rotation, fractional shifts, hue and frequency filters are left out, and resampling is linear. What comes in from outside is the
 * mirror image. Outside training nothing is changed.
 * Source: Karras et al. 2020, section 3 and appendix B; target, speed and interval of the authors' code.
 *
 * @returns A discriminator that owns the given one; hand its `controller` to the trainer as an observer.
 * @throws GanKitError `incompatible` for a discriminator whose input is not an image of 1 or 3 channels, `invalid-argument` for
 *   options out of range.
 */
export function adaptiveAugment(
  discriminator: Discriminator,
  options: AdaptiveAugmentOptions,
): AdaptiveAugmentDiscriminator {
  checkOptions('adaptiveAugment', options, {
    random: 'required',
    transforms: 'optional',
    target: 'optional',
    samplesToFull: 'optional',
    interval: 'optional',
    probability: 'optional',
  });
  const { target = 0.6, samplesToFull = 500_000, interval = 4, probability = 0 } = options;
  const { transforms = adaptiveTransforms.filter((name) => name !== 'noise' && name !== 'cutout') } = options;
  checkImages('Adaptive augmentation', discriminator);
  const channels = discriminator.inputShape[2]!;
  if (channels !== 1 && channels !== 3) {
    throw new GanKitError(
      'incompatible',
      `Adaptive augmentation needs images of 1 or 3 channels, but ${discriminator.name} takes ${channels}; leave it out.`,
      { value: channels },
    );
  }
  checkNumber('target', target, -1 + Number.EPSILON, 1 - Number.EPSILON);
  checkNumber('samplesToFull', samplesToFull, 1);
  checkInteger('interval', interval);
  checkNumber('probability', probability, 0, 1);
  const unknown = transforms.find((name) => !adaptiveTransforms.includes(name));
  if (unknown !== undefined) {
    throw new GanKitError(
      'invalid-argument',
      `Adaptive augmentation has no transform '${unknown}'; choose from ${adaptiveTransforms.join(', ')}.`,
      { value: unknown },
    );
  }
  const wanted = new Set(transforms);
  const stream = options.random.fork('adaptive-augment');
  const state: ControllerState = { probability, accuracies: 0, steps: 0, samples: 0 };

  const controller: GameObserver = {
    name: 'adaptive-augment',
    steeredBy: 'accuracy',
    observe({ discriminator, realSamples }) {
      // Losses that judge pairs have no accuracy on real samples alone.
      const right = discriminator?.realAccuracy ?? discriminator?.accuracy;
      state.samples += realSamples;
      if (right === undefined) return [];
      state.accuracies += right;
      state.steps++;
      if (state.steps < interval) return [];
      const r = 2 * (state.accuracies / state.steps) - 1;
      const moved = (Math.sign(r - target) * state.samples) / samplesToFull;
      Object.assign(state, {
        probability: Math.min(1, Math.max(0, state.probability + moved)),
        accuracies: 0,
        steps: 0,
        samples: 0,
      });
      return [];
    },
  };
  const saved: Stateful = {
    saveState: async () => ({ values: { ...state } }),
    loadState({ values = {} }) {
      for (const key of Object.keys(state)) {
        if (typeof values[key] === 'number') continue;
        throw new GanKitError(
          'incompatible',
          `The saved state of adaptive augmentation lacks the number '${key}'; it belongs to another part.`,
          { value: values[key] },
        );
      }
      const { probability, accuracies, steps, samples } = values as unknown as ControllerState;
      Object.assign(state, { probability, accuracies, steps, samples });
    },
  };
  const augmented = withTransformedInput(discriminator, {
    parts: { augmentation: stream, controller: saved },
    transform: (samples, { communicator }) =>
      state.probability === 0
        ? samples
        : augment(samples as tf.Tensor4D, state.probability, wanted, stream.sharedOver(communicator)),
  });
  return Object.defineProperties(augmented, {
    controller: { value: controller, enumerable: true },
    probability: { get: () => state.probability, enumerable: true },
  }) as AdaptiveAugmentDiscriminator;
}
