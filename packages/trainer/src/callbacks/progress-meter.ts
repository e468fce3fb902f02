import type { StepEvent, TrainingEvent } from '@gankit/core';

/** How far a run has come and how fast it goes. */
export interface RunProgress {
  readonly event: StepEvent;
  /** The step at which the run will end; absent for an endless one. */
  readonly total?: number | undefined;
  readonly stepsPerSecond: number;
  readonly samplesPerSecond: number;
  /** Seconds that are left at this speed; absent for an endless run. */
  readonly secondsLeft?: number | undefined;
}

/** Seconds over which the speed is averaged, so that a slow start does not spoil the estimate. */
const window = 10;

/**
 * A callback that tells the progress after each step, for a bar, a page or a log.
 * @param now Seconds from any origin; the clock of the process by default.
 */
export function progressMeter(
  show: (progress: RunProgress) => void,
  now: () => number = () => performance.now() / 1000,
): (event: TrainingEvent) => void {
  let total: number | undefined;
  let marks: { time: number; step: number; samples: number | undefined }[] = [];
  return (event) => {
    if (event.type === 'start') {
      total = event.until;
      marks = [{ time: now(), step: event.step, samples: event.step === 0 ? 0 : undefined }];
    } else if (event.type === 'rollback') {
      // Steps that are made again count from here; before the next event nobody knows the samples.
      marks = [{ time: now(), step: event.step, samples: undefined }];
    } else if (event.type === 'step') {
      marks.push({ time: now(), step: event.step, samples: event.samplesSeen });
      while (marks.length > 2 && marks.at(-1)!.time - marks[1]!.time > window) marks.shift();
      const [first, last] = [marks[0]!, marks.at(-1)!];
      const seconds = last.time - first.time;
      const stepsPerSecond = (last.step - first.step) / seconds;
      // A run that goes on does not know the samples of its first mark: they follow from the size of a step.
      const before = first.samples ?? marks[1]!.samples! - (marks[1]!.step - first.step) * event.realSamples;
      show({
        event,
        ...(total === undefined ? {} : { total, secondsLeft: (total - event.step) / stepsPerSecond }),
        stepsPerSecond,
        samplesPerSecond: (event.samplesSeen - before) / seconds,
      });
    }
  };
}
