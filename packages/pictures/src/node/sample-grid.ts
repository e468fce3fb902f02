import { join } from 'node:path';
import {
  type Condition,
  checkInteger,
  checkOptions,
  drawLatent,
  type EventHandler,
  type Generator,
  type RandomStream,
} from '@gankit/core';
import { makeFolder, writeFileAtomically } from '@gankit/core/node';
import * as tf from '@tensorflow/tfjs';
import { imageGrid } from '../image-grid.ts';
import { encodePng } from '../png.ts';

export interface SampleGridOptions {
  /** The generator, or an average of it. Its samples must be images. */
  readonly generator: Generator;
  /** The folder of the pictures; made when it is not there. */
  readonly folder: string;
  /** Steps between two pictures; one more is drawn before the first step, and one when the run ends. */
  readonly every: number;
  /** Decides the latents, which are the same for every picture: they come from a fork of it, which stays as it is. */
  readonly random: RandomStream;
  /** Images in a picture; 64 by default. */
  readonly count?: number | undefined;
  /** What the generator is told about the images; nothing by default. Stays with the caller. */
  readonly condition?: Condition | undefined;
}

/** A callback that writes `step-000100.png`: samples from the same latents each time, so that one sees them change. */
export interface SampleGrid {
  readonly name: string;
  readonly onEvent: EventHandler;
}

/** See {@link SampleGrid}. */
export function sampleGrid(options: SampleGridOptions): SampleGrid {
  checkOptions('sampleGrid', options, {
    generator: 'required',
    folder: 'required',
    every: 'required',
    random: 'required',
    count: 'optional',
    condition: 'optional',
  });
  const { generator, folder, every, count = 64, condition, random } = options;
  checkInteger('every', every);
  let drawn = -1;
  async function draw(step: number): Promise<void> {
    if (step === drawn) return;
    // A fresh fork gives the same latents each time.
    const latents = () => drawLatent(generator, count, random.fork('sample-grid'));
    const samples = tf.tidy(() => generator.generate(latents(), { training: false, condition }));
    const picture = imageGrid((await samples.data()) as Float32Array, samples.shape);
    samples.dispose();
    await makeFolder(folder);
    await writeFileAtomically(join(folder, `step-${String(step).padStart(6, '0')}.png`), encodePng(picture));
    drawn = step;
  }
  return {
    name: 'sample-grid',
    async onEvent(event, run) {
      // The first picture is drawn before the first step: what cannot be drawn or written is found out then.
      const due = event.type === 'step' && event.step % every === 0 && event.step === run.step;
      if (due || event.type === 'start' || event.type === 'end') await draw(event.step);
    },
  };
}
