// Everything that a report tells of a run: plain data, wherever they were read from.
import type { FindingEvent, RollbackEvent, SwapEvent } from '@gankit/core';
import type { ResolvedRecipe } from '@gankit/recipes';
import type { Curve } from './curves.ts';

/** A picture as a file. */
export interface StoryPicture {
  /** The bytes of a PNG file. */
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Samples at a step, from the same latents at every step. */
export interface SamplesAtStep extends StoryPicture {
  readonly step: number;
}

/** Another picture that was made of the run. */
export interface NamedPicture extends StoryPicture {
  readonly name: string;
  /** What one sees there. */
  readonly caption: string;
}

/** One measurement of the recipe's metrics. */
export interface MeasuredAtStep {
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
}

/** What happened besides steps. */
export type Happening = FindingEvent | RollbackEvent | SwapEvent;

/** Whether a run goes on, made all its steps, or was left before. */
export type RunState = 'running' | 'complete' | 'ended';

export interface RunStory {
  /** What the run is called. */
  readonly name: string;
  /** Where it is, as a command line would name it. */
  readonly path: string;
  readonly state: RunState;
  /** Steps made. */
  readonly step: number;
  /** Real samples seen; absent when nothing was logged yet. */
  readonly samplesSeen?: number | undefined;
  /** Every recipe that was played, with the steps that were made before it. */
  readonly recipes: readonly { readonly after: number; readonly recipe: ResolvedRecipe }[];
  /** What the run was made with: backend, versions, processor. */
  readonly environment: Readonly<Record<string, unknown>>;
  readonly curves: readonly Curve[];
  readonly happenings: readonly Happening[];
  readonly measurements: readonly MeasuredAtStep[];
  /** In the order of their steps; all of one size. */
  readonly samples: readonly SamplesAtStep[];
  /** The last samples in full, where those in `samples` were cut to fit. */
  readonly finalSamples?: StoryPicture | undefined;
  readonly pictures: readonly NamedPicture[];
  /** Shape of one sample, where it is known. */
  readonly sampleShape?: readonly number[] | undefined;
  readonly classNames?: readonly string[] | undefined;
  /** Remarks on what could not be read, a sentence each. */
  readonly remarks: readonly string[];
}

/** The recipe that a run ended with, or plays now. */
export function currentRecipe({ recipes, step }: Pick<RunStory, 'recipes' | 'step'>): ResolvedRecipe {
  return recipes.filter(({ after }, index) => index === 0 || after <= step).at(-1)!.recipe;
}
