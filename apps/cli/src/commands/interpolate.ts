// `gankit interpolate`: what lies between samples, as a strip and as an animation.
import type { Command } from 'commander';
import { wholeNumber } from '../parse.ts';

interface InterpolateFlags {
  readonly class?: string | undefined;
  readonly toClass?: string | undefined;
  readonly count?: number | undefined;
  readonly frames?: number | undefined;
  readonly seed?: number | undefined;
  readonly out?: string | undefined;
  readonly force?: boolean | undefined;
  readonly json?: boolean | undefined;
}

const stripFrames = 10;
const filmFrames = 60;

/** Adds the command to the program. */
export function addInterpolateCommand(program: Command): void {
  program
    .command('interpolate')
    .description('Show what lies between samples: from one latent to another, or from one class to another.')
    .argument('<run>', 'the folder of a run')
    .option('--class <label>', 'the class to make, or to start from')
    .option('--to-class <label>', 'the class to go to, with the same latents')
    .option('--count <n>', 'ways at once; 6 in a strip and 16 in an animation by default', wholeNumber('--count'))
    .option(
      '--frames <n>',
      `pictures of each way; ${stripFrames} in a strip and ${filmFrames} in an animation by default`,
      wholeNumber('--frames', 2),
    )
    .option('--seed <n>', 'the seed of the latents; 1 by default', wholeNumber('--seed', 0))
    .option(
      '--out <file>',
      'a .png with a row for each way, or a .apng that plays them; by default interpolation.png in the run',
    )
    .option('--force', 'replace what is at --out')
    .option('--json', 'write what was made as JSON')
    .action(async (run: string, flags: InterpolateFlags) => {
      const { writeInterpolation } = await import('../interpolation-file.ts');
      await writeInterpolation(run, flags, { stripFrames, filmFrames });
    });
}

export type { InterpolateFlags };
