// Features of a data set, taken once and kept in a folder: keyed by the data, how they were read, and the extractor.
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeSafetensors, encodeSafetensors, type Json, type StoredTensor } from '@gankit/core';
import { makeFolder, writeFileAtomically } from '@gankit/core/node';
import type { ExtractorIdentity } from '../extractors/feature-extractor.ts';
import type { FeatureSet } from '../feature-set.ts';

/** All that features of a data set depend on. */
export interface FeatureKey {
  /** How the data are named and read, such as the options of a recipe. */
  readonly data: Json;
  /** Changes when the files of the data may have changed. */
  readonly fingerprint: string;
  /** How many samples, and the seed of their order. */
  readonly samples: number;
  readonly seed: number;
  readonly extractor: ExtractorIdentity;
}

/** SHA-256 over the names, sizes and times of all files below a folder, or of one file. */
export async function folderFingerprint(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const isFolder = (await stat(folder)).isDirectory();
  const entries = isFolder ? await readdir(folder, { recursive: true, withFileTypes: true }) : [];
  const below = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  const paths = isFolder ? below : [folder];
  for (const path of paths.sort()) {
    // What vanished meanwhile is told of when it is read.
    const file = await stat(path).catch(() => undefined);
    hash.update(JSON.stringify([path, file?.size, file?.mtimeMs]));
  }
  return hash.digest('hex');
}

/** JSON with the members of every object in the order of their names, so that equal keys have equal text. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, ordered(member)]),
  );
}

const tensorOf = (data: Float32Array | Int32Array, width?: number): StoredTensor =>
  ({
    dtype: data instanceof Float32Array ? 'float32' : 'int32',
    shape: width === undefined ? [data.length] : [data.length / width, width],
    data,
  }) as StoredTensor;

/** Features in a folder, a safetensors file for each key. */
export class FeatureCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  #place(key: FeatureKey): { readonly text: string; readonly path: string } {
    const text = JSON.stringify(ordered(key));
    const name = createHash('sha256').update(text).digest('hex').slice(0, 32);
    return { text, path: join(this.#folder, `${name}.safetensors`) };
  }

  /** The features of this key; nothing when they are not there, or when their file is damaged: then they are taken again. */
  async get(key: FeatureKey): Promise<FeatureSet | undefined> {
    const { text, path } = this.#place(key);
    try {
      const { tensors, metadata = {} } = decodeSafetensors(await readFile(path), path);
      if (metadata['key'] !== text) return undefined;
      const { features, probabilities, labels } = tensors;
      const about = JSON.parse(metadata['about'] ?? '{}') as Pick<FeatureSet, 'name' | 'shape' | 'samples' | 'modes'>;
      const rows = ({ data, shape }: StoredTensor) => ({ values: data as Float32Array, dimensions: shape[1]! });
      return {
        ...about,
        extractor: key.extractor,
        features: rows(features!),
        ...(probabilities === undefined ? {} : { probabilities: rows(probabilities) }),
        ...(labels === undefined ? {} : { labels: labels.data as Int32Array }),
      };
    } catch {
      return undefined;
    }
  }

  /** @throws GanKitError `file` when it cannot be written. */
  async put(key: FeatureKey, set: FeatureSet): Promise<void> {
    const { text, path } = this.#place(key);
    const { name, shape, samples, modes, features, probabilities, labels } = set;
    const tensors: Record<string, StoredTensor> = {
      features: tensorOf(Float32Array.from(features.values), features.dimensions),
    };
    if (probabilities !== undefined) {
      tensors['probabilities'] = tensorOf(Float32Array.from(probabilities.values), probabilities.dimensions);
    }
    if (labels !== undefined) tensors['labels'] = tensorOf(labels);
    await makeFolder(this.#folder);
    await writeFileAtomically(
      path,
      encodeSafetensors(tensors, { key: text, about: JSON.stringify({ name, shape, samples, modes }) }),
    );
  }
}
