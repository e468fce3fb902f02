// `gankit data`: what lies at a path, and pictures as one file that can be shared.
import type { Command } from 'commander';
import { several, wholeNumber } from '../parse.ts';

interface InspectFlags {
  readonly set?: readonly string[] | undefined;
  readonly limit?: number | undefined;
  readonly out?: string | undefined;
  readonly force?: boolean | undefined;
  readonly json?: boolean | undefined;
}

interface PackFlags {
  readonly out: string;
  readonly size?: number | undefined;
  readonly set?: readonly string[] | undefined;
  readonly force?: boolean | undefined;
}

/** Adds the command to the program. */
export function addDataCommand(program: Command): void {
  const data = program.command('data').description('Look at data before training, and pack pictures into one file.');
  data
    .command('inspect')
    .description('Count, measure and show what lies at a path, as training will see it.')
    .argument('<path>', 'a folder, a file, or the address of a file')
    .option('--set <option=value>', "an option of the data set, such as side=32; see 'gankit list data'", several)
    .option('--limit <n>', 'the most samples to read; 10,000 by default', wholeNumber('--limit'))
    .option('--out <file.png>', 'where 64 samples are drawn; NAME-samples.png here by default, which is replaced')
    .option('--force', 'replace what is at --out')
    .option('--json', 'write the numbers as JSON')
    .action(async (path: string, flags: InspectFlags) => {
      const { inspect } = await import('../inspect-data.ts');
      await inspect(path, flags);
    });
  data
    .command('pack')
    .description(
      'Write pictures at one size as one file: .zip as StyleGAN has it, .tar as WebDataset, .parquet as Hugging Face.',
    )
    .argument('<path>', 'a folder, a zip, tar or Parquet file')
    .requiredOption('--out <file>', 'a .zip, .tar or .parquet file')
    .option('--size <n>', 'height and width of each picture; chosen from them by default', wholeNumber('--size'))
    .option('--set <option=value>', 'fit, channels, background or broken, such as fit=contain', several)
    .option('--force', 'replace what is at --out')
    .action(async (path: string, flags: PackFlags) => {
      const { pack } = await import('../pack-data.ts');
      await pack(path, flags);
    });
}

export type { InspectFlags, PackFlags };
