// `gankit serve`: one local page of all runs of a folder.
import type { Command } from 'commander';
import { wholeNumber } from '../parse.ts';
import { say, writeJson } from '../say.ts';

interface ServeFlags {
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  readonly json?: boolean | undefined;
}

/** Adds the command to the program. @param finish Is told the exit code. */
export function addServeCommand(program: Command, finish: (code: number) => void): void {
  program
    .command('serve')
    .description('Show all runs of a folder in one local page, live: curves, samples, reports. It reads only.')
    .argument('[folder]', 'the folder of the runs', 'runs')
    .option('--port <n>', 'the port; 6006 by default, 0 for any that is free', wholeNumber('--port', 0))
    .option('--host <address>', 'the address to listen at; by default one that other machines cannot reach')
    .option('--json', 'write its address as JSON')
    .action(async (folder: string, { port, host, json }: ServeFlags) => {
      const { serveRuns } = await import('@gankit/report/node');
      const { exitCodes } = await import('../report-error.ts');
      const server = await serveRuns(folder, { port, host });
      say(`All runs in '${folder}': ${server.address} (Ctrl-C ends it)`);
      if (json) writeJson({ address: server.address });
      const code = await new Promise<number>((ended) => {
        process.once('SIGINT', () => ended(exitCodes.success));
        process.once('SIGTERM', () => ended(exitCodes.terminated));
        process.once('SIGHUP', () => ended(exitCodes.hungUp));
      });
      await server.close();
      finish(code);
    });
}
