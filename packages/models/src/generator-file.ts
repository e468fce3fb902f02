// A trained generator as two files: a JSON document that says how to build it, and its weights as safetensors.
import {
  decodeSafetensors,
  encodeSafetensors,
  GanKitError,
  type Generator,
  RandomStream,
  restoreVariable,
  type StoredTensor,
  storeTensors,
} from '@gankit/core';
import type { GeneratorSpecification } from './generator-specification.ts';
import { buildGenerator } from './registry/build-generator.ts';
import { buildWithin } from './share/bounded-build.ts';
import { checkLatent, decodeDocument, encodeDocument, type GeneratorDocument } from './share/generator-document.ts';
import { withChanges } from './with-changes.ts';

/** The two files of a generator. */
export interface GeneratorFiles {
  readonly json: string;
  readonly weights: Uint8Array;
}

/** A generator that was read, and what its document says. */
export interface LoadedGenerator {
  readonly generator: Generator;
  readonly document: GeneratorDocument;
}

/**
 * Writes a generator that the registry made into its two files.
 * @throws GanKitError `invalid-argument` for a document that could not be read back.
 */
export async function encodeGenerator(generator: Generator, document: GeneratorDocument): Promise<GeneratorFiles> {
  const tensors = await storeTensors(
    Object.fromEntries(generator.variables.map(({ name, variable }) => [name, variable])),
  );
  return { json: encodeDocument(document, generator), weights: encodeSafetensors(tensors) };
}

function restoreWeights(generator: Generator, tensors: Readonly<Record<string, StoredTensor>>, path: string): void {
  for (const { name, variable } of generator.variables) restoreVariable(variable, tensors[name], name);
  const known = new Set(generator.variables.map(({ name }) => name));
  const unknown = Object.keys(tensors).find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new GanKitError('incompatible', `'${path}' has a tensor '${unknown}' that its generator has not.`, { path });
}

/** Makes the generator that a specification describes, with any weights. */
export type GeneratorBuilder = (specification: GeneratorSpecification, random: RandomStream) => Generator;

/**
 * Builds a generator from its two files. Executes nothing from them; never makes weights for more numbers than the file of weights holds,
 * and checks every shape.
 * @param path What to call the files in an error.
 * @param build What makes the generator: `buildGenerator` of the registry by default, `buildConditionalGenerator` of `@gankit/conditional/registry` for one
 *   that may be told classes.
 * @throws GanKitError `invalid-data` when a file is damaged, `unknown-name` for an architecture that does not exist here,
 * `incompatible` when the weights do not fit the description.
 */
export function decodeGenerator(
  { json, weights }: GeneratorFiles,
  path: string,
  build: GeneratorBuilder = buildGenerator,
): LoadedGenerator {
  const document = decodeDocument(json, path);
  const { tensors } = decodeSafetensors(weights, path);
  const numbers = Object.values(tensors).reduce((total, { data }) => total + data.length, 0);
  const tooLarge = () =>
    new GanKitError(
      'incompatible',
      `'${path}' describes a generator with more weights than the ${numbers} numbers that were saved; it belongs to another architecture.`,
      { path },
    );
  let built: Generator;
  try {
    built = buildWithin(numbers, () => build(document.specification, new RandomStream(0)), tooLarge);
  } catch (cause) {
    const known = GanKitError.isInstance(cause);
    if (known && cause.code !== 'invalid-argument') throw cause;
    const reason = known ? `: ${cause.message}` : '.';
    throw new GanKitError('invalid-data', `'${path}' describes a generator that cannot be built${reason}`, {
      path,
      cause,
    });
  }
  try {
    checkLatent(document, built, path);
    restoreWeights(built, tensors, path);
  } catch (error) {
    built.dispose();
    throw error;
  }
  const { latentDistribution = 'normal' } = built;
  const saved = document.latent?.distribution ?? latentDistribution;
  return {
    generator: saved === latentDistribution ? built : withChanges(built, { latentDistribution: saved }),
    document,
  };
}
