// `gankit project`: pictures found again in the latent space.
import type { Command } from 'commander';
import { wholeNumber } from '../parse.ts';

interface ProjectFlags {
  readonly steps?: number | undefined;
  readonly seed?: number | undefined;
  readonly class?: string | undefined;
  readonly out?: string | undefined;
  readonly force?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** Adds the command to the program. */
export function addProjectCommand(program: Command): void {
  program
    .command('project')
    .description('Look for pictures in the latent space: the samples that come closest to them.')
    .argument('<run>', 'the folder of a run')
    .argument('<pictures...>', 'files of pictures')
    .option('--class <label>', 'the class of the pictures, for a generator that makes classes to order')
    .option('--steps <n>', 'updates of the latents; 300 by default', wholeNumber('--steps'))
    .option('--seed <n>', 'the seed of the latents that it starts from; 1 by default', wholeNumber('--seed', 0))
    .option(
      '--out <file>',
      'a .png with the pictures over what was found, or a .npy of the latents; by default projection.png in the run',
    )
    .option('--force', 'replace what is at --out')
    .option('--json', 'write the errors as JSON')
    .action(async (run: string, pictures: readonly string[], flags: ProjectFlags) => {
      const { writeProjection } = await import('../projection-file.ts');
      await writeProjection(run, pictures, flags);
    });
}

export type { ProjectFlags };
