// `gankit train`: builds the parts that a configuration names, trains, and keeps what was made in the run's folder.
import { GanKitError, type Json, partState, RandomStream, type TrainingCallback } from '@gankit/core';
import { followRun } from '@gankit/trainer';
import { Checkpoints, checkpointEvery, jsonLines, tensorBoard } from '@gankit/trainer/node';
import type { RunConfiguration } from '../configuration.ts';
import { buildGame } from '../game.ts';
import { abortOnInterrupt } from '../interrupt.ts';
import { type PlannedRun, planNewRun, planResumedRun, type TrainOptions } from '../planned-run.ts';
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
      checkpoints = await Checkpoints.open({ folder, configuration: toJson(configuration) });
      return checkpoints;
    },
  };
}

function toJson(configuration: RunConfiguration): Json {
  return JSON.parse(JSON.stringify(configuration));
}

/** Trains an assembled run to its end. @returns The exit code. */
async function play(
  { configuration, source, resumed }: PlannedRun,
  { random, data, trainer, shown, openCheckpoints }: ReturnType<typeof assemble>,
  folder: RunFolder,
): Promise<number> {
  const checkpoints = await openCheckpoints(folder.checkpoints);
  const metrics = await jsonLines(folder.metrics, { resume: resumed });
  const parts = { trainer, data, metrics };
  if (resumed) await restore(checkpoints, parts);
  const left = configuration.steps - trainer.step;
  if (left <= 0) {
    await metrics.close();
    process.stderr.write(`The run in ${folder.path} is complete: ${trainer.step} steps.\n`);
    return exitCodes.success;
  }

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
  const progress = progressBar(configuration.steps, source.shape.length === 3 ? 'images' : 'points');
  const callbacks: readonly TrainingCallback[] = [
    metrics.onEvent,
    progress.onEvent,
    results.onEvent,
    ...(board === undefined ? [] : [board.onEvent]),
    checkpointEvery({ checkpoints, parts, step: () => trainer.step, every: configuration.checkpointEvery }),
  ];
  const interrupt = abortOnInterrupt();
  try {
    const events = trainer.run(data, { steps: left, signal: interrupt.signal });
    const { reason } = await followRun(events, callbacks);
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
    progress.stop();
    interrupt.release();
    await board?.close();
    await metrics.close();
  }
  await reportCoverage(folder, source, results.lastSamples());
  process.stderr.write(`Samples: ${folder.latestSamples}. More of them: gankit sample ${folder.path} --out more.png\n`);
  return exitCodes.success;
}

async function restore(checkpoints: Checkpoints, parts: Parameters<Checkpoints['restore']>[0]): Promise<void> {
  const restored = await checkpoints.restore(parts);
  for (const { reason } of restored?.passedOver ?? []) process.stderr.write(`Note: ${reason}\n`);
  if (restored === undefined) {
    // Killed before its first checkpoint: it begins anew, and so does what it had written.
    parts['metrics']!.loadState({ values: { bytes: 0 } });
    process.stderr.write('The run has no checkpoint yet; it starts from step 0.\n');
  } else process.stderr.write(`Goes on from the checkpoint of step ${restored.step}.\n`);
}

/**
 * @param given The options that the command line really has, as opposed to defaults.
 * @returns The exit code: 0, or 130 or 143 when the run was interrupted.
 */
export async function train(options: TrainOptions, given: ReadonlySet<string>): Promise<number> {
  const run =
    options.resume === undefined ? await planNewRun(options) : await planResumedRun(options.resume, options, given);
  const game = assemble(run);
  const { folder, release } = await run.open();
  process.stderr.write(describe(run, folder));
  try {
    return await play(run, game, folder);
  } finally {
    await release();
  }
}
