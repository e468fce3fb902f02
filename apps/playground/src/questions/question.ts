import type { Experiment, Layers, PartKind } from '../protocol.ts';

/** A question of the classic texts as something to try. */
export interface Question {
  /** As in the address. */
  readonly id: string;
  readonly title: string;
  /** What the texts say, in a few sentences. */
  readonly texts: string;
  readonly experiment: Experiment;
  /** What the two games are called, where there are two. */
  readonly names?: readonly [first: string, second: string] | undefined;
  /** The parts that matter, which are shown as forms. */
  readonly controls: readonly Extract<
    PartKind,
    'loss' | 'schedule' | 'negatives' | 'penalties' | 'stabilizers' | 'generator' | 'discriminator' | 'conditioning'
  >[];
  /** Layers that it is about, and is not about, in place of those that were on. */
  readonly layers?: Partial<Layers> | undefined;
  /** What to look at, in order. */
  readonly watch: readonly string[];
  /** What was measured, over three seeds. */
  readonly measured: string;
  /** The heading of docs/game.md that it stands under. */
  readonly section: string;
  /** Who asked, or who published what it is about. */
  readonly source: string;
}
