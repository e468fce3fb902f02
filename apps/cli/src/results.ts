// What a run leaves behind besides numbers: pictures, the generator, and for data with modes their coverage.
import { copyFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DataSource, EventHandler, Generator, RandomStream } from '@gankit/core';
import { makeFolder, writeFileAtomically } from '@gankit/core/node';
import type { PointDistribution } from '@gankit/data';
import { modeCoverage } from '@gankit/metrics';
import { saveGenerator } from '@gankit/models/node';
import { encodePng, type Picture } from '@gankit/trainer';
import type { RunConfiguration } from './configuration.ts';
import type { RunFolder } from './run-folder.ts';
import { samplePicture } from './sample-picture.ts';

export interface Results {
  readonly name: string;
  readonly onEvent: EventHandler;
  close(): void;
  /** The newest picture, drawn now. */
  draw(): Promise<Picture>;
  /** The samples of the last picture, in [-1, 1]. */
  lastSamples(): Float32Array;
}

/** Writes the newest picture and the generator every so often, and at the end of the run, however it ends. */
export function keepResults(
  folder: RunFolder,
  configuration: RunConfiguration,
  source: DataSource,
  generator: Generator,
  random: RandomStream,
): Results {
  const { classes } = configuration.model;
  const picture = samplePicture(generator, random, { source, classes });
  let kept = -1;
  let samples: Float32Array = new Float32Array(0);
  async function keep(step: number): Promise<void> {
    if (step === kept) return;
    const drawn = await picture.draw();
    await makeFolder(dirname(folder.samplesAt(step)));
    await writeFileAtomically(folder.samplesAt(step), encodePng(drawn.picture));
    await copyFile(folder.samplesAt(step), folder.latestSamples);
    await saveGenerator(folder.generator, generator, {
      specification: configuration.model,
      data: configuration.data,
      scale: source.scale ?? 1,
      ...(source.kind === 'images' ? { valueRange: [-1, 1] } : {}),
      ...(classes === undefined ? {} : { classNames: source.classNames! }),
      step,
    });
    kept = step;
    samples = drawn.values;
  }
  return {
    name: 'results',
    async onEvent(event) {
      if (event.type === 'start' || event.type === 'end') await keep(event.step);
      else if (event.type === 'step' && event.step % configuration.sampleEvery === 0) await keep(event.step);
    },
    close: () => picture.dispose(),
    draw: async () => (await picture.draw()).picture,
    lastSamples: () => samples,
  };
}

/** What the last samples say of the modes, for data that have modes. */
export async function reportCoverage(folder: RunFolder, source: DataSource, samples: Float32Array): Promise<void> {
  const { modes, standardDeviation, scale } = source as Partial<PointDistribution>;
  if (modes === undefined || standardDeviation === undefined) return;
  const coverage = modeCoverage(samples, { modes, standardDeviation, ...(scale === undefined ? {} : { scale }) });
  await writeFileAtomically(folder.coverage, `${JSON.stringify(coverage, undefined, 2)}\n`);
  const { modesFound, highQualityShare, reverseKl } = coverage;
  process.stderr.write(
    `Modes: ${modesFound} of ${coverage.modes}, high-quality samples ${(100 * highQualityShare).toFixed(1)} %, reverse KL ${reverseKl.toFixed(3)} (${coverage.samples} samples)\n`,
  );
}
