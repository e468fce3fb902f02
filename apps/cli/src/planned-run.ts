// What is about to be trained: a new run in a new folder, or an old one that goes on.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type DataSource, GanKitError } from '@gankit/core';
import { writeFileAtomically } from '@gankit/core/node';
import { type BackendName, type SelectedBackend, selectBackend } from '@gankit/engine';
import { configurationDifferences } from '@gankit/trainer/node';
import * as tf from '@tensorflow/tfjs';
import {
  type Environment,
  formatConfiguration,
  type GameOptions,
  optionsOf,
  parseConfiguration,
  type RunConfiguration,
  resolveConfiguration,
} from './configuration.ts';
import { dataSetNamed } from './data-sets.ts';
import { createRunFolder, freshRunPath, type RunFolder, runFolder } from './run-folder.ts';
import { lockRun } from './run-lock.ts';

/** The options of `gankit train`. */
export interface TrainOptions extends GameOptions {
  readonly out?: string;
  readonly resume?: string;
  readonly backend?: string;
  readonly debug?: boolean;
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
  /** Gives the folder back. */
  release(): Promise<void>;
}

function loadData({ data, dataFolder }: GameOptions | RunConfiguration): Promise<DataSource> {
  return dataSetNamed(data).load(dataFolder === undefined ? {} : { folder: dataFolder });
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
    const folder = await createRunFolder(options.out ?? freshRunPath(configuration.data));
    const release = await lockRun(folder.path);
    const environment = { backend: backend.backend, node: process.versions.node, tfjs: tf.version_core };
    await writeFileAtomically(folder.configuration, formatConfiguration(configuration, environment));
    return { folder, release };
  }
  return { configuration, source, backend, resumed: false, open };
}

/** What was said on the command line besides `--resume` must be what the run was configured with. */
function checkUnchanged(
  path: string,
  saved: RunConfiguration,
  options: TrainOptions,
  given: ReadonlySet<string>,
  source: DataSource,
): void {
  const said = Object.fromEntries(Object.entries(options).filter(([name]) => given.has(name)));
  const before: Partial<GameOptions> = { ...optionsOf(saved) };
  if (given.has('discriminatorSteps')) delete (before as { schedule?: unknown }).schedule;
  const { debug, backend, resume, out, ...now } = { ...before, ...said } as TrainOptions;
  const differences = configurationDifferences(
    JSON.parse(JSON.stringify(saved)),
    JSON.parse(JSON.stringify(resolveConfiguration(now, source))),
  );
  if (differences.length === 0) return;
  throw new GanKitError(
    'incompatible',
    `The run in '${path}' cannot be resumed with another configuration: ${differences.join('; ')}. Leave the options out, or start a new run.`,
    { path, value: differences },
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
  const { configuration, environment } = parseConfiguration(text, folder.configuration);
  const source = await loadData(configuration);
  checkUnchanged(path, configuration, options, given, source);
  const backend = await backendNamed(options.backend ?? environment.backend);
  sayDifferences(environment, backend);
  const open = async () => ({ folder, release: await lockRun(path) });
  return { configuration, source, backend, resumed: true, open };
}

/** Bytes are promised for the same backend and versions only. */
function sayDifferences(environment: Environment, { backend }: SelectedBackend): void {
  const now = { backend, node: environment.node, tfjs: tf.version_core };
  const differences = configurationDifferences({ ...environment }, now);
  if (differences.length > 0) {
    process.stderr.write(
      `Note: ${differences.join('; ')}; the run goes on, but its last bits may differ from an unbroken one's.\n`,
    );
  }
}
