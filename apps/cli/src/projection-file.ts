// Pictures and the samples that come closest to them, as a file.
import { dirname, extname, join } from 'node:path';
import { selectBackend } from '@gankit/backends';
import { buildConditionalGenerator } from '@gankit/conditional/registry';
import { GanKitError } from '@gankit/core';
import { makeFolder, writeFileAtomically } from '@gankit/core/node';
import { encodeNpy } from '@gankit/data';
import { loadGenerator } from '@gankit/models/node';
import { enlarged, imageGrid, stackPictures } from '@gankit/pictures';
import { encodePng } from '@gankit/pictures/png';
import { projectPictures, runFolder } from '@gankit/recipes/node';
import { checkFree, checkRun } from './check-paths.ts';
import type { ProjectFlags } from './commands/project.ts';
import { say, writeJson } from './say.ts';

/** Small images are enlarged to about so many pixels for all of them. */
const widest = 800;

/** Writes the file that the command was asked for. */
export async function writeProjection(run: string, pictures: readonly string[], flags: ProjectFlags): Promise<void> {
  const out = flags.out ?? join(run, 'projection.png');
  const extension = extname(out).toLowerCase();
  if (extension !== '.png' && extension !== '.npy') {
    throw new GanKitError('invalid-argument', `--out must be a .png or a .npy file, not '${out}'.`, { value: out });
  }
  checkRun(run);
  if (flags.out !== undefined) checkFree(flags.out, flags.force);
  await selectBackend();
  const loaded = await loadGenerator(runFolder(run).generator, buildConditionalGenerator);
  try {
    const { steps, seed, class: label } = flags;
    const found = await projectPictures(loaded, pictures, { steps, seed, label });
    await makeFolder(dirname(out));
    if (extension === '.npy') {
      await writeFileAtomically(out, encodeNpy(found.latents, [pictures.length, ...loaded.generator.latentShape]));
    } else {
      const row = (values: Float32Array) => imageGrid(values, found.shape, { columns: pictures.length, gap: 2 });
      const both = stackPictures([row(found.pictures), row(found.samples)], 0);
      await writeFileAtomically(out, encodePng(enlarged(both, Math.max(1, Math.floor(widest / both.width)))));
    }
    if (flags.json) writeJson({ out, errors: pictures.map((path, index) => ({ path, error: found.errors[index] })) });
    const mean = found.errors.reduce((sum, error) => sum + error, 0) / found.errors.length;
    say(
      `${pictures.length} pictures, mean squared error ${Number(mean.toPrecision(3))} (of numbers from -1 to 1): ${out}`,
    );
  } finally {
    loaded.generator.dispose();
  }
}
