// The one source of randomness: a seeded stream whose state can be saved, and that forks into named, independent streams.
import * as tf from '@tensorflow/tfjs';
import { type BatchShare, isSpread } from './communicator.ts';
import { GanKitError } from './error.ts';

/** The state of a stream: the four words of xoshiro128**, and the seed path that forks are made from. */
export interface RandomState {
  readonly words: readonly [number, number, number, number];
  readonly path: string;
}

/** 32-bit FNV-1a from a given start, the first step from a seed's text to well-mixed words. */
function hashText(text: string, start: number): number {
  let hash = start;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash;
}

/**
 * Four words from a text: four hashes with different starts, each finished by splitmix32's mixer. Four, because one hash of
 * 32 bits would give two of some hundred thousand forks the same stream. Never all zero, which xoshiro could not leave.
 */
function seedWords(text: string): Uint32Array {
  const words = new Uint32Array(4);
  let start = 0x811c9dc5;
  for (let index = 0; index < 4; index++) {
    let word = hashText(text, start);
    word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    words[index] = word ^ (word >>> 15);
    start = (start + 0x9e3779b9) | 0;
  }
  if (words.every((word) => word === 0)) words[0] = 1;
  return words;
}

const twoTo32 = 4294967296;

/**
 * A seeded stream of random numbers (xoshiro128**, Blackman and Vigna 2018).
 *
 * Everything random in GANKit (latents, shuffling, weight initialisation, dropout, augmentation, penalties) draws from one of
 * these. The same seed gives the same numbers on every machine; {@link saveState} and {@link loadState} resume it exactly.
 * Give each concern a stream of its own with {@link fork}, so that one more draw here does not change the numbers there.
 */
export class RandomStream {
  /** Held together, so that a stream and what {@link sharedOver} makes of it are at one place. */
  readonly #state: { words: Uint32Array; path: string };
  readonly #share: BatchShare | undefined;

  /**
   * @param seed Any finite number or text. Equal seeds give equal streams.
   * @throws GanKitError `invalid-argument` for NaN or an infinite seed.
   */
  constructor(seed: number | string);
  constructor(seed: number | string | RandomStream, share?: BatchShare) {
    this.#share = share;
    if (seed instanceof RandomStream) {
      this.#state = seed.#state;
      return;
    }
    if (typeof seed === 'number' && !Number.isFinite(seed)) {
      throw new GanKitError('invalid-argument', `A seed must be a finite number or a text, not ${seed}.`, {
        value: seed,
      });
    }
    const path = String(seed);
    this.#state = { words: seedWords(path), path };
  }

  /**
   * The same stream, at the same place now and later, for one of several processes that each hold their rows of a batch: where it draws
   * for a batch (tensors, whose first axis is the batch, and {@link perRow}), it draws for the whole batch and gives this process's rows.
   * Every process then stays at the same place, and together they draw what one process would. The stream itself for one process.
   */
  sharedOver(share: BatchShare | undefined): RandomStream {
    const shared = RandomStream as unknown as new (of: RandomStream, share: BatchShare) => RandomStream;
    return isSpread(share) ? new shared(this, share) : this;
  }

