import { dirname, join } from 'node:path';
import { checkOptions } from '@gankit/core';
import { makeFolder, writeFileAtomically } from '@gankit/core/node';
import { reportPage } from '../page/report-page.ts';
import { readRunStory } from './read-run-story.ts';

export interface WriteReportOptions {
  /** Where the file goes; `report.html` in the run's folder by default. It is replaced. */
  readonly out?: string | undefined;
}

/**
 * Writes the report of a run, whether it goes on, was broken off or is complete: one HTML file under 5 MB.
 * @param path The folder of the run.
 * @returns Where the report is.
 * @throws GanKitError `file` or `invalid-data` when there is no run that can be read, `file` when the report cannot be written.
 */
export async function writeReport(path: string, options: WriteReportOptions = {}): Promise<string> {
  checkOptions('writeReport', options, { out: 'optional' });
  const { out = join(path, 'report.html') } = options;
  const page = await reportPage(await readRunStory(path));
  await makeFolder(dirname(out));
  await writeFileAtomically(out, page);
  return out;
}
