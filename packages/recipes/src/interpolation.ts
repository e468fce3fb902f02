// What lies between samples: ways through the latent space, and from one class to another, frame by frame.
import { type Condition, checkInteger, checkOptions, drawLatent, GanKitError, RandomStream } from '@gankit/core';
import { interpolate, type LoadedGenerator, latentWalk } from '@gankit/models';
import * as tf from '@tensorflow/tfjs';
import { checkTold, drawnCodes, labelNamed, samplesAtATime } from './draw-samples.ts';

export interface InterpolationOptions {
  /** Ways at once; 6 by default. */
  readonly count?: number | undefined;
  /** Frames of each way; 10 by default, at least 2. */
  readonly frames?: number | undefined;
  /**
   * `line` (the default): from one random latent to another. `walk`: a closed way through three of them, whose last frame is followed by its
   * first, for a film without an end.
   */
  readonly way?: 'line' | 'walk' | undefined;
  /** The class to start from, by number from 0 or by name. With `toClass` the latent stays and the class changes. */
  readonly fromClass?: string | number | undefined;
  /** The class to go to; `fromClass` all the way when absent. */
  readonly toClass?: string | number | undefined;
  /** The seed of the latents; 1 by default. */
  readonly seed?: number | undefined;
}

/** Samples along some ways. */
export interface Interpolated {
  /** float32, way by way, each frame by frame, in [-1, 1]. */
  readonly values: Float32Array;
  /** [ways, frames, ...shape of a sample]. */
  readonly shape: readonly number[];
}

/** Random latents that a closed way goes through. */
const pointsOfWalk = 3;

/** How far a film has come from one class to the other and back: 0 at its first frame, 1 in the middle, without a jump at its end. */
function thereAndBack(frame: number, frames: number): number {
  return (1 - Math.cos((2 * Math.PI * frame) / frames)) / 2;
}

/** Latents of one way: float32 [frames, ...latentShape]. */
function latentsOf(
  { generator }: LoadedGenerator,
  random: RandomStream,
  { frames, isWalk, stays }: { readonly frames: number; readonly isWalk: boolean; readonly stays: boolean },
): tf.Tensor {
  return tf.tidy(() => {
    if (stays) {
      const latent = drawLatent(generator, 1, random);
      return latent.tile([frames, ...generator.latentShape.map(() => 1)]);
    }
    if (isWalk) {
      const framesPerPoint = Math.ceil(frames / pointsOfWalk);
      const whole = latentWalk(generator, { random, points: pointsOfWalk, framesPerPoint });
      // The same way in the number of frames that was asked for.
      const places = Array.from({ length: frames }, (_, frame) =>
        Math.floor((frame * pointsOfWalk * framesPerPoint) / frames),
      );
      return tf.gather(whole, tf.tensor1d(places, 'int32'));
    }
    const [from, to] = [drawLatent(generator, 1, random).squeeze([0]), drawLatent(generator, 1, random).squeeze([0])];
    const method = generator.latentDistribution === 'uniform' ? 'linear' : 'spherical';
    return interpolate(from, to, { steps: frames, method });
  });
}

/**
 * Samples of a generator on the way between random latents, or between two classes.
 * @param loaded From `loadGenerator` of `@gankit/models/node` with `buildConditionalGenerator`. It stays with the caller.
 * @throws GanKitError `invalid-argument` for fewer than 2 frames or a class that does not exist, `incompatible` for a class of a generator
 *   that is told none, and for one that turns images into others.
 */
export async function interpolateSamples(
  loaded: LoadedGenerator,
  options: InterpolationOptions = {},
): Promise<Interpolated> {
  checkOptions('interpolateSamples', options, {
    count: 'optional',
    frames: 'optional',
    way: 'optional',
    fromClass: 'optional',
    toClass: 'optional',
    seed: 'optional',
  });
  const { count = 6, frames = 10, way = 'line', fromClass, toClass, seed = 1 } = options;
  checkInteger('count', count);
  checkInteger('frames', frames, 2);
  checkInteger('seed', seed, 0);
  const { generator, document } = loaded;
  checkTold(generator);
  if (toClass !== undefined && fromClass === undefined) {
    throw new GanKitError('invalid-argument', 'A class to go to needs one to start from; give both.');
  }
  const from = fromClass === undefined ? undefined : labelNamed(fromClass, loaded);
  const to = toClass === undefined ? from : labelNamed(toClass, loaded);
  const { classes = 0 } = document.specification;
  const isTold = generator.needs?.includes('class') === true;
  const isWalk = way === 'walk';
  const random = new RandomStream(seed).fork('interpolate');
  const size = generator.outputShape.reduce((product, side) => product * side, 1);
  const values = new Float32Array(count * frames * size);
  const share = (frame: number) => (isWalk ? thereAndBack(frame, frames) : frame / (frames - 1));
  for (let row = 0; row < count; row++) {
    const own = random.fork(`way-${row}`);
    const latents = latentsOf(loaded, own, { frames, isWalk, stays: from !== to });
    const vectors = tf.tidy(() => {
      const codes = generator.needs?.includes('vectors') ? drawnCodes(document, 1, own)?.tile([frames, 1]) : undefined;
      if (!isTold) return codes;
      const start = tf.oneHot(tf.tensor1d([from ?? row % classes], 'int32'), classes).toFloat();
      const end = tf.oneHot(tf.tensor1d([to ?? row % classes], 'int32'), classes).toFloat();
      const shares = tf.tensor2d(Array.from({ length: frames }, (_, frame) => [share(frame)]));
      const weights = start.add(end.sub(start).mul(shares));
      return codes === undefined ? weights : tf.concat([weights, codes], 1);
    }) as tf.Tensor2D | undefined;
    for (let at = 0; at < frames; at += samplesAtATime) {
      const now = Math.min(samplesAtATime, frames - at);
      const samples = tf.tidy(() => {
        const condition: Condition = vectors === undefined ? {} : { vectors: vectors.slice([at, 0], [now, -1]) };
        const rest = generator.latentShape.map(() => -1);
        const part = latents.slice([at, ...generator.latentShape.map(() => 0)], [now, ...rest]);
        return generator.generate(part, { training: false, condition });
      });
      values.set((await samples.data()) as Float32Array, (row * frames + at) * size);
      samples.dispose();
    }
    tf.dispose(vectors === undefined ? [latents] : [latents, vectors]);
  }
  return { values, shape: [count, frames, ...generator.outputShape] };
}
