// `gankit report`: a run as one HTML file.
import type { Command } from 'commander';
import { say, writeJson } from '../say.ts';

interface ReportOptions {
  readonly out?: string | undefined;
  readonly json?: boolean | undefined;
}

/** Adds the command to the program. */
export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description('Write the report of a run, also while it goes on: one HTML file with everything in it.')
    .argument('<run>', 'the folder of a run')
    .option('--out <file>', "where it goes; report.html in the run's folder by default")
    .option('--json', 'write where it is as JSON')
    .action(async (run: string, { out, json }: ReportOptions) => {
      const { writeReport } = await import('@gankit/report/node');
      const path = await writeReport(run, { out });
      say(`Report: ${path}`);
      if (json) writeJson({ report: path });
    });
}
