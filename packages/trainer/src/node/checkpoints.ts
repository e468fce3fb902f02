// Checkpoints in a folder: each written beside its place and renamed into it, the last few and the best kept.
import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  checkInteger,
  checkOptions,
  type EventHandler,
  GanKitError,
  type Json,
  loadParts,
  type State,
  type StatefulParts,
  saveParts,
  type TrainingRun,
} from '@gankit/core';
import { makeFolder, syncFolder } from '@gankit/core/node';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint-folder.ts';
import { configurationDifferences } from './configuration-differences.ts';

export interface CheckpointOptions {
  /** The folder of the checkpoints; made when it is not there. */
  readonly folder: string;
  /** What the run is configured with; a checkpoint with another configuration is refused. Nothing by default. */
  readonly configuration?: Json | undefined;
  /** Checkpoints that are kept, the newest; 3 by default. */
  readonly keepLast?: number | undefined;
  /** Whether the checkpoint with the lowest or the highest metric is kept as well; neither by default. */
  readonly keepBest?: 'lowest' | 'highest' | undefined;
}

const complete = /^step-(\d+)$/;
const temporary = /^\.step-\d+\.(partial|replaced)$/;
const replacedName = /^\.(step-\d+)\.replaced$/;
const nameOf = (step: number) => `step-${String(step).padStart(8, '0')}`;

/** Why the system refused: what it said itself where an error of ours tells of it. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return GanKitError.isInstance(error) && cause instanceof Error ? cause.message : message;
}

/** A checkpoint that could not be used, and why. */
export interface PassedOver {
  readonly path: string;
  readonly reason: string;
}

/** The checkpoint that a run goes on from, and newer ones that were damaged. */
export interface RestoredCheckpoint {
  readonly step: number;
  readonly passedOver: readonly PassedOver[];
}

/** The checkpoints of a run. At every moment, also during a write, the folder holds only whole ones. */
export class Checkpoints {
  readonly #options: CheckpointOptions;
  readonly #keepLast: number;
  /** Whether the folder may be another process's. */
  readonly #looks: boolean;
  /** Metrics by step, of the checkpoints that are there. */
  readonly #metrics = new Map<number, number | undefined>();

  private constructor(options: CheckpointOptions, keepLast: number, looks = false) {
    this.#options = options;
    this.#keepLast = keepLast;
    this.#looks = looks;
  }

  /**
   * Opens the folder and removes what a killed process left half-written.
   * @throws GanKitError `file` when it cannot be made or read, `invalid-argument` for a `keepLast` below 1.
   */
  static async open(options: CheckpointOptions): Promise<Checkpoints> {
    checkOptions('Checkpoints.open', options, {
      folder: 'required',
      configuration: 'optional',
      keepLast: 'optional',
      keepBest: 'optional',
    });
    const { folder, keepLast = 3 } = options;
    checkInteger('keepLast', keepLast);
    await makeFolder(folder);
    const checkpoints = new Checkpoints(options, keepLast);
    for (const name of await readdir(folder)) {
      if (!temporary.test(name)) continue;
      const replaced = replacedName.exec(name)?.[1];
      // Killed between the two renames of a replacement: the old one is still the checkpoint.
      if (replaced !== undefined && !existsSync(join(folder, replaced))) {
        await rename(join(folder, name), join(folder, replaced));
      } else await rm(join(folder, name), { recursive: true, force: true });
    }
    return checkpoints;
  }

  /**
   * Opens the folder for a look: nothing in it is touched, because another process may be writing there.
   * @throws GanKitError `file` when it cannot be read.
   */
  static async look(folder: string): Promise<Checkpoints> {
    try {
      await readdir(folder);
    } catch (cause) {
      throw new GanKitError('file', `'${folder}' cannot be read (${(cause as Error).message}).`, {
        path: folder,
        cause,
      });
    }
    return new Checkpoints({ folder }, 1, true);
  }

