// Judges a trained generator, or a folder of pictures, against data: what `gankit evaluate` does.
import { existsSync } from 'node:fs';
import { buildConditionalGenerator } from '@gankit/conditional/registry';
import {
  checkInteger,
  checkOptions,
  type DataSource,
  formatShape,
  GanKitError,
  type Json,
  RandomStream,
} from '@gankit/core';
import { checkedValue, type NamedPart } from '@gankit/core/registry';
import { dataSets } from '@gankit/data/node';
import {
  dataBatches,
  type Evaluation,
  evaluate,
  extractFeatures,
  type FeatureExtractor,
  type FeatureSet,
  generatedBatches,
  type KnownModes,
  type SetMetricName,
} from '@gankit/metrics';
import { FeatureCache, type FeatureKey, folderFingerprint } from '@gankit/metrics/node';
import { extractors, suitedExtractor } from '@gankit/metrics/registry';
import { loadGenerator } from '@gankit/models/node';
import { toldSamples } from '../told-samples.ts';
import { runFolder } from './run-folder.ts';
import { lastRecipe, readRecord } from './run-record.ts';

export interface EvaluateSamplesOptions {
  /** What is judged: the folder of a run, whose generator is taken, or a folder of pictures. */
  readonly judged: string;
  /** The data that it is judged by, as in a recipe; those that the run learned from when absent. */
  readonly against?: NamedPart | undefined;
  /** What is measured; when absent `fid`, `kid`, `prdc`, and `modes` and `classes` where they can be. */
  readonly metrics?: readonly SetMetricName[] | undefined;
  /** Samples that are generated, and real ones that are taken at most; 10,000 when absent. */
  readonly samples?: number | undefined;
  /** Decides latents, the order of the data, and what the metrics draw; 1 when absent. */
  readonly seed?: number | undefined;
  /** What turns samples into features; the one that suits the data when absent. */
  readonly extractor?: NamedPart | undefined;
  /** A folder that keeps the features of the data for the next time; nothing is kept when absent. */
  readonly cache?: string | undefined;
  /** Told what is being done, and how much of it is done. */
  readonly onProgress?: ((what: string, done: number, of: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is judged: its name, its features, and the data that it learned from. */
interface Judged {
  readonly name: string;
  readonly data?: NamedPart | undefined;
  /** Shape of a sample. */
  readonly shape: readonly number[];
  features(extractor: FeatureExtractor, options: Taking): Promise<FeatureSet>;
  readonly tellsClasses: boolean;
  dispose(): void;
}

/** How samples are taken. */
interface Taking extends Pick<EvaluateSamplesOptions, 'onProgress' | 'signal'> {
  readonly samples: number;
  readonly seed: number;
}

/** Every one of `samples` that there are. */
const atMost = (samples: number, { size = samples }: DataSource) => Math.min(samples, size);

/** Features of some samples of data. */
function featuresOf(
  source: DataSource,
  extractor: FeatureExtractor,
  { samples, seed, onProgress, signal }: Taking,
): Promise<FeatureSet> {
  const { modes, standardDeviation } = source as DataSource & Partial<KnownModes>;
  const count = atMost(samples, source);
  return extractFeatures(extractor, dataBatches(source, new RandomStream(seed).fork('data')), {
    name: source.name,
    samples: count,
    modes: modes === undefined || standardDeviation === undefined ? undefined : { modes, standardDeviation },
    onProgress: (done) => onProgress?.(`Features of ${source.name}`, done, count),
    signal,
  });
}

async function judgedRun(path: string): Promise<Judged> {
  const folder = runFolder(path);
  const { generator, document } = await loadGenerator(folder.generator, buildConditionalGenerator);
  const data = existsSync(folder.record) ? lastRecipe(await readRecord(folder)).data : undefined;
  const name = document.step === undefined ? path : `${path} at step ${document.step}`;
  return {
    name,
    data,
    shape: generator.outputShape,
    tellsClasses: generator.needs?.includes('class') ?? false,
    features(extractor, { samples, seed, onProgress, signal }) {
      const random = new RandomStream(seed);
      const condition = toldSamples(generator, document.specification, random.fork('codes'));
      const batches = generatedBatches(generator, { samples, random: random.fork('latents'), condition });
      return extractFeatures(extractor, batches, {
        name,
        samples,
        onProgress: (done) => onProgress?.(`Features of ${name}`, done, samples),
        signal,
      });
    },
    dispose: () => generator.dispose(),
  };
}

async function judgedPictures(path: string): Promise<Judged> {
  const source = await dataSets.create({ name: 'pictures', path }, undefined);
  return {
    name: path,
    shape: source.shape,
    tellsClasses: false,
    async features(extractor, options) {
      return { ...(await featuresOf(source, extractor, options)), name: path };
    },
    dispose() {},
  };
}

/** @throws GanKitError `incompatible` for pictures beside points, or points of another number of coordinates. */
function checkAlike({ name, shape }: Judged, source: DataSource): void {
  const alike = source.kind === 'images' ? shape.length === 3 : formatShape(shape) === formatShape(source.shape);
  if (alike) return;
  throw new GanKitError(
    'incompatible',
    `'${name}' makes samples of shape ${formatShape(shape)}, and '${source.name}' holds ${source.kind} of shape ${formatShape(source.shape)}; judge it by data of its own kind.`,
    { value: source.name },
  );
}

/** That of the files of data, which stand at `path` or `folder`; data without files never change. */
async function fingerprintOf({ path, folder }: NamedPart): Promise<string> {
  const place = path ?? folder;
  return typeof place === 'string' && existsSync(place) ? folderFingerprint(place) : '';
}

/** Takes the features of data, or finds them in the cache. */
async function referenceOf(
  source: DataSource,
  data: NamedPart,
  extractor: FeatureExtractor,
  options: Taking & { readonly cache?: string | undefined },
): Promise<FeatureSet> {
  const { cache: folder, samples, seed } = options;
  if (folder === undefined) return featuresOf(source, extractor, options);
  const cache = new FeatureCache(folder);
  const key: FeatureKey = {
    data: data as Json,
    fingerprint: await fingerprintOf(data),
    samples: atMost(samples, source),
    seed,
    extractor: extractor.identity,
  };
  const kept = await cache.get(key);
  if (kept !== undefined) return kept;
  const taken = await featuresOf(source, extractor, options);
  await cache.put(key, taken);
  return taken;
}

/**
 * Judges samples by the metrics of features.
 * @throws GanKitError `file` when there is no run and no folder, `invalid-argument` when it is not known what to judge by, `incompatible` for
 *   samples and data, or an extractor, that have nothing to do with each other; the signal's reason when it is aborted.
 */
export async function evaluateSamples(options: EvaluateSamplesOptions): Promise<Evaluation> {
  checkOptions('evaluateSamples', options, {
    judged: 'required',
    against: 'optional',
    metrics: 'optional',
    samples: 'optional',
    seed: 'optional',
    extractor: 'optional',
    cache: 'optional',
    onProgress: 'optional',
    signal: 'optional',
  });
  const { judged: path, samples = 10_000, seed = 1, cache, onProgress, signal } = options;
  checkInteger('samples', samples, 2);
  if (!existsSync(path)) {
    throw new GanKitError('file', `There is no folder '${path}', neither of a run nor of pictures.`, { path });
  }
  const judged = await (existsSync(runFolder(path).generator) ? judgedRun(path) : judgedPictures(path));
  let extractor: FeatureExtractor | undefined;
  try {
    const given = options.against ?? judged.data;
    if (given === undefined) {
      throw new GanKitError(
        'invalid-argument',
        `It is not said what '${path}' is to be judged by; name data or a folder of pictures to compare it with.`,
        { path },
      );
    }
    const data = checkedValue('data', dataSets.schema, given) as NamedPart;
    const source = await dataSets.create(data, undefined);
    checkAlike(judged, source);
    extractor = await extractors.create(options.extractor ?? { name: suitedExtractor(source) }, source);
    const how = { samples, seed, onProgress, signal };
    const generated = await judged.features(extractor, how);
    const reference = await referenceOf(source, data, extractor, { ...how, cache });
    const possible: readonly SetMetricName[] = [
      'fid',
      'kid',
      'prdc',
      ...(reference.modes !== undefined || reference.probabilities !== undefined ? (['modes'] as const) : []),
      ...(judged.tellsClasses && reference.labels !== undefined ? (['classes'] as const) : []),
    ];
    const metrics = options.metrics ?? possible;
    let measured = 0;
    return await evaluate(reference, generated, {
      metrics,
      seed,
      onProgress: (metric) => onProgress?.(`Measuring ${metric}`, measured++, metrics.length),
      signal,
    });
  } finally {
    extractor?.dispose();
    judged.dispose();
  }
}
