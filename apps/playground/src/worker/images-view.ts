// The pictures of a game: a grid from the same latents each time, what one number says of every pixel, and pictures by order.
import { labelTensor } from '@gankit/conditional';
import { type Condition, type DataSource, disposeBatch, drawLatent, GanKitError } from '@gankit/core';
import type { Run } from '@gankit/recipes';
import { gradientAttribution } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';
import type { Drawing, ImagesFrame, Layers } from '../protocol.ts';
import { lineOf, realness, verdicts } from './verdict.ts';
import type { View } from './view.ts';

const columns = 8;
const rows = 5;

/** A view with what only pictures have. */
export interface ImagesView extends View {
  readonly frame: (layers: Layers) => Promise<ImagesFrame>;
  /** Shows one class in every picture, or classes in turn. */
  show(label: number | undefined): void;
  /** One picture of a latent. @throws GanKitError `invalid-shape` for another number of numbers. */
  sample(latent: readonly number[], label: number): Promise<ImagesFrame>;
  /** What the discriminator says of a drawing, and of each of its pixels. */
  judge(
    drawing: Drawing,
    label: number,
  ): Promise<{ readonly verdict: number; readonly gradient: Float32Array<ArrayBuffer> }>;
}

/** -1 to 1 becomes 0 to 255. */
function bytes(values: Float32Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(values, (value) => Math.max(0, Math.min(255, Math.round((value + 1) * 127.5))));
}

/** Gradients of each pixel, channels summed, the greatest of all 1. */
function perPixel(values: Float32Array, channels: number): Float32Array<ArrayBuffer> {
  const sums = new Float32Array(values.length / channels);
  let greatest = 0;
  for (let pixel = 0; pixel < sums.length; pixel++) {
    for (let channel = 0; channel < channels; channel++) sums[pixel]! += values[pixel * channels + channel]!;
    greatest = Math.max(greatest, Math.abs(sums[pixel]!));
  }
  return greatest > 0 ? sums.map((sum) => sum / greatest) : sums;
}

async function numbers(tensor: tf.Tensor): Promise<Float32Array<ArrayBuffer>> {
  const values = ((await tensor.data()) as Float32Array).slice() as Float32Array<ArrayBuffer>;
  tensor.dispose();
  return values;
}

export function imagesView(run: Run, source: DataSource): ImagesView {
  const shape = source.shape as readonly [number, number, number];
  const random = run.pictures.fork('playground');
  const { generator } = run.game;
  const count = columns * rows;
  const { classes } = run.specification;
  const isTold = generator.needs?.includes('class') === true && classes !== undefined;
  const latent = tf.keep(drawLatent(generator, count, random.fork('latent')));
  let labels: number[] | undefined;
  let condition: Condition | undefined;
  /** Real samples, for losses that compare and for the line between real and generated. */
  let real: tf.Tensor | undefined;

  function tell(label: number | undefined): void {
    condition?.labels?.dispose();
    if (!isTold) return;
    labels = Array.from({ length: count }, (_, index) => label ?? index % classes);
    condition = { labels: labelTensor(labels, classes) };
  }
  tell(undefined);

  const forward = (told: Condition | undefined) => ({
    training: false as const,
    step: run.trainer.step,
    ...(told === undefined ? {} : { condition: told }),
  });

  async function realSamples(): Promise<tf.Tensor> {
    if (real !== undefined) return real;
    const batches = source.batches({ batchSize: Math.min(count, source.size ?? count), random: random.fork('real') });
    const { value: batch } = await batches.next();
    await batches.return?.();
    const samples = tf.tidy(() => {
      const enough = Array.from({ length: count }, (_, index) => index % batch!.data.shape[0]!);
      return tf.keep(tf.gather(batch!.data, tf.tensor1d(enough, 'int32')));
    });
    disposeBatch(batch!);
    real = samples;
    return samples;
  }

  async function judged(samples: tf.Tensor, told: Condition | undefined): Promise<Float32Array> {
    const { discriminator, loss } = run.game;
    return numbers(tf.tidy(() => realness(discriminator.discriminate(samples, forward(told)), loss)));
  }

  /** The line between real and generated now. */
  async function line(fakes: Float32Array) {
    return lineOf(run.game.loss, await judged(await realSamples(), condition), fakes);
  }

  return {
    facts: { kind: 'images' },
    async frame({ gradient }: Layers): Promise<ImagesFrame> {
      const samples = tf.tidy(() => run.generator.generate(latent, forward(condition)));
      const fakes = await judged(samples, condition);
      const verdict = verdicts(run.game.loss, fakes, await line(fakes));
      const pixels = bytes(await numbers(samples));
      let overlay: Float32Array<ArrayBuffer> | undefined;
      if (gradient) {
        const { game } = run;
        const found = await gradientAttribution({
          ...{ generator: game.generator, discriminator: game.discriminator, loss: game.loss, latent, condition },
          real: await realSamples(),
          step: run.trainer.step,
        });
        found.samples.dispose();
        overlay = perPixel(await numbers(found.gradient), shape[2]);
      }
      return { kind: 'images', pixels, count, columns, shape, gradient: overlay, verdict, labels };
    },
    show: tell,
    async sample(values, label) {
      const size = generator.latentShape.reduce((product, side) => product * side, 1);
      if (values.length !== size || !values.every(Number.isFinite)) {
        throw new GanKitError('invalid-shape', `A latent of this generator has ${size} numbers, not ${values.length}.`);
      }
      const told: Condition | undefined = isTold ? { labels: labelTensor([label], classes) } : undefined;
      const samples = tf.tidy(() =>
        run.generator.generate(tf.tensor([...values], [1, ...generator.latentShape]), forward(told)),
      );
      const own = await judged(samples, told);
      const verdict = verdicts(run.game.loss, own, await line(own));
      told?.labels?.dispose();
      return { kind: 'images', pixels: bytes(await numbers(samples)), count: 1, columns: 1, shape, verdict };
    },
    async judge({ pixels, side }, label) {
      const told: Condition | undefined = isTold ? { labels: labelTensor([label], classes) } : undefined;
      const { discriminator, loss } = run.game;
      const input = tf.tidy(() => {
        const grey = tf.sub(
          tf.div(tf.tensor4d(Float32Array.from(pixels), [1, side, side, 1]), 127.5),
          1,
        ) as tf.Tensor4D;
        const sized = side === shape[0] ? grey : tf.image.resizeBilinear(grey, [shape[0], shape[1]]);
        return shape[2] === 1 ? sized : tf.tile(sized, [1, 1, 1, shape[2]]);
      });
      try {
        const gradient = tf.tidy(() =>
          tf.grad((x: tf.Tensor) => tf.sum(realness(discriminator.discriminate(x, forward(told)), loss)))(input),
        );
        const own = await judged(input, told);
        const [verdict = 0] = verdicts(loss, own, await line(own));
        // As in the grid: a positive number asks for darker.
        return { verdict, gradient: perPixel(await numbers(gradient), shape[2]).map((value) => -value) };
      } finally {
        input.dispose();
        told?.labels?.dispose();
      }
    },
    dispose() {
      latent.dispose();
      condition?.labels?.dispose();
      real?.dispose();
    },
  };
}
