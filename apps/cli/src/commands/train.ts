// `gankit train`: builds the parts that a configuration names, trains, and keeps what was made in the run's folder.
import { GanKitError, type Json, partState, RandomStream, type RunCallback } from '@gankit/core';
import type { FolderLock } from '@gankit/core/node';
import { Checkpoints, checkpointEvery, type JsonLines, jsonLines, tensorBoard } from '@gankit/trainer/node';
import type { RunConfiguration } from '../configuration.ts';
import { buildGame } from '../game.ts';
import { abortOnInterrupt } from '../interrupt.ts';
import { type OpenRun, type PlannedRun, planNewRun, planResumedRun, type TrainOptions } from '../planned-run.ts';
import { progressBar } from '../progress.ts';
import { exitCodes } from '../report-error.ts';
import { keepResults, reportCoverage } from '../results.ts';
import type { RunFolder } from '../run-folder.ts';

/** Everything random in a run, from its seed. */
function randomStreams(seed: number) {
  const random = new RandomStream(seed);
  return {
    data: random.fork('data'),
    discriminator: random.fork('discriminator'),
    generator: random.fork('generator'),
    loss: random.fork('loss'),
    pictures: random.fork('pictures'),
    training: random.fork('training'),
  };
}

function describe({ configuration, source, backend, resumed }: PlannedRun, folder: RunFolder): string {
  const data =
    source.size === undefined
      ? 'points of the plane, drawn without end'
      : `${source.size.toLocaleString('en')} images of ${source.shape.join(' x ')}`;
  const penalties = configuration.penalties.map(({ name }) => ` + ${name}`).join('');
  const verb = resumed ? 'Resuming' : 'Training';
  return `${verb} ${configuration.model.architecture} on ${configuration.data} (${data}) with the ${configuration.loss.name} loss${penalties}, backend ${backend.backend}, seed ${configuration.seed}, into ${folder.path}\n`;
}

/** Puts a planned run together; what does not fit is said here, before anything is written. */
function assemble({ configuration, source }: PlannedRun) {
  const random = randomStreams(configuration.seed);
  const data = source.batches({ batchSize: configuration.batchSize, random: random.data });
  let checkpoints: Checkpoints | undefined;
  const lastGood = async () => {
    const checkpoint = await checkpoints?.latest();
    return checkpoint && partState(checkpoint.state, 'trainer');
  };
  return {
    random,
    data,
    ...buildGame(configuration, source, random, { lastGood }),
    async openCheckpoints(folder: string): Promise<Checkpoints> {
      // How long a run goes on, and how often it shows and saves itself, may be changed: see config.json.
      const { steps, sampleEvery, checkpointEvery, ...fixed } = configuration;
      checkpoints = await Checkpoints.open({ folder, configuration: toJson(fixed) });
      return checkpoints;
    },
  };
}

function toJson(configuration: Partial<RunConfiguration>): Json {
  return JSON.parse(JSON.stringify(configuration));
}

/** A callback that makes sure before each event that the folder still belongs to this process. */
function holding(lock: FolderLock): RunCallback {
  return { name: 'lock', onEvent: (event) => (event.type === 'error' ? undefined : lock.confirm()) };
}

/** Says where a resumed run goes on; the log of one that was killed before its first checkpoint begins anew, as the run does. */
function resuming(metrics: JsonLines, resumed: boolean): RunCallback {
  return {
    name: 'resuming',
    onEvent(event) {
      if (event.type !== 'start' || !resumed) return;
      if (event.step > 0) process.stderr.write(`Goes on from the checkpoint of step ${event.step}.\n`);
      else {
        metrics.loadState({ values: { bytes: 0 } });
        process.stderr.write('The run has no checkpoint yet; it starts from step 0.\n');
      }
    },
  };
}

/** Trains an assembled run to its end. @returns The exit code. */
async function play(
  { configuration, source, resumed }: PlannedRun,
  { random, data, trainer, shown, openCheckpoints }: ReturnType<typeof assemble>,
  { folder, lock }: OpenRun,
): Promise<number> {
  const checkpoints = await openCheckpoints(folder.checkpoints);
  const saved = (await checkpoints.steps()).at(-1) ?? 0;
  if (saved >= configuration.steps) {
    process.stderr.write(
      `The run in ${folder.path} is complete: ${saved} steps. Go on beyond them with --steps and a larger number.\n`,
    );
    return exitCodes.success;
  }
  const metrics = await jsonLines(folder.metrics, { resume: resumed });
  const results = keepResults(folder, configuration, source, shown, random.pictures);
  const board = configuration.tensorboard
    ? await tensorBoard({
        folder: folder.tensorBoard,
        images: { samples: results.draw },
        imagesEvery: configuration.sampleEvery,
        histograms: [shown],
        histogramsEvery: configuration.sampleEvery,
      })
    : undefined;
  const callbacks: readonly RunCallback[] = [
    holding(lock),
    resuming(metrics, resumed),
    metrics,
    progressBar(configuration.steps, source.kind),
    results,
    ...(board === undefined ? [] : [board]),
    checkpointEvery({
      checkpoints,
      every: configuration.checkpointEvery,
      onResume: ({ passedOver }) => {
        for (const { reason } of passedOver) process.stderr.write(`Note: ${reason}\n`);
      },
    }),
  ];
  const interrupt = abortOnInterrupt();
  try {
    const { reason } = await trainer.train(data, {
      until: configuration.steps,
      signal: interrupt.signal,
      callbacks,
    });
    if (reason === 'aborted') {
      process.stderr.write(`Go on with: gankit train --resume ${folder.path}\n`);
      return interrupt.exitCode;
    }
  } catch (error) {
    if (!GanKitError.isInstance(error)) throw error;
    throw new GanKitError(error.code, `${error.message} What was made until then is in ${folder.path}.`, {
      cause: error,
    });
  } finally {
    interrupt.release();
  }
  await reportCoverage(folder, source, results.lastSamples());
  process.stderr.write(`Samples: ${folder.latestSamples}. More of them: gankit sample ${folder.path} --out more.png\n`);
  return exitCodes.success;
}

/**
 * @param given The options that the command line really has, as opposed to defaults.
 * @returns The exit code: 0, or 130 or 143 when the run was interrupted.
 */
export async function train(options: TrainOptions, given: ReadonlySet<string>): Promise<number> {
  const run =
    options.resume === undefined ? await planNewRun(options) : await planResumedRun(options.resume, options, given);
  const game = assemble(run);
  const open = await run.open();
  process.stderr.write(describe(run, open.folder));
  try {
    return await play(run, game, open);
  } finally {
    await open.lock.release();
  }
}
