// The log of a run: curves of its steps, and what else happened.
import type { FindingKind } from '@gankit/core';
import { type Curve, curveCollector } from '../curves.ts';
import type { Happening } from '../run-story.ts';
import { readLines } from './read-lines.ts';

/** Happenings that are told at most: a run that is told more of is not read. */
const mostHappenings = 200;
/** As much of a sentence as is told. */
const longestSentence = 1000;

const findings: readonly FindingKind[] = [
  'equilibrium',
  'feedback-useless',
  'discriminator-too-strong',
  'mode-collapse',
  'divergence',
];

export interface RunLog {
  readonly step: number;
  readonly samplesSeen: number | undefined;
  readonly curves: readonly Curve[];
  readonly happenings: readonly Happening[];
  readonly damaged: number;
}

type Line = Readonly<Record<string, unknown>>;

const isStep = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const sentence = (value: unknown) => (typeof value === 'string' ? value.slice(0, longestSentence) : '');

/** A line that is no step, when it is one that is known. */
function happeningOf(line: Line): Happening | undefined {
  const { type, step, from } = line;
  if (!isStep(step)) return undefined;
  if (type === 'finding') {
    const finding = findings.find((kind) => kind === line['finding']);
    return finding && { type, step, finding, reason: sentence(line['reason']) };
  }
  if (type === 'rollback' && isStep(from)) {
    const factor = line['learningRateFactor'];
    return {
      type,
      from,
      step,
      learningRateFactor: typeof factor === 'number' ? factor : 1,
      reason: sentence(line['reason']),
    };
  }
  if (type === 'swap' && Array.isArray(line['changed'])) {
    return { type, step, changed: line['changed'].slice(0, 64).map(sentence) };
  }
  return undefined;
}

/** Reads the log of a run. One that is not there is that of a run that has not begun. */
export async function readLog(path: string): Promise<RunLog> {
  const collector = curveCollector();
  const happenings: Happening[] = [];
  let step = 0;
  let samplesSeen: number | undefined;
  const { damaged } = await readLines(path, (line) => {
    if (line['type'] === undefined) {
      collector.add(line);
      if (isStep(line['step'])) step = line['step'];
      if (isStep(line['samplesSeen'])) samplesSeen = line['samplesSeen'];
      return;
    }
    const happening = happeningOf(line);
    if (happening === undefined) return;
    if (happenings.length < mostHappenings) happenings.push(happening);
    if (happening.type === 'rollback') {
      collector.forgetAfter(happening.step);
      step = happening.step;
    }
  });
  return { step, samplesSeen, curves: collector.curves(), happenings, damaged };
}
