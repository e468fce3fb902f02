// `gankit evaluate`: how good a generator is, in numbers.
import type { Command } from 'commander';
import type { EvaluateFlags } from '../evaluate-folder.ts';
import { wholeNumber } from '../parse.ts';

/** Adds the command to the program. */
export function addEvaluateCommand(program: Command, finish: (code: number) => void): void {
  program
    .command('evaluate')
    .description('Judge a trained generator, or a folder of pictures, by numbers against data.')
    .argument('<folder>', 'the folder of a run, or of pictures')
    .option(
      '--against <data>',
      "data or a folder of pictures, such as mnist:split=test or ./photos; by default the run's own data",
    )
    .option(
      '--metrics <names>',
      'fid, fid-infinity, kid, inception-score, prdc, prd, sliced-wasserstein, energy, modes, classes; fid,kid,prdc and what else suits by default',
    )
    .option(
      '--samples <n>',
      'samples to generate, and real ones to take at most; 10,000 by default',
      wholeNumber('--samples', 2),
    )
    .option(
      '--extractor <name[:option=value,...]>',
      'what turns samples into features: digits, pixels or values; by default the one that suits the data',
    )
    .option('--seed <n>', 'the seed of latents and of what the metrics draw; 1 by default', wholeNumber('--seed', 0))
    .option('--cache <folder>', 'keep the features of the data here for the next time')
    .option('--json', 'write everything that the numbers depend on as JSON')
    .action(async (folder: string, flags: EvaluateFlags) => {
      const { evaluateFolder } = await import('../evaluate-folder.ts');
      finish(await evaluateFolder(folder, flags));
    });
}
