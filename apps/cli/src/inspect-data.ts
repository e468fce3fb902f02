// What `gankit data inspect` shows.
import { selectBackend } from '@gankit/backends';
import { writeFileAtomically } from '@gankit/core/node';
import { encodeTable } from '@gankit/data';
import { type DataReport, inspectData } from '@gankit/data/node';
import { imageGrid } from '@gankit/pictures';
import { encodePng } from '@gankit/pictures/png';
import { checkFree } from './check-paths.ts';
import type { InspectFlags } from './commands/data.ts';
import { optionsFromText } from './part-text.ts';
import { say } from './say.ts';

/** The most lines of one list. */
const mostLines = 20;
const barLength = 40;

const number = (value: number) => value.toLocaleString('en');

/** The first lines of a list, and how many more there are. */
function shortened(lines: readonly string[], what: string): string[] {
  if (lines.length <= mostLines) return [...lines];
  return [...lines.slice(0, mostLines), `  and ${number(lines.length - mostLines)} more ${what}`];
}

function bars(rows: readonly { readonly label: string; readonly count: number }[]): string[] {
  const most = Math.max(1, ...rows.map(({ count }) => count));
  const width = Math.max(...rows.map(({ label }) => label.length));
  return rows.map(({ label, count }) => {
    const bar = '█'.repeat(Math.round((count / most) * barLength));
    return `  ${label.padEnd(width)} ${bar} ${number(count)}`;
  });
}

function histogramLines({ histogram }: DataReport): string[] {
  const edge = (part: number) => ((2 * part) / histogram.length - 1).toFixed(2).padStart(5);
  return bars(histogram.map((count, part) => ({ label: `${edge(part)} to ${edge(part + 1)}`, count })));
}

const named = { images: 'images', points: 'points', table: 'rows', sequence: 'series' } as const;

/** The report as text. */
export function reportText(report: DataReport): string {
  const { name, dataSet, kind, shape, count, looked, classes, sizes, columns, broken, leftOut, samples } = report;
  const some = count !== undefined && looked < count ? `, of which ${number(looked)} were looked at` : '';
  const length = shape.reduce((product, axis) => product * axis, 1);
  const lines = [
    `${name} (${dataSet}): ${count === undefined ? '' : `${number(count)} `}${named[kind]} of ${shape.join(' x ')}${some}`,
    ...report.notes,
    `Mean ${report.mean.toFixed(3)}, standard deviation ${report.standardDeviation.toFixed(3)} in [-1, 1]:`,
    ...histogramLines(report),
  ];
  if (sizes !== undefined) {
    lines.push(
      'Sizes:',
      ...shortened(
        bars(sizes.map((size) => ({ label: `${size.width} x ${size.height}`, count: size.count }))),
        'sizes',
      ),
    );
  }
  if (classes !== undefined) {
    lines.push(
      `${classes.length} classes:`,
      ...shortened(bars(classes.map(({ name: label, count: of }) => ({ label, count: of }))), 'classes'),
    );
  }
  if (columns !== undefined) {
    lines.push(
      'The first rows, as training gives them back:',
      encodeTable(columns, samples.subarray(0, 5 * length)).trimEnd(),
    );
  }
  if (broken.length > 0) {
    lines.push(`${broken.length} cannot be decoded, and training leaves them out:`);
    lines.push(
      ...shortened(
        broken.map(({ path, reason }) => `  ${path}: ${reason}`),
        'files',
      ),
    );
  }
  if (leftOut.length > 0) {
    lines.push(
      `${number(leftOut.length)} are no pictures by their ending:`,
      ...shortened(
        leftOut.map((path) => `  ${path}`),
        'files',
      ),
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Where the picture goes, which must be free. */
function picturePath({ name }: DataReport, { out, force }: InspectFlags): string {
  if (out === undefined) return `${name.replaceAll(/[^\w.-]/g, '_')}-samples.png`;
  checkFree(out, force);
  return out;
}

export async function inspect(path: string, flags: InspectFlags): Promise<void> {
  await selectBackend();
  const report = await inspectData(path, { options: optionsFromText(flags.set), limit: flags.limit });
  const { samples, ...plain } = report;
  const shown = report.kind === 'images' && report.shape[2]! <= 4;
  const picture = shown ? picturePath(report, flags) : undefined;
  if (picture !== undefined) {
    const count = samples.length / report.shape.reduce((product, axis) => product * axis, 1);
    await writeFileAtomically(picture, encodePng(imageGrid(samples, [count, ...report.shape])));
  }
  process.stdout.write(flags.json ? `${JSON.stringify({ ...plain, picture }, undefined, 2)}\n` : reportText(report));
  if (picture !== undefined) say(`Samples as training sees them: ${picture}`);
}
