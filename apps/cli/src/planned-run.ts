// What is about to be trained: a new run in a new folder, or an old one that goes on.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type DataSource, GanKitError, type Json } from '@gankit/core';
import { type FolderLock, lockFolder, writeFileAtomically } from '@gankit/core/node';
import { type BackendName, type SelectedBackend, selectBackend } from '@gankit/engine';
import { configurationDifferences } from '@gankit/trainer/node';
import {
  formatConfiguration,
  type GameOptions,
  optionsOf,
  parseConfiguration,
  type RunConfiguration,
  resolveConfiguration,
} from './configuration.ts';
import { dataSetNamed } from './data-sets.ts';
import { currentEnvironment, environmentDifferences } from './environment.ts';
import { claimFreshRunFolder, claimRunFolder, type RunFolder, runFolder } from './run-folder.ts';

/** The options of `gankit train`. */
export interface TrainOptions extends GameOptions {
  readonly out?: string | undefined;
  readonly resume?: string | undefined;
  readonly backend?: string | undefined;
  readonly debug?: boolean | undefined;
}

/** A run that can begin: everything was read and checked, nothing was written yet. */
export interface PlannedRun {
  readonly configuration: RunConfiguration;
  readonly source: DataSource;
  readonly backend: SelectedBackend;
  readonly resumed: boolean;
  /** Makes the folder of a new run, and claims it for this process. */
  open(): Promise<OpenRun>;
}

/** A run whose folder belongs to this process. */
export interface OpenRun {
  readonly folder: RunFolder;
  readonly lock: FolderLock;
}

function lockRun(folder: string): Promise<FolderLock> {
  return lockFolder(folder, {
    activity: 'training',
    onWait: (sentence) => process.stderr.write(`${sentence}\n`),
  });
}

function loadData({ data, dataFolder }: GameOptions | RunConfiguration): Promise<DataSource> {
  return dataSetNamed(data).load({ folder: dataFolder });
}

function backendNamed(name: string | undefined): Promise<SelectedBackend> {
  return selectBackend(name === undefined ? {} : { prefer: name as BackendName, fallback: false });
}

/** A new run in a folder of its own. */
export async function planNewRun(options: TrainOptions): Promise<PlannedRun> {
  const source = await loadData(options);
  const configuration = resolveConfiguration(options, source);
  const backend = await backendNamed(options.backend);
  async function open(): Promise<OpenRun> {
    const path =
      options.out === undefined ? await claimFreshRunFolder(configuration.data) : await claimRunFolder(options.out);
    const lock = await lockRun(path);
    const folder = runFolder(path);
    await writeFileAtomically(folder.configuration, formatConfiguration(configuration, currentEnvironment(backend)));
    return { folder, lock };
  }
  return { configuration, source, backend, resumed: false, open };
}

/** What may be changed in a run that has begun: how long it goes on, and how often pictures and checkpoints are made. */
const changeable: readonly (keyof RunConfiguration)[] = ['steps', 'sampleEvery', 'checkpointEvery'];

/** A configuration as JSON, without what may be changed. */
function fixedPart(configuration: RunConfiguration): Json {
  const entries = Object.entries(configuration).filter(([name]) => !(changeable as readonly string[]).includes(name));
  return JSON.parse(JSON.stringify(Object.fromEntries(entries)));
}

/**
 * The configuration that a resumed run goes on with: the saved one with what the command line says about the {@link changeable}.
 * @throws GanKitError `incompatible` for an option that would make it another run, or fewer steps than it had.
 */
function changedConfiguration(
  path: string,
  saved: RunConfiguration,
  options: TrainOptions,
  given: ReadonlySet<string>,
  source: DataSource,
): RunConfiguration {
  const said = Object.fromEntries(Object.entries(options).filter(([name]) => given.has(name)));
  const before: Partial<GameOptions> = { ...optionsOf(saved) };
  if (given.has('discriminatorSteps')) delete (before as { schedule?: unknown }).schedule;
  const { debug, backend, resume, out, ...now } = { ...before, ...said } as TrainOptions;
  const wanted = resolveConfiguration(now, source);
  const differences = configurationDifferences(fixedPart(saved), fixedPart(wanted));
  if (wanted.steps < saved.steps) differences.push(`steps was ${saved.steps} and is now ${wanted.steps}`);
  if (differences.length > 0) {
    throw new GanKitError(
      'incompatible',
      `The run in '${path}' cannot be resumed with another configuration: ${differences.join('; ')}. More steps and other intervals of pictures and checkpoints are possible; leave the other options out, or start a new run.`,
      { path, value: differences },
    );
  }
  const { sampleEvery, checkpointEvery } = { ...saved, ...said } as RunConfiguration;
  return { ...saved, steps: wanted.steps, sampleEvery, checkpointEvery };
}

/** Says what was changed, and what follows from more steps. */
function sayChanges(saved: RunConfiguration, configuration: RunConfiguration): void {
  const changes = configurationDifferences(
    JSON.parse(JSON.stringify(saved)),
    JSON.parse(JSON.stringify(configuration)),
  );
  if (changes.length === 0) return;
  const followers = [
    ...(configuration.learningRateDecay < 1 ? ['the learning rates, which fall to 0 at the last step,'] : []),
    ...(configuration.instanceNoise === undefined ? [] : ['the instance noise']),
    ...(configuration.negatives.name === 'annealed-noise' ? ['the annealed noise'] : []),
  ];
  const more = saved.steps !== configuration.steps && followers.length > 0;
  process.stderr.write(
    `Changed from here on: ${changes.join('; ')}.${more ? ` From here on ${followers.join(' and ')} follow${followers.length > 1 ? '' : 's'} the new number of steps.` : ''}\n`,
  );
}

/** A run that goes on where its last checkpoint stands. @param given The options that the command line really has. */
export async function planResumedRun(
  path: string,
  options: TrainOptions,
  given: ReadonlySet<string>,
): Promise<PlannedRun> {
  const folder = runFolder(path);
  if (given.has('out')) {
    throw new GanKitError('invalid-argument', '--resume goes on in the folder of the run; leave --out away.');
  }
  if (!existsSync(folder.configuration)) {
    throw new GanKitError('file', `There is no run in '${path}' to resume: it has no config.json.`, { path });
  }
  const text = await readFile(folder.configuration, 'utf8');
  const { configuration: saved, environment } = parseConfiguration(text, folder.configuration);
  const source = await loadData(saved);
  const configuration = changedConfiguration(path, saved, options, given, source);
  const backend = await backendNamed(options.backend ?? environment.backend);
  const differences = environmentDifferences(environment, currentEnvironment(backend));
  if (differences.length > 0) {
    process.stderr.write(
      `Note: ${differences.join('; ')}; the run goes on, but its last bits may differ from an unbroken one's.\n`,
    );
  }
  sayChanges(saved, configuration);
  async function open(): Promise<OpenRun> {
    const lock = await lockRun(path);
    await writeFileAtomically(folder.configuration, formatConfiguration(configuration, environment));
    return { folder, lock };
  }
  return { configuration, source, backend, resumed: true, open };
}
