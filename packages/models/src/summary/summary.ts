// What a network is made of: a table of its variables, and how many numbers they hold.
import { formatShape, type Network } from '@gankit/core';

/** How many numbers a network holds. */
export interface ParameterCount {
  /** Those that an optimiser changes. */
  readonly trainable: number;
  /** Moving averages, power-iteration vectors and frozen weights. */
  readonly nonTrainable: number;
  readonly total: number;
}

/** Counts the numbers in a network's variables. A variable that is listed twice counts once. */
export function countParameters({ variables }: Pick<Network, 'variables'>): ParameterCount {
  let trainable = 0;
  let nonTrainable = 0;
  const seen = new Set<number>();
  for (const named of variables) {
    if (seen.has(named.variable.id)) continue;
    seen.add(named.variable.id);
    if (named.trainable) trainable += named.variable.size;
    else nonTrainable += named.variable.size;
  }
  return { trainable, nonTrainable, total: trainable + nonTrainable };
}

/** `1234567` as `1,234,567`, the same on every machine. */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/**
 * A network as a table for a terminal: one row for each variable with its name, shape, number of parameters and whether it is
 * trained, in the order of `variables`; then the sums. Ends without a line break.
 */
export function summary(network: Network): string {
  const rows = network.variables.map(({ name, variable, trainable }) => [
    name,
    formatShape(variable.shape),
    grouped(variable.size),
    trainable ? 'yes' : 'no',
  ]);
  const { total, trainable, nonTrainable } = countParameters(network);
  const header = ['variable', 'shape', 'parameters', 'trainable'];
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const parametersColumn = 2;
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === parametersColumn ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd();
  return [
    network.name,
    line(header),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...rows.map(line),
    `${grouped(total)} parameters: ${grouped(trainable)} trainable, ${grouped(nonTrainable)} not`,
  ].join('\n');
}
