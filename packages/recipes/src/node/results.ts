// What a run leaves behind besides numbers: pictures and the generator, as training goes on.
import { copyFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DataSource, RunCallback } from '@gankit/core';
import { makeFolder, writeFileAtomically } from '@gankit/core/node';
import { saveGenerator } from '@gankit/models/node';
import type { Picture } from '@gankit/pictures';
import { encodePng } from '@gankit/pictures/png';
import type { Run } from '../build-run.ts';
import { canBeShown, samplePicture } from '../sample-picture.ts';
import type { RunFolder } from './run-folder.ts';

/** Writes the newest picture and the generator every so often, and at the end of the run, however it ends. */
export interface Results extends RunCallback {
  /** The newest picture, drawn now; absent for samples that cannot be shown. */
  readonly draw?: (() => Promise<Picture>) | undefined;
  /** Writes the generator as it is now into a folder. */
  save(path: string, step: number): Promise<void>;
}

export function keepResults(folder: RunFolder, run: Run, source: DataSource): Results {
  const { count } = run.recipe.pictures;
  const picture = canBeShown(source)
    ? samplePicture(() => run.generator, run.pictures, { source, specification: run.specification, count })
    : undefined;
  let kept = -1;
  async function keep(step: number): Promise<void> {
    if (step === kept) return;
    if (picture !== undefined) {
      await makeFolder(dirname(folder.samplesAt(step)));
      await writeFileAtomically(folder.samplesAt(step), encodePng(await picture.draw()));
      await copyFile(folder.samplesAt(step), folder.latestSamples);
    }
    await save(folder.generator, step);
    kept = step;
  }

  async function save(path: string, step: number): Promise<void> {
    const { specification } = run;
    await saveGenerator(path, run.generator, {
      specification,
      data: source.name,
      scale: source.scale ?? 1,
      columns: source.columns,
      ...(source.kind === 'images' ? { valueRange: [-1, 1] as const } : {}),
      ...(specification.classes === undefined || source.classNames === undefined
        ? {}
        : { classNames: source.classNames }),
      step,
    });
  }
  return {
    name: 'results',
    async onEvent(event) {
      if (event.type === 'start' || event.type === 'end') await keep(event.step);
      else if (event.type === 'step' && event.step % run.recipe.pictures.every === 0) await keep(event.step);
    },
    close: () => picture?.dispose(),
    save,
    draw: picture && (() => picture.draw()),
  };
}
