// `gankit report`: a run as one HTML file.
import type { Command } from 'commander';

interface ReportOptions {
  readonly out?: string | undefined;
}

/** Adds the command to the program. */
export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description('Write the report of a run, also while it goes on: one HTML file with everything in it.')
    .argument('<run>', 'the folder of a run')
    .option('--out <file>', "where it goes; report.html in the run's folder by default")
    .option('--debug', 'show where an error came from')
    .action(async (run: string, { out }: ReportOptions) => {
      const { writeReport } = await import('@gankit/report/node');
      process.stderr.write(`Report: ${await writeReport(run, { out })}\n`);
    });
}