  /** An independent stream that depends on this stream's seed and on `name` only, not on what has been drawn. */
  fork(name: string): RandomStream {
    return new RandomStream(`${this.#state.path}/${name}`).sharedOver(this.#share);
  }

  /** A whole number in [0, 2^32). */
  uint32(): number {
    const s = this.#state.words;
    const s1 = s[1]!;
    const scrambled = Math.imul(s1, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const shifted = s1 << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s1;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= shifted;
    const s3 = s[3]!;
    s[3] = (s3 << 11) | (s3 >>> 21);
    return result;
  }

  /** A number in [0, 1), a multiple of 2^-32. */
  uniform(): number {
    return this.uint32() / twoTo32;
  }

  /** A whole number in [0, bound), every one equally likely. */
  integer(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > twoTo32) {
      throw new GanKitError('invalid-argument', `integer(bound) needs a whole bound from 1 to 2^32, not ${bound}.`);
    }
    const limit = twoTo32 - (twoTo32 % bound);
    let value = this.uint32();
    while (value >= limit) value = this.uint32();
    return value % bound;
  }

  /** A draw from the normal distribution with mean 0 and standard deviation 1. */
  normal(): number {
    return this.#normalPair()[0];
  }

  /** Two independent standard normal draws by Marsaglia's polar method (1964). */
  #normalPair(): [number, number] {
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const squared = u * u + v * v;
      if (squared > 0 && squared < 1) {
        const factor = Math.sqrt((-2 * Math.log(squared)) / squared);
        return [u * factor, v * factor];
      }
    }
  }

  /** `count` standard normal draws as float32. */
  normals(count: number): Float32Array {
    const values = new Float32Array(count);
    for (let index = 0; index < count; index += 2) {
      const [first, second] = this.#normalPair();
      values[index] = first;
      if (index + 1 < count) values[index + 1] = second;
    }
    return values;
  }

  /** This process's share of what `draw` draws for the whole batch. */
  #ownRows(shape: readonly number[], draw: (count: number) => Float32Array): Float32Array {
    const count = tf.util.sizeFromShape([...shape]);
    if (this.#share === undefined || shape.length === 0) return draw(count);
    const { rank, size } = this.#share;
    return draw(count * size).slice(count * rank, count * (rank + 1));
  }

  /** What `make` draws for each of `count` rows of a batch, one row after another. */
  perRow<T>(count: number, make: () => T): T[] {
    const { rank, size } = this.#share ?? { rank: 0, size: 1 };
    return Array.from({ length: count * size }, make).slice(count * rank, count * (rank + 1));
  }

  /** A tensor of normal draws; the caller owns it. */
  normalTensor<R extends tf.Rank = tf.Rank>(shape: tf.ShapeMap[R], mean = 0, standardDeviation = 1): tf.Tensor<R> {
    const values = this.#ownRows(shape, (count) => this.normals(count));
    if (mean !== 0 || standardDeviation !== 1) {
      for (let index = 0; index < values.length; index++) values[index] = mean + standardDeviation * values[index]!;
    }
    return tf.tensor(values, shape, 'float32');
  }

  /** A tensor of draws that are uniform in [minimum, maximum); the caller owns it. */
  uniformTensor<R extends tf.Rank = tf.Rank>(shape: tf.ShapeMap[R], minimum = 0, maximum = 1): tf.Tensor<R> {
    const values = this.#ownRows(shape, (count) => {
      const drawn = new Float32Array(count);
      for (let index = 0; index < count; index++) drawn[index] = minimum + (maximum - minimum) * this.uniform();
      return drawn;
    });
    return tf.tensor(values, shape, 'float32');
  }

  /** The numbers 0 to count - 1 in random order (Fisher and Yates). */
  permutation(count: number): Uint32Array {
    const order = Uint32Array.from({ length: count }, (_, index) => index);
    for (let index = count - 1; index > 0; index--) {
      const other = this.integer(index + 1);
      const value = order[index]!;
      order[index] = order[other]!;
      order[other] = value;
    }
    return order;
  }

  /** Everything that is needed to go on with the same numbers; plain JSON. */
  saveState(): RandomState {
    const [a, b, c, d] = this.#state.words;
    return { words: [a!, b!, c!, d!], path: this.#state.path };
  }

  /**
   * Goes on from a saved state.
   * @throws GanKitError `invalid-data` when it is not one.
   */
  loadState(state: RandomState): void {
    const valid =
      typeof state?.path === 'string' &&
      Array.isArray(state.words) &&
      state.words.length === 4 &&
      state.words.every((word) => Number.isInteger(word) && word >= 0 && word < twoTo32) &&
      state.words.some((word) => word !== 0);
    if (!valid)
      throw new GanKitError('invalid-data', 'The saved state of a random stream is damaged.', { value: state });
    this.#state.words = Uint32Array.from(state.words);
    this.#state.path = state.path;
  }
}