  /** The steps of the checkpoints that are there, oldest first. */
  async steps(): Promise<readonly number[]> {
    const names = await readdir(this.#options.folder);
    // Between the two renames of a replacement the old one is the checkpoint; whoever only looks leaves it where it is.
    const places = this.#looks ? names.map((name) => replacedName.exec(name)?.[1] ?? name) : names;
    return [...new Set(places)]
      .flatMap((name) => complete.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  }

  /** The folder of a step's checkpoint. */
  pathOf(step: number): string {
    const { folder } = this.#options;
    const path = join(folder, nameOf(step));
    return this.#looks && !existsSync(path) ? join(folder, `.${nameOf(step)}.replaced`) : path;
  }

  /**
   * Saves the parts, then removes checkpoints that are no longer kept. A state with NaN or infinite numbers is not saved.
   * @param metric What the checkpoint is judged by.
   * @returns Whether it was saved.
   * @throws GanKitError `file` when the folder is full or cannot be written; the checkpoints that were there are intact.
   */
  async save(step: number, parts: StatefulParts, metric?: number): Promise<boolean> {
    const state = await saveParts(parts);
    if (!hasOnlyNumbers(state)) return false;
    const { folder, configuration = null } = this.#options;
    const path = this.pathOf(step);
    const partial = join(folder, `.${nameOf(step)}.partial`);
    const replaced = join(folder, `.${nameOf(step)}.replaced`);
    try {
      await rm(partial, { recursive: true, force: true });
      await makeFolder(partial);
      await writeCheckpoint(partial, { step, state, configuration, ...(metric === undefined ? {} : { metric }) });
      if (existsSync(path)) await rename(path, replaced);
      await rename(partial, path);
      await syncFolder(folder);
      await rm(replaced, { recursive: true, force: true });
    } catch (cause) {
      await rm(partial, { recursive: true, force: true }).catch(() => undefined);
      throw new GanKitError(
        'file',
        `The checkpoint of step ${step} cannot be written to '${folder}' (${reasonOf(cause)}); the earlier ones are intact. Make room or the folder writable, then resume.`,
        { path: folder, cause },
      );
    }
    this.#metrics.set(step, metric);
    await this.#prune();
    return true;
  }

  async #prune(): Promise<void> {
    const { keepBest } = this.#options;
    const steps = await this.steps();
    const kept = new Set(steps.slice(-this.#keepLast));
    if (keepBest !== undefined) {
      let best: { step: number; metric: number } | undefined;
      for (const step of steps) {
        const metric = await this.#metricOf(step);
        if (metric === undefined) continue;
        if (best === undefined || (keepBest === 'lowest' ? metric < best.metric : metric > best.metric)) {
          best = { step, metric };
        }
      }
      if (best !== undefined) kept.add(best.step);
    }
    for (const step of steps) {
      if (!kept.has(step)) await rm(this.pathOf(step), { recursive: true, force: true });
    }
  }

  async #metricOf(step: number): Promise<number | undefined> {
    if (!this.#metrics.has(step)) {
      const metric = await readCheckpoint(this.pathOf(step)).then(
        (checkpoint) => checkpoint.metric,
        () => undefined,
      );
      this.#metrics.set(step, metric);
    }
    return this.#metrics.get(step);
  }

  /**
   * The newest checkpoint whose checksums are right.
   * @returns `undefined` when there is no checkpoint at all; `passedOver` lists newer ones that are damaged.
   * @throws GanKitError `invalid-data` when all are damaged.
   */
  async latest(): Promise<(Checkpoint & { readonly passedOver: readonly PassedOver[] }) | undefined> {
    const passedOver: PassedOver[] = [];
    for (const step of [...(await this.steps())].reverse()) {
      try {
        return { ...(await readCheckpoint(this.pathOf(step))), passedOver };
      } catch (error) {
        passedOver.push({ path: this.pathOf(step), reason: (error as Error).message });
      }
    }
    const [newest] = passedOver;
    if (newest === undefined) return undefined;
    throw new GanKitError('invalid-data', `${newest.reason} No older one can be used either; start a new run.`, {
      path: newest.path,
    });
  }

  /**
   * Puts the newest usable checkpoint back into the parts.
   * @returns Its step and what was passed over, or `undefined` when there is none.
   * @throws GanKitError `incompatible`, with the differences, when the configuration or the parts are not those of the checkpoint.
   */
  async restore(parts: StatefulParts): Promise<RestoredCheckpoint | undefined> {
    const checkpoint = await this.latest();
    if (checkpoint === undefined) return undefined;
    const differences = configurationDifferences(checkpoint.configuration, this.#options.configuration ?? null);
    if (differences.length > 0) {
      throw new GanKitError(
        'incompatible',
        `The run in '${basename(this.#options.folder)}' was saved with another configuration: ${differences.join('; ')}. Resume with the saved one, or start a new run.`,
        { value: differences, path: this.#options.folder },
      );
    }
    loadParts(parts, checkpoint.state);
    return { step: checkpoint.step, passedOver: checkpoint.passedOver };
  }
}

export interface CheckpointCallbackOptions {
  readonly checkpoints: Checkpoints;
  /** Steps between two checkpoints, or what says so whenever it is asked; one more is saved when the run ends. */
  readonly every: number | (() => number);
  /** What a checkpoint is judged by; nothing by default. */
  readonly metric?: (() => number | undefined | Promise<number | undefined>) | undefined;
  /**
   * Whether a run that begins at step 0 goes on from the newest checkpoint, when there is one; true by default. With false, checkpoints
   * that are there must have been put back before the run.
   */
  readonly resume?: boolean | undefined;
  /** Told of the checkpoint that the run goes on from; nothing by default. */
  readonly onResume?: ((restored: RestoredCheckpoint) => void) | undefined;
}

/** A callback of a run that saves everything that the run consists of. */
export interface CheckpointCallback {
  readonly name: string;
  readonly onEvent: EventHandler;
  begin(run: TrainingRun): Promise<void>;
}

/**
 * A callback that saves a checkpoint when the run starts anew, every so many steps, and when it ends: the trainer, the position in the
 * data, and every callback that has a state. When the process was killed, the same program goes on where the newest checkpoint stands.
 *
 * With a trainer that reads several steps at once it waits until the newest of them was told: only then state and events agree.
 * @throws GanKitError `invalid-argument` for options out of range; from the run, whatever `Checkpoints.restore` and `save` throw.
 */
export function checkpointEvery(options: CheckpointCallbackOptions): CheckpointCallback {
  checkOptions('checkpointEvery', options, {
    checkpoints: 'required',
    every: 'required',
    metric: 'optional',
    resume: 'optional',
    onResume: 'optional',
  });
  const { checkpoints, every, metric, resume = true, onResume } = options;
  const interval = typeof every === 'number' ? () => every : every;
  checkInteger('every', interval());
  let saved = -1;
  const save = async (step: number, run: TrainingRun) => {
    if (step === saved) return;
    saved = step;
    await checkpoints.save(step, run.parts, await metric?.());
  };
  return {
    name: 'checkpoints',
    async begin(run) {
      if (!resume || run.step > 0) return;
      const restored = await checkpoints.restore(run.parts);
      if (restored !== undefined) onResume?.(restored);
    },
    async onEvent(event, run) {
      if (event.type === 'start') {
        if ((await checkpoints.steps()).includes(event.step)) saved = event.step;
        else await save(event.step, run);
      } else if (event.type === 'end') await save(event.step, run);
      else if (event.type === 'rollback') saved = event.step;
      else if (event.type === 'step' && event.step === run.step) {
        const now = interval();
        if (Math.floor(event.step / now) > Math.floor(Math.max(0, saved) / now)) await save(event.step, run);
      }
    },
  };
}

function hasOnlyNumbers({ tensors = {} }: State): boolean {
  return Object.values(tensors).every(({ dtype, data }) => dtype !== 'float32' || data.every(Number.isFinite));
}
