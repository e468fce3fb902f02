// One game: a run, its numbers so far, and one step at a time.
import type { DataSource, State, StepEvent, TrainingEvent } from '@gankit/core';
import {
  buildRun,
  dataFacts,
  joinRecipes,
  type ResolvedRecipe,
  type Run,
  readRecipe,
  resolveRecipe,
} from '@gankit/recipes';
import { addPoints } from '../curves.ts';
import type { CurvePoint, Experiment, Finding, Mover, OpenGame, SwapMark } from '../protocol.ts';
import { checkBounds } from './bounds.ts';
import { dataSets } from './data-sets.ts';
import { type View, viewOf } from './view.ts';

/** Steps between two measurements of the metrics, and two states to go back to. */
const measureEvery = 50;
const keepEvery = 100;

/** What is kept of a game between two visits. */
export interface SavedGame {
  readonly recipe: ResolvedRecipe;
  readonly trainer: State;
  readonly data: State;
  readonly curves: readonly CurvePoint[];
  readonly swaps: readonly SwapMark[];
  readonly findings: readonly Finding[];
}

/** A recipe that can be played, and its data. */
export interface Playable {
  readonly recipe: ResolvedRecipe;
  readonly source: DataSource;
}

/**
 * Reads a recipe and opens its data.
 * @throws GanKitError with everything that is wrong with it.
 */
export async function openRecipe(written: unknown): Promise<Playable> {
  const recipe = await readRecipe(written, { place: 'The recipe', data: dataSets });
  const source = await dataSets.create(
    (recipe.data ?? { name: 'ring' }) as Parameters<typeof dataSets.create>[0],
    undefined,
  );
  const resolved = resolveRecipe({ data: { name: 'ring' }, ...recipe }, dataFacts(source));
  checkBounds(resolved);
  return { recipe: resolved, source };
}

/** The recipes of an experiment: one, or two. */
export function recipesOf({ recipe, against }: Experiment): unknown[] {
  return against === undefined ? [recipe] : [recipe, joinRecipes(recipe, against)];
}

const numberOr = (value: number | undefined) => value ?? Number.NaN;

export class Game {
  readonly source: DataSource;
  readonly run: Run;
  readonly view: View;
  readonly curves: CurvePoint[] = [];
  readonly swaps: SwapMark[] = [];
  readonly findings: Finding[] = [];
  /** What the page was not told yet. */
  news: { curves: CurvePoint[]; swaps: SwapMark[]; findings: Finding[] } = { curves: [], swaps: [], findings: [] };
  #events: AsyncGenerator<TrainingEvent, void, undefined> | undefined;
  #lastGood: State | undefined;
  #measured: Readonly<Record<string, number>> = {};

  constructor({ recipe, source }: Playable) {
    this.source = source;
    this.run = buildRun(recipe, source, {
      lastGood: () => this.#lastGood,
      onMeasure: (_, measurement) => {
        this.#measured = measurement as Readonly<Record<string, number>>;
      },
    });
    try {
      this.view = viewOf(this.run, source);
    } catch (error) {
      this.run.dispose();
      throw error;
    }
  }

  get step(): number {
    return this.run.trainer.step;
  }

  /** Whether the recipe's last step was made. */
  get isFinished(): boolean {
    return this.step >= this.run.recipe.stopping.steps;
  }

  /** Makes one step, by the schedule or by hand. @throws Whatever training throws; the game is as it was before the step. */
  async advance(mover: Mover | undefined): Promise<void> {
    const { trainer } = this.run;
    if (mover !== undefined) {
      trainer.planNext({
        discriminatorUpdates: mover === 'generator' ? 0 : 1,
        generatorUpdates: mover === 'discriminator' ? 0 : 1,
      });
    }
    if (this.#lastGood === undefined || this.step % keepEvery === 0) await this.#keep();
    this.#events ??= trainer.run(this.run.batches, { callbacks: this.run.callbacks });
    for (;;) {
      const { value: event, done } = await this.#next();
      if (done || event === undefined) {
        this.#events = undefined;
        return;
      }
      if (event.type === 'swap') this.#mark({ step: event.step, changed: event.changed });
      else if (event.type === 'finding') this.#find({ step: event.step, finding: event.finding, reason: event.reason });
      else if (event.type === 'rollback') {
        const slower = `Went back to step ${event.step}, and learns ${event.learningRateFactor} times as fast from here.`;
        this.#find({ step: event.from, finding: 'rollback', reason: slower });
        return;
      } else if (event.type === 'step') {
        await this.#record(event);
        return;
      }
    }
  }

  async #next() {
    try {
      return await this.#events!.next();
    } catch (error) {
      this.#events = undefined;
      // A game that was ended by NaN is put back to where it was still a game.
      if (this.#lastGood !== undefined) this.run.trainer.loadState(this.#lastGood);
      throw error;
    }
  }

  /** Keeps a state to go back to; a state that is no longer finite is none. */
  async #keep(): Promise<void> {
    const state = await this.run.trainer.saveState();
    const finite = Object.values(state.tensors ?? {}).every(({ data }) =>
      data.every((value) => Number.isFinite(value)),
    );
    if (finite) this.#lastGood = state;
  }

