// `gankit explain`: what one number, the generator's loss, tells each pixel of its samples.
import type { Command } from 'commander';
import { wholeNumber } from '../parse.ts';
import { say, writeJson } from '../say.ts';

interface ExplainFlags {
  readonly count?: number | undefined;
  readonly seed?: number | undefined;
  readonly out?: string | undefined;
  readonly json?: boolean | undefined;
}

/** Adds the command to the program. */
export function addExplainCommand(program: Command): void {
  program
    .command('explain')
    .description('Show what one number, the loss, tells each pixel of what the generator makes.')
    .argument('<run>', 'the folder of a run')
    .option('--count <n>', 'samples to look at; 8 images or 120 points by default', wholeNumber('--count'))
    .option('--seed <n>', 'the seed of the latents; 1 by default', wholeNumber('--seed', 0))
    .option('--out <file>', "where the picture goes; explanation.png in the run's folder by default, which is replaced")
    .option('--json', 'write the numbers as JSON')
    .action(async (run: string, { count, seed, out, json }: ExplainFlags) => {
      const { dirname, join } = await import('node:path');
      const { explainRun } = await import('@gankit/report/node');
      const { makeFolder, writeFileAtomically } = await import('@gankit/core/node');
      const { encodePng } = await import('@gankit/pictures/png');
      const { picture, sentences, ...numbers } = await explainRun(run, { count, seed });
      const path = out ?? join(run, 'explanation.png');
      if (picture !== undefined) {
        await makeFolder(dirname(path));
        await writeFileAtomically(path, encodePng(picture));
      }
      const written = picture === undefined ? {} : { picture: path };
      if (json) writeJson({ ...numbers, sentences, ...written });
      else process.stdout.write(sentences.map((sentence) => `${sentence}\n`).join(''));
      if (picture !== undefined) say(`Picture: ${path}`);
    });
}
