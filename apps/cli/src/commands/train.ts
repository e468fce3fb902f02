// `gankit train`: builds the parts that the command line names, trains, and keeps what was made in the run's folder.
import { copyFile } from 'node:fs/promises';
import { type DataSource, GanKitError, RandomStream, type TrainingCallback } from '@gankit/core';
import { writeFileAtomically } from '@gankit/core/node';
import type { PointDistribution } from '@gankit/data';
import { adam, type BackendName, linearRate, type SelectedBackend, selectBackend } from '@gankit/engine';
import { clipWeights } from '@gankit/losses';
import { modeCoverage } from '@gankit/metrics';
import { buildDiscriminator, buildGenerator } from '@gankit/models';
import { saveGenerator } from '@gankit/models/node';
import { fixedSchedule, Trainer } from '@gankit/trainer';
import { jsonLines } from '@gankit/trainer/node';
import * as tf from '@tensorflow/tfjs';
import {
  formatConfiguration,
  type RunConfiguration,
  resolveConfiguration,
  type TrainOptions,
} from '../configuration.ts';
import { dataSetNamed } from '../data-sets.ts';
import { lossNamed, penaltyNamed, verdictFor } from '../parts.ts';
import { progressBar } from '../progress.ts';
import { exitCodes } from '../report-error.ts';
import { createRunFolder, freshRunPath, type RunFolder } from '../run-folder.ts';
import { samplePicture } from '../sample-picture.ts';

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

/** The learning rate by update: it is kept, then falls to 0 at the end of the run. */
function decayingRate({ steps, learningRate, learningRateDecay }: RunConfiguration, updatesPerStep: number) {
  const updates = steps * updatesPerStep;
  const hold = Math.round(learningRateDecay * updates);
  return hold >= updates ? learningRate : linearRate({ from: learningRate, hold, iterations: updates - hold });
}

function buildParts(configuration: RunConfiguration, random: ReturnType<typeof randomStreams>) {
  const { model, beta1, discriminatorSteps } = configuration;
  const loss = lossNamed(configuration.loss, random.loss);
  const penalties = configuration.penalties.map(penaltyNamed);
  const generator = buildGenerator(model, random.generator);
  const discriminator = buildDiscriminator(model, random.discriminator, verdictFor(loss));
  const trainer = new Trainer({
    generator,
    discriminator,
    loss,
    penalties,
    constraints: configuration.clipWeights === undefined ? [] : [clipWeights({ limit: configuration.clipWeights })],
    generatorOptimizer: adam({ learningRate: decayingRate(configuration, 1), beta1 }),
    discriminatorOptimizer: adam({ learningRate: decayingRate(configuration, discriminatorSteps), beta1 }),
    schedule: fixedSchedule({ discriminatorUpdates: discriminatorSteps }),
    random: random.training,
  });
  return { generator, trainer };
}

/** Writes the newest picture and the generator every so often, and at the end of the run, however it ends. */
function keepResults(
  folder: RunFolder,
  configuration: RunConfiguration,
  source: DataSource,
  generator: ReturnType<typeof buildGenerator>,
  random: RandomStream,
): { readonly onEvent: TrainingCallback; lastSamples(): Float32Array } {
  const picture = samplePicture(
    generator,
    random,
    source.shape.length === 1 ? (source as PointDistribution) : undefined,
  );
  let kept = -1;
  let samples: Float32Array = new Float32Array(0);
  async function keep(step: number): Promise<void> {
    if (step === kept) return;
    const { values, png } = await picture.draw();
    await writeFileAtomically(folder.samplesAt(step), png);
    await copyFile(folder.samplesAt(step), folder.latestSamples);
    await saveGenerator(folder.generator, generator, {
      specification: configuration.model,
      data: configuration.data,
      scale: source.scale ?? 1,
      step,
    });
    kept = step;
    samples = values;
  }
  return {
    async onEvent(event) {
      if (event.type !== 'step' || event.step % configuration.sampleEvery === 0) await keep(event.step);
      if (event.type === 'end') picture.dispose();
    },
    lastSamples: () => samples,
  };
}

