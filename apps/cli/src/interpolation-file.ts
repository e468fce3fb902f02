// Ways between samples as a file: rows of a picture, or an animation.
import { dirname, extname, join } from 'node:path';
import { selectBackend } from '@gankit/backends';
import { buildConditionalGenerator } from '@gankit/conditional/registry';
import { GanKitError } from '@gankit/core';
import { makeFolder, writeFileAtomically } from '@gankit/core/node';
import { loadGenerator } from '@gankit/models/node';
import { enlarged, imageGrid } from '@gankit/pictures';
import { encodeAnimation } from '@gankit/pictures/animation';
import { encodePng } from '@gankit/pictures/png';
import { type Interpolated, interpolateSamples } from '@gankit/recipes';
import { runFolder } from '@gankit/recipes/node';
import { checkFree, checkRun } from './check-paths.ts';
import type { InterpolateFlags } from './commands/interpolate.ts';
import { say, writeJson } from './say.ts';

/** Small images are enlarged to at least so many pixels for all of them in an animation. */
const widestFilm = 400;

/** The pictures of an animation: all ways at once, as a grid. */
function filmOf({ values, shape: [count = 0, frames = 0, ...sample] }: Interpolated): Uint8Array {
  const size = values.length / (count * frames);
  const pictures = Array.from({ length: frames }, (_, frame) => {
    const now = new Float32Array(count * size);
    for (let way = 0; way < count; way++) {
      const from = (way * frames + frame) * size;
      now.set(values.subarray(from, from + size), way * size);
    }
    const grid = imageGrid(now, [count, ...sample]);
    return enlarged(grid, Math.max(1, Math.floor(widestFilm / grid.width)));
  });
  return encodeAnimation(pictures);
}

/** Writes the file that the command was asked for. */
export async function writeInterpolation(
  run: string,
  flags: InterpolateFlags,
  { stripFrames, filmFrames }: { readonly stripFrames: number; readonly filmFrames: number },
): Promise<void> {
  const out = flags.out ?? join(run, 'interpolation.png');
  const extension = extname(out).toLowerCase();
  if (extension !== '.png' && extension !== '.apng') {
    throw new GanKitError('invalid-argument', `--out must be a .png or a .apng file, not '${out}'.`, { value: out });
  }
  checkRun(run);
  if (flags.out !== undefined) checkFree(flags.out, flags.force);
  await selectBackend();
  const loaded = await loadGenerator(runFolder(run).generator, buildConditionalGenerator);
  try {
    if (loaded.generator.outputShape.length !== 3) {
      throw new GanKitError(
        'incompatible',
        `The generator of '${run}' makes no images, and only images have something between them to look at.`,
      );
    }
    const isFilm = extension === '.apng';
    const { class: fromClass, toClass, seed } = flags;
    const { count = isFilm ? 16 : 6, frames = isFilm ? filmFrames : stripFrames } = flags;
    const way = isFilm ? 'walk' : 'line';
    const found = await interpolateSamples(loaded, { count, frames, way, fromClass, toClass, seed });
    const strip = () => imageGrid(found.values, [count * frames, ...found.shape.slice(2)], { columns: frames });
    await makeFolder(dirname(out));
    await writeFileAtomically(out, isFilm ? filmOf(found) : encodePng(strip()));
    say(`${count} ways of ${frames} pictures: ${out}`);
    if (flags.json) writeJson({ out, ways: count, frames });
  } finally {
    loaded.generator.dispose();
  }
}
