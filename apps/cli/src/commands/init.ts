// `gankit init`: a folder with a typed recipe, ready to be trained.
import type { Command } from 'commander';

interface InitFlags {
  readonly data?: string | undefined;
  readonly yes?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** Adds the command to the program. */
export function addInitCommand(program: Command): void {
  program
    .command('init')
    .description('Make a folder with a typed recipe, ready to be trained. Asks one question at most.')
    .argument('[folder]', 'the folder, which must be empty or not exist', 'my-gan')
    .option('--data <name|folder>', 'what to learn: a data set, a folder of pictures, or a named recipe')
    .option('--yes', 'ask nothing: mnist unless --data says otherwise')
    .option('--json', 'write what was made as JSON, and ask nothing')
    .action(async (folder: string, flags: InitFlags) => {
      const { makeProject } = await import('../make-project.ts');
      await makeProject(folder, flags);
    });
}

export type { InitFlags };
