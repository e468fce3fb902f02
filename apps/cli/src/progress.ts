// The live line of a run, on stderr: a bar in a terminal, a plain line every so often elsewhere.
import type { TrainingCallback } from '@gankit/core';
import { Presets, SingleBar } from 'cli-progress';

/** Milliseconds between two lines where there is no terminal to redraw. */
const plainLineInterval = 10_000;
/** Seconds over which the speed is averaged. */
const speedWindow = 10;

const format =
  '{bar} {value}/{total}  D {discriminatorLoss}  G {generatorLoss}  D(x) {realScore}  D(G(z)) {fakeScore}  {speed}  {left} left';

function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  const whole = Math.round(seconds);
  const clock = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, '0')).join(':');
  return whole >= 3600 ? `${Math.floor(whole / 3600)}:${clock}` : clock.replace(/^0/, '');
}

/** Averages over the last seconds, so that a slow start does not spoil the estimate. */
function speedometer() {
  const marks: { time: number; step: number; samples: number }[] = [];
  return (step: number, samples: number) => {
    const time = performance.now() / 1000;
    marks.push({ time, step, samples });
    while (marks.length > 2 && time - marks[1]!.time > speedWindow) marks.shift();
    const first = marks[0]!;
    const seconds = time - first.time;
    return { samplesPerSecond: (samples - first.samples) / seconds, secondsPerStep: seconds / (step - first.step) };
  };
}

/** A callback that shows a run of `total` steps. @param unit What a sample is called: `images` or `points`. */
export function progressBar(total: number, unit: string): TrainingCallback {
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
  const measure = speedometer();
  const number = (value: number | undefined, digits: number) => (value === undefined ? '-' : value.toFixed(digits));
  const start = performance.now();
  return (event) => {
    if (event.type === 'start') {
      const unknown = { discriminatorLoss: '-', generatorLoss: '-', realScore: '-', fakeScore: '-' };
      bar.start(total, event.step, { ...unknown, speed: `- ${unit}/s`, left: '?' });
      measure(event.step, 0);
    } else if (event.type === 'step') {
      const { samplesPerSecond, secondsPerStep } = measure(event.step, event.samplesSeen);
      bar.update(event.step, {
        discriminatorLoss: number(event.discriminatorLoss, 3),
        generatorLoss: number(event.generatorLoss, 3),
        realScore: number(event.realScore, 2),
        fakeScore: number(event.fakeScore, 2),
        speed: `${Math.round(samplesPerSecond)} ${unit}/s`,
        left: duration((total - event.step) * secondsPerStep),
      });
    } else {
      bar.stop();
      process.stderr.write(
        `${event.step} steps in ${duration((performance.now() - start) / 1000)} (${event.reason}).\n`,
      );
    }
  };
}
