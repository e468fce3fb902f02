// `gankit completion`: what a shell needs to complete the command.
import type { Command } from 'commander';

/** Adds the command to the program. It describes every command that the program has when it is called. */
export function addCompletionCommand(program: Command): void {
  program
    .command('completion')
    .description('Write the script that completes this command in a shell.')
    .argument('<shell>', 'bash, zsh or fish')
    .action(async (shell: string) => {
      const { completionScript } = await import('../completion.ts');
      process.stdout.write(completionScript(shell, program));
    });
}
