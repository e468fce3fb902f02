// A closed, smooth way through random latents: for a film of a generator that never ends and never jumps.
import {
  checkInteger,
  checkOptions,
  type DrawLatentOptions,
  drawLatent,
  type Generator,
  type RandomStream,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

export interface LatentWalkOptions extends DrawLatentOptions {
  /** Where the points are drawn from; each call moves it on. */
  readonly random: RandomStream;
  /** Random latents that the walk goes through, at least 2. */
  readonly points: number;
  /** Latents from one point to the next, the point itself included; at least 1. */
  readonly framesPerPoint: number;
}

/** Cubic Hermite interpolation from `a` with slope `slopeA` to `b` with slope `slopeB`. */
function hermite(a: number, slopeA: number, b: number, slopeB: number, t: number): number {
  const [squared, cubed] = [t * t, t * t * t];
  return (
    (2 * cubed - 3 * squared + 1) * a +
    (cubed - 2 * squared + t) * slopeA +
    (3 * squared - 2 * cubed) * b +
    (cubed - squared) * slopeB
  );
}

/** Catmull and Rom's slope: the mean of the steps before and after. */
function centralSlope(before: number, after: number): number {
  return (before + after) / 2;
}

/** Fritsch and Butland's slope: the harmonic mean, or 0 at an extremum; the curve never leaves the range of its points. */
function monotoneSlope(before: number, after: number): number {
  return before * after <= 0 ? 0 : (2 * before * after) / (before + after);
}

/** A closed curve through `points` at time `index + t`. */
function curve(
  points: readonly (readonly number[])[],
  index: number,
  t: number,
  slope: (before: number, after: number) => number,
): number[] {
  const at = (offset: number) => points[(index + offset + points.length) % points.length]!;
  const [before, from, to, after] = [at(-1), at(0), at(1), at(2)];
  return from.map((value, axis) => {
    const step = to[axis]! - value;
    const slopeFrom = slope(value - before[axis]!, step);
    const slopeTo = slope(step, after[axis]! - to[axis]!);
    return hermite(value, slopeFrom, to[axis]!, slopeTo, t);
  });
}

/**
 * A closed walk through random latents, smooth (its velocity is continuous) also at the points and from the last frame to the first.
 *
 * Normal latents in many dimensions lie near a sphere: there the direction follows a Catmull-Rom spline and the norm a monotone
 * one of its own, so no frame falls into the empty middle. Uniform latents (and one-dimensional ones) follow monotone splines, which stay within
 * the range of the points. It moves `random` on.
 * @throws GanKitError `invalid-argument` for fewer than 2 points, and as `drawLatent`.
 * @returns float32 [points * framesPerPoint, ...latentShape], the first frame being the first point; the caller owns it.
 */
export function latentWalk(
  generator: Pick<Generator, 'latentShape' | 'latentDistribution'>,
  options: LatentWalkOptions,
): tf.Tensor {
  checkOptions('latentWalk', options, {
    random: 'required',
    points: 'required',
    framesPerPoint: 'required',
    truncation: 'optional',
  });
  const { points: count, framesPerPoint, random, truncation } = options;
  checkInteger('points', count, 2);
  checkInteger('framesPerPoint', framesPerPoint);
  const size = tf.util.sizeFromShape([...generator.latentShape]);
  const points = tf.tidy(() => {
    return drawLatent(generator, count, random, { truncation }).reshape([count, size]).arraySync() as number[][];
  });
  const spherical = generator.latentDistribution !== 'uniform' && size > 1;
  const norms = points.map((point) => [Math.hypot(...point)]);
  const values = new Float32Array(count * framesPerPoint * size);
  for (let frame = 0; frame < count * framesPerPoint; frame++) {
    const index = Math.floor(frame / framesPerPoint);
    const t = (frame % framesPerPoint) / framesPerPoint;
    const position = curve(points, index, t, spherical ? centralSlope : monotoneSlope);
    const factor = spherical ? curve(norms, index, t, monotoneSlope)[0]! / Math.hypot(...position) : 1;
    values.set(
      position.map((value) => value * factor),
      frame * size,
    );
  }
  return tf.tensor(values, [count * framesPerPoint, ...generator.latentShape]);
}
