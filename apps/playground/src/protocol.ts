// What the page and the worker tell each other: plain data. The worker owns the games; the page shows them and asks.
import type { BackendName } from '@gankit/backends';
import type { FindingKind } from '@gankit/core';
import type { NamedPart, OptionDescription } from '@gankit/core/registry';
import type { ResolvedRecipe } from '@gankit/recipes';

/** What is played: a recipe, and perhaps what a second game of the same seed has otherwise. */
export interface Experiment {
  /** A recipe as it is written; the worker checks it. */
  readonly recipe: Readonly<Record<string, unknown>>;
  /** Joined over the recipe for the second game: `{ loss: { name: 'hinge' } }`. One game alone when absent. */
  readonly against?: Readonly<Record<string, unknown>> | undefined;
}

/** One named part, as a form shows it. */
export interface PartDescription {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly source: string;
  readonly options: readonly OptionDescription[];
}

/** Every kind of part, for forms. */
export type Catalogue = Readonly<Record<PartKind, readonly PartDescription[]>>;

export const partKinds = [
  'data',
  'generator',
  'discriminator',
  'conditioning',
  'loss',
  'penalties',
  'constraints',
  'optimizers',
  'rate',
  'schedule',
  'negatives',
  'stabilizers',
] as const;
export type PartKind = (typeof partKinds)[number];

/** Layers of the picture that cost something to compute. */
export interface Layers {
  readonly verdict: boolean;
  readonly gradient: boolean;
  readonly manifold: boolean;
}

/** Who moves in a step by hand. */
export type Mover = 'both' | 'discriminator' | 'generator';

/** The stages of a step in slow motion. */
export type Stage = 'generate' | 'judge' | 'teach' | 'move';

/** The numbers of a moment, in this order; NaN where a loss has none. */
export const curveNames = [
  'step',
  'discriminatorLoss',
  'generatorLoss',
  'realScore',
  'fakeScore',
  'realOutput',
  'fakeOutput',
  'accuracy',
  'modesFound',
  'highQualityShare',
  'reverseKl',
] as const;
export type CurveName = (typeof curveNames)[number];
export type CurvePoint = Readonly<Record<CurveName, number>>;

/** A swap, as the curves mark it. */
export interface SwapMark {
  readonly step: number;
  readonly changed: readonly string[];
}

/** What a monitor noticed. */
export interface Finding {
  readonly step: number;
  readonly finding: FindingKind | 'rollback';
  readonly reason: string;
}

/** The two-dimensional picture of a game. */
export interface PointsFrame {
  readonly kind: 'points';
  /** x and y in turn, in [-1, 1]. */
  readonly fakes: Float32Array<ArrayBuffer>;
  /** Where the generator's loss falls fastest at each fake: minus its gradient, the longest 1. */
  readonly arrows?: Float32Array<ArrayBuffer> | undefined;
  /** The discriminator's verdict, rows from the top: 1 is real, -1 generated. */
  readonly verdict?: Float32Array<ArrayBuffer> | undefined;
  /** What the generator makes of a grid of latents: `manifoldSide` rows of as many points; a single row for one latent number. */
  readonly manifold?: Float32Array<ArrayBuffer> | undefined;
}

/** The pictures of a game. */
export interface ImagesFrame {
  readonly kind: 'images';
  /** The grid, 0 to 255, channels last. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly count: number;
  readonly columns: number;
  /** [height, width, channels] of one image. */
  readonly shape: readonly [number, number, number];
  /** dL_G/dpixel of each image, summed over its channels, the greatest 1. */
  readonly gradient?: Float32Array<ArrayBuffer> | undefined;
  /** The discriminator's verdict on each image: 1 is real, -1 generated. */
  readonly verdict: Float32Array<ArrayBuffer>;
  /** The class of each image, where it was told one. */
  readonly labels?: readonly number[] | undefined;
}

export type Frame = PointsFrame | ImagesFrame;
export const verdictSide = 56;
/** The plane that is shown reaches from minus this to this, so that samples beside the data are seen. */
export const planeReach = 1.16;
export const manifoldSide = 21;

