// The live line of a run, on stderr: a bar in a terminal, a plain line every so often elsewhere.
import type { TrainingCallback } from '@gankit/core';
import { progressMeter } from '@gankit/trainer';
import { Presets, SingleBar } from 'cli-progress';

/** Milliseconds between two lines where there is no terminal to redraw. */
const plainLineInterval = 10_000;

const format =
  '{bar} {value}/{total}  D {discriminatorLoss}  G {generatorLoss}  D(x) {realScore}  D(G(z)) {fakeScore}  {speed}  {left} left';

function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  const whole = Math.round(seconds);
  const clock = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, '0')).join(':');
  return whole >= 3600 ? `${Math.floor(whole / 3600)}:${clock}` : clock.replace(/^0/, '');
}

const number = (value: number | undefined, digits: number) => (value === undefined ? '-' : value.toFixed(digits));

/** Writes a line over the bar, which is drawn again below it. */
function writeLine(text: string): void {
  process.stderr.write(`${process.stderr.isTTY ? '\r\u001b[K' : ''}${text}\n`);
}

export interface ProgressBar {
  readonly onEvent: TrainingCallback;
  /** Takes the bar away; a process with a bar does not end by itself. */
  stop(): void;
}

/** Shows a run of `total` steps. @param unit What a sample is called: `images` or `points`. */
export function progressBar(total: number, unit: string): ProgressBar {
  const bar = new SingleBar(
    {
      format,
      barsize: 20,
      hideCursor: true,
      fps: 10,
      noTTYOutput: true,
      notTTYSchedule: plainLineInterval,
      linewrap: false,
    },
    Presets.shades_classic,
  );
  const start = performance.now();
  let first = 0;
  const meter = progressMeter(({ event, samplesPerSecond, stepsPerSecond }) =>
    bar.update(event.step, {
      discriminatorLoss: number(event.discriminatorLoss, 3),
      generatorLoss: number(event.generatorLoss, 3),
      realScore: number(event.realScore, 2),
      fakeScore: number(event.generatedScore ?? event.fakeScore, 2),
      speed: `${Math.round(samplesPerSecond)} ${unit}/s`,
      left: duration((total - event.step) / stepsPerSecond),
    }),
  );
  const onEvent: TrainingCallback = (event) => {
    if (event.type === 'start') {
      first = event.step;
      const unknown = { discriminatorLoss: '-', generatorLoss: '-', realScore: '-', fakeScore: '-' };
      bar.start(total, event.step, { ...unknown, speed: `- ${unit}/s`, left: '?' });
    } else if (event.type === 'finding') writeLine(`Step ${event.step}: ${event.finding}. ${event.reason}`);
    else if (event.type === 'rollback') {
      writeLine(`Went back to step ${event.step}; learning rates times ${event.learningRateFactor} from here on.`);
    } else if (event.type === 'end') {
      bar.stop();
      const time = duration((performance.now() - start) / 1000);
      process.stderr.write(`${event.step - first} steps in ${time} (${event.reason}).\n`);
    }
    return meter(event);
  };
  return { onEvent, stop: () => bar.stop() };
}
