// The live line of a run, on stderr: drawn again in a terminal, a plain line every so often elsewhere.
import type { EventHandler } from '@gankit/core';
import { progressMeter } from '@gankit/trainer';
import { duration, type ProgressFacts, progressLine } from './progress-line.ts';
import { isQuiet, say } from './say.ts';

/** Milliseconds between two lines where there is no terminal to redraw, and where there is one. */
const plainLineInterval = 10_000;
const redrawInterval = 100;
const usualColumns = 80;

const clearLine = '\r\u001b[K';
const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';

export interface ProgressOptions {
  /** The step at which the run ends. */
  readonly total: number;
  /** What a sample is called: `images` or `points`. */
  readonly unit: string;
  /** Seconds that the game waited for its data so far. */
  readonly waited: () => number;
}

export interface ProgressDisplay {
  readonly name: string;
  readonly onEvent: EventHandler;
  /** Writes text over the line, which is drawn again below it. */
  write(text: string): void;
  /** Takes the line away. */
  close(): void;
}

/** Shows how a run goes. */
export function progressDisplay({ total, unit, waited }: ProgressOptions): ProgressDisplay {
  const { stderr } = process;
  const isTerminal = stderr.isTTY === true;
  const start = performance.now();
  let first = 0;
  let shown: ProgressFacts | undefined;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let isDrawn = false;

  function draw(): void {
    if (isQuiet() || shown === undefined) return;
    drawnAt = performance.now();
    const facts = { ...shown, memory: process.memoryUsage.rss() };
    // The last column stays free: some terminals go on to the next line when it is written.
    if (isTerminal)
      stderr.write(
        `${isDrawn ? '' : hideCursor}${clearLine}${progressLine(facts, (stderr.columns || usualColumns) - 1)}`,
      );
    else stderr.write(`${progressLine(facts)}\n`);
    isDrawn = true;
  }
  /** Removes the line, or leaves it where it is. */
  function end(keep: boolean): void {
    if (isTerminal && isDrawn) stderr.write(`${keep ? '\n' : clearLine}${showCursor}`);
    isDrawn = false;
  }
  function write(text: string): void {
    if (isQuiet()) return;
    const again = isTerminal && isDrawn;
    if (again) stderr.write(clearLine);
    stderr.write(text);
    if (again) draw();
  }
  const restoreCursor = () => end(false);
  if (isTerminal) process.once('exit', restoreCursor);

  const meter = progressMeter(({ event, samplesPerSecond, secondsLeft }) => {
    const waiting = waited() / Math.max(1e-3, (performance.now() - start) / 1000);
    shown = { step: event.step, total, event, unit, samplesPerSecond, secondsLeft, waiting };
    const interval = isTerminal ? redrawInterval : plainLineInterval;
    if (performance.now() - drawnAt >= interval) draw();
  });
  const onEvent: EventHandler = (event) => {
    if (event.type === 'start') {
      first = event.step;
      shown = { step: event.step, total, unit };
      draw();
    } else if (event.type === 'finding') write(`Step ${event.step}: ${event.finding}. ${event.reason}\n`);
    else if (event.type === 'rollback') {
      write(`Went back to step ${event.step}; learning rates times ${event.learningRateFactor} from here on.\n`);
    }
    meter(event);
    if (event.type === 'end') {
      draw();
      end(true);
      say(`${event.step - first} steps in ${duration((performance.now() - start) / 1000)} (${event.reason}).`);
    }
  };
  return {
    name: 'progress',
    onEvent,
    write,
    close() {
      end(false);
      process.off('exit', restoreCursor);
    },
  };
}