/** What is known of a game that is open. */
export interface OpenGame {
  readonly recipe: ResolvedRecipe;
  readonly kind: 'points' | 'images';
  /** Real points, x and y in turn, for the points. */
  readonly real?: Float32Array<ArrayBuffer> | undefined;
  readonly modes?: number | undefined;
  readonly classNames?: readonly string[] | undefined;
  readonly latentSize: number;
  readonly probabilities: boolean;
  readonly curves: readonly CurvePoint[];
  readonly swaps: readonly SwapMark[];
  readonly findings: readonly Finding[];
}

export interface EngineState {
  readonly backend: BackendName;
  /** Why this one, in a sentence. */
  readonly reason: string;
  readonly tried: readonly { readonly name: string; readonly refused: string }[];
}

/** A picture that the user made: grey, 0 to 255. */
export interface Drawing {
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly side: number;
}

/** Pictures that were dropped into the page, all of one size. */
export interface DroppedPictures {
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly side: number;
  readonly channels: 1 | 3;
  readonly count: number;
}

export type Order =
  | {
      readonly type: 'open';
      readonly experiment: Experiment;
      /** Whether to go on with the same experiment where it was left. */
      readonly resume: boolean;
      readonly backend?: BackendName | undefined;
      /** Where the site lies, for data. */
      readonly base: string;
    }
  | { readonly type: 'change'; readonly experiment: Experiment }
  | { readonly type: 'restart' }
  | { readonly type: 'play'; readonly playing: boolean }
  | { readonly type: 'step'; readonly mover: Mover }
  | { readonly type: 'pace'; readonly stepsPerSecond: number; readonly slow: boolean }
  | { readonly type: 'layers'; readonly layers: Layers }
  | { readonly type: 'visible'; readonly visible: boolean }
  | { readonly type: 'backend'; readonly backend: BackendName }
  | { readonly type: 'pictures'; readonly pictures: DroppedPictures }
  | { readonly type: 'latent'; readonly latent: readonly number[]; readonly label: number }
  | { readonly type: 'class'; readonly label: number | undefined }
  | { readonly type: 'judge'; readonly drawing: Drawing; readonly label: number }
  | { readonly type: 'export' }
  | { readonly type: 'import'; readonly name: string; readonly bytes: ArrayBuffer };

export type Report =
  | { readonly type: 'catalogue'; readonly catalogue: Catalogue }
  | { readonly type: 'engine'; readonly engine: EngineState }
  | {
      readonly type: 'opened';
      readonly experiment: Experiment;
      readonly games: readonly OpenGame[];
      /** The step it goes on from; 0 for a new game. */
      readonly step: number;
      readonly playing: boolean;
    }
  /** The same games go on by other recipes. */
  | {
      readonly type: 'swapped';
      readonly experiment: Experiment;
      readonly games: readonly Pick<OpenGame, 'recipe' | 'probabilities'>[];
    }
  | {
      readonly type: 'frame';
      readonly step: number;
      readonly stepsPerSecond: number;
      readonly stage?: Stage | undefined;
      readonly games: readonly {
        readonly frame?: Frame | undefined;
        readonly curves: readonly CurvePoint[];
        readonly swaps: readonly SwapMark[];
        readonly findings: readonly Finding[];
      }[];
    }
  | { readonly type: 'playing'; readonly playing: boolean; readonly finished: boolean }
  | { readonly type: 'sample'; readonly frame: ImagesFrame }
  | {
      readonly type: 'judged';
      readonly verdict: number;
      readonly gradient: Float32Array<ArrayBuffer>;
      readonly side: number;
    }
  | { readonly type: 'file'; readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: 'notice'; readonly sentence: string }
  /** Something was refused. What was there before is still there. `instead`: a new game would do. */
  | { readonly type: 'refused'; readonly sentence: string; readonly instead?: Experiment | undefined }
  /** The worker cannot go on: the page starts another one, from what was saved. */
  | { readonly type: 'lost'; readonly sentence: string };

export type { BackendName, NamedPart, OptionDescription, ResolvedRecipe };
