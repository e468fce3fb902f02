// A trained generator as two files: a JSON document that says how to build it, and its weights as safetensors.
import {
  decodeSafetensors,
  encodeSafetensors,
  GanKitError,
  type Generator,
  type Json,
  RandomStream,
  restoreVariable,
  type StoredTensor,
  storeTensor,
} from '@gankit/core';
import { buildGenerator, type GeneratorSpecification } from './architectures.ts';

const format = 'gankit-generator';
const formatVersion = 1;
/** The largest architecture that a file may ask for: a bound on what loading an untrusted file allocates. */
const maximumWidth = 4096;
const maximumSide = 1024;

/** What is known of a trained generator besides its weights. */
export interface GeneratorDocument {
  readonly specification: GeneratorSpecification;
  /** The name of the data that it was trained on. */
  readonly data?: string;
  /** A sample times this number is in the data's own units; 1 when absent. */
  readonly scale?: number;
  /** Training steps behind it. */
  readonly step?: number;
}

/** The two files of a generator. */
export interface GeneratorFiles {
  readonly json: string;
  readonly weights: Uint8Array;
}

/** Writes a generator that {@link buildGenerator} made into its two files. */
export async function encodeGenerator(generator: Generator, document: GeneratorDocument): Promise<GeneratorFiles> {
  const tensors: Record<string, StoredTensor> = {};
  for (const { name, variable } of generator.variables) tensors[name] = await storeTensor(variable);
  return {
    json: `${JSON.stringify({ format, version: formatVersion, ...document }, undefined, 2)}\n`,
    weights: encodeSafetensors(tensors),
  };
}

function isWhole(value: unknown, maximum: number): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= maximum;
}

function parseDocument(json: string, path: string): GeneratorDocument {
  let parsed: Record<string, Json>;
  try {
    parsed = JSON.parse(json) as Record<string, Json>;
  } catch (cause) {
    throw new GanKitError('invalid-data', `'${path}' is not JSON; it was damaged or is not a generator.`, {
      path,
      cause,
    });
  }
  const specification = parsed?.['specification'] as Partial<GeneratorSpecification> | undefined;
  const valid =
    parsed?.['format'] === format &&
    typeof specification?.architecture === 'string' &&
    Array.isArray(specification.sampleShape) &&
    specification.sampleShape.length <= 3 &&
    specification.sampleShape.every((size) => isWhole(size, maximumSide)) &&
    isWhole(specification.latentSize, maximumWidth) &&
    isWhole(specification.width, maximumWidth);
  if (!valid) throw new GanKitError('invalid-data', `'${path}' does not describe a generator.`, { path });
  if (parsed['version'] !== formatVersion) {
    throw new GanKitError(
      'invalid-data',
      `'${path}' has version ${JSON.stringify(parsed['version'])} of the generator format, this GANKit reads ${formatVersion}; update it.`,
      { path },
    );
  }
  return parsed as unknown as GeneratorDocument;
}

/**
 * Builds a generator from its two files. Executes nothing from them, and bounds what they can make it allocate.
 * @param path What to call the files in an error.
 * @throws GanKitError `invalid-data` when a file is damaged, `incompatible` when the weights do not fit the description.
 */
export function decodeGenerator(
  { json, weights }: GeneratorFiles,
  path: string,
): { readonly generator: Generator; readonly document: GeneratorDocument } {
  const document = parseDocument(json, path);
  const { tensors } = decodeSafetensors(weights, path);
  const generator = buildGenerator(document.specification, new RandomStream(0));
  try {
    for (const { name, variable } of generator.variables) restoreVariable(variable, tensors[name], name);
  } catch (error) {
    generator.dispose();
    throw error;
  }
  return { generator, document };
}