  async #record({ step, discriminator, generator, accuracy }: StepEvent): Promise<void> {
    if (step % measureEvery === 0 && this.run.recipe.metrics.length > 0) {
      this.#measured = (await this.run.measure()) as Readonly<Record<string, number>>;
    }
    const measured = (name: string) => numberOr(this.#measured[`mode-coverage.${name}`]);
    const point: CurvePoint = {
      step,
      discriminatorLoss: numberOr(discriminator?.objective),
      generatorLoss: numberOr(generator?.objective),
      realScore: numberOr(discriminator?.realScore),
      fakeScore: numberOr(generator?.fakeScore ?? discriminator?.fakeScore),
      realOutput: numberOr(discriminator?.realLogit),
      fakeOutput: numberOr(generator?.fakeLogit ?? discriminator?.fakeLogit),
      accuracy: numberOr(accuracy),
      modesFound: measured('modesFound'),
      highQualityShare: measured('highQualityShare'),
      reverseKl: measured('reverseKl'),
    };
    addPoints(this.curves, [point]);
    this.news.curves.push(point);
  }

  #mark(mark: SwapMark): void {
    this.swaps.push(mark);
    this.news.swaps.push(mark);
  }

  #find(finding: Finding): void {
    this.findings.push(finding);
    this.news.findings.push(finding);
  }

  /** What happened since it was asked last. */
  takeNews() {
    const { news } = this;
    this.news = { curves: [], swaps: [], findings: [] };
    return news;
  }

  /** Goes on by another recipe from the next step on. @throws GanKitError `incompatible` when it cannot; nothing is changed then. */
  async swap(recipe: ResolvedRecipe): Promise<void> {
    // A running game exchanges between two steps; one that rests, at once.
    await this.#rest();
    await this.run.swap(recipe);
  }

  /** Ends the stream of events; the next step begins another. */
  async #rest(): Promise<void> {
    const events = this.#events;
    this.#events = undefined;
    await events?.return();
  }

  async save(): Promise<SavedGame> {
    const [trainer, data] = await Promise.all([this.run.trainer.saveState(), this.run.batches.saveState()]);
    const { recipe } = this.run;
    return { recipe, trainer, data, curves: [...this.curves], swaps: [...this.swaps], findings: [...this.findings] };
  }

  /** @throws GanKitError `incompatible` when it was saved by another game. */
  load(saved: SavedGame): void {
    this.run.trainer.loadState(saved.trainer);
    this.run.batches.loadState(saved.data);
    this.curves.push(...saved.curves);
    this.swaps.push(...saved.swaps);
    this.findings.push(...saved.findings);
  }

  /** What a swap may change. */
  traits(): Pick<OpenGame, 'recipe' | 'probabilities'> {
    const { recipe, game } = this.run;
    return { recipe, probabilities: game.loss.probabilities === true };
  }

  describe(): OpenGame {
    const { generator } = this.run;
    return {
      ...this.traits(),
      ...this.view.facts,
      classNames: this.source.classNames,
      latentSize: generator.latentShape.reduce((product, side) => product * side, 1),
      curves: [...this.curves],
      swaps: [...this.swaps],
      findings: [...this.findings],
    };
  }

  async dispose(): Promise<void> {
    await this.#rest();
    this.view.dispose();
    this.run.dispose();
    await this.run.batches.return?.();
  }
}
