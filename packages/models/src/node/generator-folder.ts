// A generator in a folder: generator.json and generator.safetensors; or model.json and weights.bin for TensorFlow.js.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GanKitError, type Generator } from '@gankit/core';
import { makeFolder, writeFileAtomically } from '@gankit/core/node';
import { decodeGenerator, encodeGenerator, type GeneratorBuilder, type LoadedGenerator } from '../generator-file.ts';
import { type GeneratorDocument, maximumDocumentLength } from '../share/generator-document.ts';
import { encodeLayersModel } from '../share/layers-model.ts';

const documentName = 'generator.json';
const weightsName = 'generator.safetensors';
/** The most bytes of weights that are read into memory: what fits into one buffer everywhere. */
const maximumWeightsLength = 2 ** 31 - 1;

/** Writes a generator into a folder, which is made when it is not there. A generator in it is replaced, weights first. */
export async function saveGenerator(folder: string, generator: Generator, document: GeneratorDocument): Promise<void> {
  const { json, weights } = await encodeGenerator(generator, document);
  await makeFolder(folder);
  await writeFileAtomically(join(folder, weightsName), weights);
  await writeFileAtomically(join(folder, documentName), json);
}

/**
 * Writes a generator into a folder as a `tf.LayersModel`: `model.json` and `weights.bin`, which `tf.loadLayersModel` reads by URL.
 * @throws GanKitError `incompatible` for a generator that is not one `tf.LayersModel`.
 */
export async function saveLayersModel(folder: string, generator: Generator): Promise<void> {
  const { json, weights } = await encodeLayersModel(generator);
  await makeFolder(folder);
  await writeFileAtomically(join(folder, 'weights.bin'), weights);
  await writeFileAtomically(join(folder, 'model.json'), json);
}

async function read(path: string, maximumLength: number): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size <= maximumLength) return await readFile(path);
  } catch (cause) {
    throw new GanKitError(
      'file',
      `There is no readable '${path}' (${(cause as Error).message}); train a generator first.`,
      {
        path,
        cause,
      },
    );
  }
  throw new GanKitError('invalid-data', `'${path}' is larger than ${maximumLength} bytes; it is not a generator's.`, {
    path,
  });
}

/**
 * Reads a generator that {@link saveGenerator} wrote.
 * @param build What makes the generator; see `decodeGenerator`.
 * @throws GanKitError `file` when it is not there, `invalid-data`, `unknown-name` or `incompatible` when it is damaged.
 */
export async function loadGenerator(folder: string, build?: GeneratorBuilder): Promise<LoadedGenerator> {
  const json = new TextDecoder().decode(await read(join(folder, documentName), maximumDocumentLength));
  return decodeGenerator({ json, weights: await read(join(folder, weightsName), maximumWeightsLength) }, folder, build);
}
