/** The gradient table as the README prints it: one line per operation, what stock TensorFlow.js does and what ours does. */
import type { GradientRow, Outcome } from './run.ts';

/** The rows of one backend. */
export interface BackendRows {
  readonly backendName: string;
  readonly rows: readonly GradientRow[];
}

type State = Outcome['state'];

const states: readonly (readonly [State, string])[] = [
  ['right', 'right'],
  ['wrong', '**wrong**'],
  ['throws', '*throws*'],
];

/** How many cases of an operation are right, wrong and throw on one backend: `right`, or `right 8, *throws* 2`. */
export function summary(rows: readonly GradientRow[], op: string, order: 'first' | 'second'): string {
  const own = rows.filter((row) => row.op === op);
  const counts = states
    .map(([state, word]) => ({ word, count: own.filter((row) => row[order].state === state).length }))
    .filter(({ count }) => count > 0);
  if (counts.length === 1) return counts[0]!.word;
  return counts.map(({ word, count }) => `${word} ${count}`).join(', ');
}

/** One summary if the backends agree, otherwise one for each. */
function cell(backends: readonly BackendRows[], op: string, order: 'first' | 'second'): string {
  const summaries = backends.map(({ backendName, rows }) => ({ backendName, text: summary(rows, op, order) }));
  if (new Set(summaries.map(({ text }) => text)).size === 1) return summaries[0]!.text;
  return summaries.map(({ backendName, text }) => `${backendName}: ${text}`).join('; ');
}

/** A markdown table of every operation, in the order of the cases. */
export function gradientTableMarkdown(stock: readonly BackendRows[], ours: readonly BackendRows[]): string {
  const ops = [...new Set(stock[0]!.rows.map(({ op }) => op))];
  const variants = (op: string) => stock[0]!.rows.filter((row) => row.op === op).length;
  const lines = ops.map(
    (op) =>
      `| ${op} | ${variants(op)} | ${cell(stock, op, 'first')} | ${cell(stock, op, 'second')} | ${cell(ours, op, 'first')} | ${cell(ours, op, 'second')} |`,
  );
  return [
    '| operation | cases | stock, first order | stock, second order | engine, first | engine, second |',
    '|---|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}

const begin = '<!-- gradient-table:begin -->';
const end = '<!-- gradient-table:end -->';

/** The text between the README's markers. */
export function tableIn(readme: string): string {
  return readme.slice(readme.indexOf(begin) + begin.length, readme.indexOf(end)).trim();
}

/** The README with another table between its markers. */
export function withTable(readme: string, table: string): string {
  return `${readme.slice(0, readme.indexOf(begin) + begin.length)}\n${table}\n${readme.slice(readme.indexOf(end))}`;
}
