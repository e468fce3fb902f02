// The live line of a run, on stderr: a bar in a terminal, a plain line every so often elsewhere.
import type { EventHandler, StepEvent } from '@gankit/core';
import { progressMeter } from '@gankit/trainer';
import { Presets, SingleBar } from 'cli-progress';

/** Milliseconds between two lines where there is no terminal to redraw. */
const plainLineInterval = 10_000;

/** The numbers of a step that mean something for the loss at hand: what it has not is not there. */
export function stepNumbers({ discriminator, generator, accuracy }: StepEvent): string {
  const number = (name: string, value: number | undefined, digits: number) =>
    value === undefined ? [] : [`${name} ${value.toFixed(digits)}`];
  return [
    ...number('D', discriminator?.adversarialLoss, 3),
    ...number('G', generator?.adversarialLoss, 3),
    ...number('D(x)', discriminator?.realScore, 2),
    ...number('D(G(z))', generator?.fakeScore ?? discriminator?.fakeScore, 2),
    ...(accuracy === undefined ? [] : [`D right ${(100 * accuracy).toFixed(0)} %`]),
  ].join('  ');
}

const format = '{bar} {value}/{total}  {numbers}  {speed}  {left} left';

function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  const whole = Math.round(seconds);
  const clock = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, '0')).join(':');
  return whole >= 3600 ? `${Math.floor(whole / 3600)}:${clock}` : clock.replace(/^0/, '');
}

/** Writes a line over the bar, which is drawn again below it. */
function writeLine(text: string): void {
  process.stderr.write(`${process.stderr.isTTY ? '\r\u001b[K' : ''}${text}\n`);
}

export interface ProgressBar {
  readonly name: string;
  readonly onEvent: EventHandler;
  /** Takes the bar away; a process with a bar does not end by itself. */
  close(): void;
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
      numbers: stepNumbers(event),
      speed: `${Math.round(samplesPerSecond)} ${unit}/s`,
      left: duration((total - event.step) / stepsPerSecond),
    }),
  );
  const onEvent: EventHandler = (event) => {
    if (event.type === 'start') {
      first = event.step;
      bar.start(total, event.step, { numbers: 'first step', speed: `- ${unit}/s`, left: '?' });
    } else if (event.type === 'finding') writeLine(`Step ${event.step}: ${event.finding}. ${event.reason}`);
    else if (event.type === 'rollback') {
      writeLine(`Went back to step ${event.step}; learning rates times ${event.learningRateFactor} from here on.`);
    } else if (event.type === 'end') {
      bar.stop();
      const time = duration((performance.now() - start) / 1000);
      process.stderr.write(`${event.step - first} steps in ${time} (${event.reason}).\n`);
    }
    meter(event);
  };
  return { name: 'progress', onEvent, close: () => bar.stop() };
}
