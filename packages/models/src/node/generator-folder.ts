// A generator in a folder: generator.json and generator.safetensors.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GanKitError, type Generator } from '@gankit/core';
import { makeFolder, writeFileAtomically } from '@gankit/core/node';
import { decodeGenerator, encodeGenerator, type GeneratorDocument } from '../generator-file.ts';

const documentName = 'generator.json';
const weightsName = 'generator.safetensors';

/** Writes a generator into a folder, which is made when it is not there. A generator in it is replaced, weights first. */
export async function saveGenerator(folder: string, generator: Generator, document: GeneratorDocument): Promise<void> {
  const { json, weights } = await encodeGenerator(generator, document);
  await makeFolder(folder);
  await writeFileAtomically(join(folder, weightsName), weights);
  await writeFileAtomically(join(folder, documentName), json);
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
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
}

/**
 * Reads a generator that {@link saveGenerator} wrote.
 * @throws GanKitError `file` when it is not there, `invalid-data` or `incompatible` when it is damaged.
 */
export async function loadGenerator(
  folder: string,
): Promise<{ readonly generator: Generator; readonly document: GeneratorDocument }> {
  const json = new TextDecoder().decode(await read(join(folder, documentName)));
  return decodeGenerator({ json, weights: await read(join(folder, weightsName)) }, folder);
}
