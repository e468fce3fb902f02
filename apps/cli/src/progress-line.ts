// One line that says how a run is going, in as many columns as there are: what matters least is left out first.
import type { StepEvent } from '@gankit/core';

/** What a line is made of. */
export interface ProgressFacts {
  readonly step: number;
  readonly total: number;
  /** Absent before the first step. */
  readonly event?: StepEvent | undefined;
  readonly samplesPerSecond?: number | undefined;
  readonly secondsLeft?: number | undefined;
  /** What a sample is called: `images` or `points`. */
  readonly unit: string;
  /** The share of the time in which the game waited for its data, 0 to 1. */
  readonly waiting?: number | undefined;
  /** Bytes of memory that the process has. */
  readonly memory?: number | undefined;
}

const barLength = 12;

/** A bar of blocks. */
function bar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * barLength);
  return '█'.repeat(full) + '░'.repeat(barLength - full);
}

/** `1:05`, `2:00:10`; `?` for what is not known. */
export function duration(seconds: number | undefined): string {
  if (seconds === undefined || !Number.isFinite(seconds)) return '?';
  const whole = Math.round(seconds);
  const clock = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, '0')).join(':');
  return whole >= 3600 ? `${Math.floor(whole / 3600)}:${clock}` : clock.replace(/^0/, '');
}

function memoryText(bytes: number): string {
  const megabytes = bytes / 1e6;
  return megabytes < 1000 ? `${megabytes.toFixed(0)} MB` : `${(megabytes / 1000).toFixed(1)} GB`;
}

/** The parts in the order in which they stand, each with its rank: 0 is left out last. What the loss has not is not there. */
function partsOf(facts: ProgressFacts): readonly (readonly [text: string, rank: number])[] {
  const { step, total, event, unit, samplesPerSecond, secondsLeft, waiting, memory } = facts;
  const number = (name: string, value: number | undefined, digits: number, rank: number) =>
    value === undefined ? [] : [[`${name} ${value.toFixed(digits)}`, rank] as const];
  const { discriminator, generator, accuracy } = event ?? {};
  return [
    [bar(step / total), 6],
    [`${step}/${total}`, 0],
    ...(event === undefined ? ([['first step', 1]] as const) : []),
    [`${duration(secondsLeft)} left`, 1],
    [`${samplesPerSecond === undefined ? '-' : Math.round(samplesPerSecond)} ${unit}/s`, 2],
    ...number('D', discriminator?.adversarialLoss, 3, 3),
    ...number('G', generator?.adversarialLoss, 3, 4),
    ...number('D(x)', discriminator?.realScore, 2, 7),
    ...number('D(G(z))', generator?.fakeScore ?? discriminator?.fakeScore, 2, 8),
    ...(accuracy === undefined ? [] : ([[`D right ${(100 * accuracy).toFixed(0)} %`, 5]] as const)),
    ...(waiting === undefined ? [] : ([[`${(100 * waiting).toFixed(0)} % waiting for data`, 10]] as const)),
    ...(memory === undefined ? [] : ([[memoryText(memory), 9]] as const)),
  ];
}

/** The line, with at most so many characters (never less than the count of steps). */
export function progressLine(facts: ProgressFacts, columns = Number.POSITIVE_INFINITY): string {
  const parts = partsOf(facts);
  const kept = new Set<readonly [string, number]>();
  let length = -2;
  for (const part of [...parts].sort(([, a], [, b]) => a - b)) {
    const [text, rank] = part;
    if (rank > 0 && length + 2 + text.length > columns) break;
    kept.add(part);
    length += 2 + text.length;
  }
  return parts
    .filter((part) => kept.has(part))
    .map(([text]) => text)
    .join('  ');
}