/** What the last samples say of the modes, for data that have modes. */
async function reportCoverage(folder: RunFolder, source: DataSource, samples: Float32Array): Promise<void> {
  const { modes, standardDeviation, scale } = source as Partial<PointDistribution>;
  if (modes === undefined || standardDeviation === undefined) return;
  const coverage = modeCoverage(samples, { modes, standardDeviation, ...(scale === undefined ? {} : { scale }) });
  await writeFileAtomically(folder.coverage, `${JSON.stringify(coverage, undefined, 2)}\n`);
  const { modesFound, highQualityShare, reverseKl } = coverage;
  process.stderr.write(
    `Modes: ${modesFound} of ${coverage.modes}, high-quality samples ${(100 * highQualityShare).toFixed(1)} %, reverse KL ${reverseKl.toFixed(3)} (${coverage.samples} samples)\n`,
  );
}

/** Two interrupts within this time are one. */
const sameInterruptMilliseconds = 300;

/** The first Ctrl-C ends the run after its step; a second one ends the process at once. */
function abortOnInterrupt(): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  let first = 0;
  const stop = () => {
    // npm and the terminal may each send the same Ctrl-C.
    if (controller.signal.aborted && performance.now() - first < sameInterruptMilliseconds) return;
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    first = performance.now();
    process.stderr.write('\nStopping after this step; press Ctrl-C again to stop at once.\n');
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return { signal: controller.signal, release: () => process.off('SIGINT', stop).off('SIGTERM', stop) };
}

function describe(
  configuration: RunConfiguration,
  source: DataSource,
  { backend }: SelectedBackend,
  path: string,
): string {
  const data =
    source.size === undefined
      ? 'points of the plane, drawn without end'
      : `${source.size.toLocaleString('en')} images of ${source.shape.join(' x ')}`;
  const penalties = configuration.penalties.map(({ name }) => ` + ${name}`).join('');
  return `Training ${configuration.model.architecture} on ${configuration.data} (${data}) with the ${configuration.loss.name} loss${penalties}, backend ${backend}, seed ${configuration.seed}, into ${path}\n`;
}

/** @returns The exit code: 0, or 130 when the run was interrupted. */
export async function train(options: TrainOptions): Promise<number> {
  const source = await dataSetNamed(options.data).load(
    options.dataFolder === undefined ? {} : { folder: options.dataFolder },
  );
  const configuration = resolveConfiguration(options, source.shape);
  const random = randomStreams(configuration.seed);
  const stream = source.batches({ batchSize: configuration.batchSize, random: random.data });
  const backend = await selectBackend(
    options.backend === undefined ? {} : { prefer: options.backend as BackendName, fallback: false },
  );
  const { generator, trainer } = buildParts(configuration, random);
  const folder = await createRunFolder(options.out ?? freshRunPath(configuration.data));

  const environment = { backend: backend.backend, node: process.versions.node, tfjs: tf.version_core };
  await writeFileAtomically(folder.configuration, formatConfiguration(configuration, environment));
  process.stderr.write(describe(configuration, source, backend, folder.path));
  const metrics = await jsonLines(folder.metrics);
  const results = keepResults(folder, configuration, source, generator, random.pictures);
  const callbacks: readonly TrainingCallback[] = [
    metrics.onEvent,
    progressBar(configuration.steps, source.shape.length === 3 ? 'images' : 'points'),
    results.onEvent,
  ];
  const interrupt = abortOnInterrupt();
  let aborted = false;
  try {
    for await (const event of trainer.run(stream, { steps: configuration.steps, signal: interrupt.signal })) {
      for (const callback of callbacks) await callback(event);
      aborted = event.type === 'end' && event.reason === 'aborted';
    }
  } catch (error) {
    if (!GanKitError.isInstance(error)) throw error;
    throw new GanKitError(error.code, `${error.message} What was made until then is in ${folder.path}.`, {
      cause: error,
    });
  } finally {
    interrupt.release();
    await metrics.close();
  }
  await reportCoverage(folder, source, results.lastSamples());
  process.stderr.write(`Samples: ${folder.latestSamples}. More of them: gankit sample ${folder.path} --out more.png\n`);
  return aborted ? exitCodes.interrupted : exitCodes.success;
}
