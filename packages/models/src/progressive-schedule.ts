// When a progressively grown GAN takes its next resolution, and how far that is faded in (Karras 2018, section 2).
import { checkInteger, checkOptions, GanKitError } from '@gankit/core';

/** Where a network stands that grows. */
export interface GrowthPosition {
  /** Height in pixels of the images that it works at. */
  readonly resolution: number;
  /** Share of this resolution from 0 to 1; the rest is the resolution before it. */
  readonly alpha: number;
}

/** Where a network is to stand at a training step, counted from 0. */
export type GrowthSchedule = (step: number) => GrowthPosition;

/** One resolution in the course of training. */
export interface GrowthStage {
  /** Height in pixels, one of the network's. */
  readonly resolution: number;
  /** Steps until the next stage, the fade-in included. The last stage goes on whatever it says. */
  readonly steps: number;
  /** Steps in which alpha rises from 0 to 1; half of `steps` by default, 0 in the first stage, which has nothing to fade from. */
  readonly fadeIn?: number | undefined;
}

export interface ProgressiveScheduleOptions {
  /** The stages in order, of rising resolution. */
  readonly stages: readonly GrowthStage[];
}

/**
 * The schedule of progressive growing: each stage first fades in linearly and then trains as it is. Give the same schedule to the
 * generator and the discriminator; both read the step that the trainer passes to them.
 * @throws GanKitError `invalid-argument` for no stages, falling resolutions, or a fade-in that is longer than its stage.
 */
export function progressiveSchedule(options: ProgressiveScheduleOptions): GrowthSchedule {
  checkOptions('progressiveSchedule', options, { stages: 'required' });
  const { stages } = options;
  if (stages.length === 0) throw new GanKitError('invalid-argument', 'stages must have at least 1 entry, not 0.');
  let begin = 0;
  const plan = stages.map((described, index) => {
    checkOptions(`stages[${index}]`, described, { resolution: 'required', steps: 'required', fadeIn: 'optional' });
    const { resolution, steps, fadeIn } = described;
    const fade = fadeIn ?? (index === 0 ? 0 : Math.floor(steps / 2));
    checkInteger(`stages[${index}].resolution`, resolution);
    checkInteger(`stages[${index}].steps`, steps);
    checkInteger(`stages[${index}].fadeIn`, fade, 0);
    const previous = stages[index - 1]?.resolution ?? 0;
    if (resolution <= previous || fade > steps) {
      const reason = fade > steps ? `a fade-in of ${fade} in ${steps} steps` : `${resolution} pixels after ${previous}`;
      throw new GanKitError('invalid-argument', `stages[${index}] has ${reason}; it must grow within its own steps.`, {
        value: stages[index],
      });
    }
    const stage = { begin, resolution, fade };
    begin += steps;
    return stage;
  });
  const latestFirst = [...plan].reverse();
  return (step) => {
    const stage = latestFirst.find((candidate) => candidate.begin <= step) ?? plan[0]!;
    const alpha = stage.fade === 0 ? 1 : Math.min(1, Math.max(0, (step - stage.begin) / stage.fade));
    return { resolution: stage.resolution, alpha };
  };
}
