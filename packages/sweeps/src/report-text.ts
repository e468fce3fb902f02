// The table of a sweep as text for a terminal, and as Markdown.
import type { ReportRow, Spread, SweepReport } from './report.ts';

const digits = 3;

function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const rounded = Number(value.toPrecision(digits));
  return Math.abs(rounded) >= 1e6 || (rounded !== 0 && Math.abs(rounded) < 1e-4)
    ? rounded.toExponential(digits - 1)
    : String(rounded);
}

/** `0.61 ± 0.04`: the mean over the seeds, and their standard deviation where there are several. */
export function spreadText(spread: Spread | undefined): string {
  if (spread === undefined) return '-';
  const { mean, deviation } = spread;
  return deviation === undefined ? numberText(mean) : `${numberText(mean)} ± ${numberText(deviation)}`;
}

function seedsText({ done, failed, open }: ReportRow['seeds']): string {
  const all = done + failed + open;
  return `${done === all ? all : `${done} of ${all}`}${failed > 0 ? `, ${failed} failed` : ''}`;
}

/** Where one metric has several numbers its name says nothing; a number alone means nothing without it. */
function columnNames(numbers: readonly string[]): readonly string[] {
  const metrics = new Set(numbers.map((name) => name.slice(0, name.indexOf('.'))));
  if (metrics.size > 1 || numbers.length < 2) return numbers;
  return numbers.map((name) => name.slice(name.indexOf('.') + 1));
}

function cellsOf({ variables, numbers, rows }: SweepReport): readonly (readonly string[])[] {
  const unequal = new Set(rows.filter(({ seeds }) => seeds.done > 0).map(({ steps }) => steps)).size > 1;
  const header = [...variables, 'seeds', ...(unequal ? ['steps'] : []), ...columnNames(numbers)];
  const cells = rows.map(({ values, seeds, steps, numbers: of }) => [
    ...variables.map((name) => values[name] ?? ''),
    seedsText(seeds),
    ...(unequal ? [seeds.done === 0 ? '-' : String(steps)] : []),
    ...numbers.map((name) => spreadText(of[name])),
  ]);
  return [header, ...cells];
}

/** What has to be said besides the table, a sentence each. */
export function reportNotes({ runs, rows, goal, numbers, variables }: SweepReport): readonly string[] {
  const notes: string[] = [];
  const several = rows.some(({ seeds }) => seeds.done > 1);
  if (numbers.length > 0 && several) notes.push('Mean over the seeds ± their standard deviation.');
  if (goal !== undefined) notes.push(`Best first: ${goal.metric}, ${goal.better} is better.`);
  if (numbers.length === 0 && runs.done > 0) {
    notes.push('The recipe measures nothing: name metrics in it to compare more than whether a run survives.');
  }
  if (runs.open > 0) notes.push(`${runs.open} of ${runs.all} runs are not over yet.`);
  for (const { values, failures } of rows) {
    const which = variables.map((name) => values[name]).join(', ') || 'the run';
    for (const reason of failures) notes.push(`Failed (${which}): ${reason}`);
  }
  return notes;
}

/** The report as lines for a terminal: a table, then what must be said of it. */
export function reportText(report: SweepReport): string {
  const cells = cellsOf(report);
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const left = report.variables.length + 1;
  const lines = cells.map((row) =>
    row
      .map((cell, column) => (column < left ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  const notes = reportNotes(report);
  return `${[lines[0], rule, ...lines.slice(1), ...(notes.length > 0 ? ['', ...notes] : [])].join('\n')}\n`;
}

/** The report as a Markdown table, with its notes below. */
export function reportMarkdown(report: SweepReport): string {
  const [header, ...rows] = cellsOf(report) as [readonly string[], ...(readonly string[])[]];
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const left = report.variables.length + 1;
  const rule = `|${header.map((_, column) => (column < left ? '---' : '---:')).join('|')}|`;
  const notes = reportNotes(report);
  return `${[line(header), rule, ...rows.map(line), ...(notes.length > 0 ? ['', notes.join('  \n')] : [])].join('\n')}\n`;
}
