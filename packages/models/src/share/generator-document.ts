// What is known of a trained generator besides its weights, as JSON that may come from anywhere.
import {
  formatShape,
  GanKitError,
  type Generator,
  type Json,
  type LatentDistribution,
  type TableColumn,
  unknownNameError,
} from '@gankit/core';
import type { GeneratorSpecification } from '../generator-specification.ts';

const format = 'gankit-generator';
const formatVersion = 2;
/** The largest sizes that a document may name; the weights bound what is really allocated. */
const maximumWidth = 4096;
const maximumSize = 65_536;
const maximumOptions = 64;
const maximumSide = 1024;
const maximumClasses = 100_000;
const maximumText = 10_000;
/** As much of an unknown name as an error repeats. */
const longestName = 40;
/** The longest document that is parsed, in UTF-16 code units. */
export const maximumDocumentLength = 4_000_000;

/** How latents for a generator are drawn. */
export interface LatentSpecification {
  readonly shape: readonly number[];
  readonly distribution: LatentDistribution;
}

/** What is known of a trained generator besides its weights. */
export interface GeneratorDocument {
  readonly specification: GeneratorSpecification;
  /** Written from the generator when it is saved. */
  readonly latent?: LatentSpecification | undefined;
  /** The name of the data that it was trained on. */
  readonly data?: string | undefined;
  /** The licence of that data, which may bind whoever uses the samples: an SPDX identifier or a sentence. */
  readonly dataLicence?: string | undefined;
  /** The classes by label, for a conditional generator. */
  readonly classNames?: readonly string[] | undefined;
  /** The least and the greatest value of a sample; [-1, 1] for images. */
  readonly valueRange?: readonly [minimum: number, maximum: number] | undefined;
  /** A sample times this number is in the data's own units; 1 when absent. */
  readonly scale?: number | undefined;
  /** What each number of a sample stands for, for rows of a table. */
  readonly columns?: readonly TableColumn[] | undefined;
  /** Training steps behind it. */
  readonly step?: number | undefined;
}

type Check = (value: unknown) => boolean;

const isWhole =
  (maximum: number, minimum = 1): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum;
const isFiniteNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isText: Check = (value) => typeof value === 'string' && value.length <= maximumText;
const isList =
  (check: Check, maximum: number): Check =>
  (value) =>
    Array.isArray(value) && value.length <= maximum && value.every(check);

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** A part by its name, with options that are numbers, switches, words, or lists of such; what they may be, its schema says. */
const isPart: Check = (value) =>
  isRecord(value) &&
  isText(own(value, 'name')) &&
  Object.keys(value).length <= maximumOptions &&
  Object.values(value).every(
    (option) => isOption(option) || (isList(isOption, maximumOptions)(option) && Array.isArray(option)),
  );

const isOption: Check = (value) =>
  typeof value === 'boolean' || isText(value) || (isFiniteNumber(value) && Math.abs(value as number) <= maximumSize);

const specificationChecks: Readonly<Record<string, Check>> = {
  generator: isPart,
  sampleShape: isList(isWhole(maximumSide), 3),
};

const optionalSpecificationChecks: Readonly<Record<string, Check>> = {
  conditioning: isList(isPart, maximumOptions),
  classes: isWhole(maximumClasses, 2),
  pairedShape: isList(isWhole(maximumSide), 3),
};
const specificationNames = [...Object.keys(specificationChecks), ...Object.keys(optionalSpecificationChecks)];

const isSpecification: Check = (value) =>
  isRecord(value) &&
  Object.entries(specificationChecks).every(([name, check]) => check(own(value, name))) &&
  Object.entries(optionalSpecificationChecks).every(
    ([name, check]) => own(value, name) === undefined || check(own(value, name)),
  );

const isLatent: Check = (value) =>
  isRecord(value) &&
  isList(isWhole(maximumWidth), 4)(own(value, 'shape')) &&
  ['normal', 'uniform'].includes(own(value, 'distribution') as string);

/** A column of a table: bounds of its numbers, or the names of its categories. */
const isColumn: Check = (value) => {
  if (!isRecord(value) || !isText(own(value, 'name'))) return false;
  if (own(value, 'kind') === 'category') {
    const categories = own(value, 'categories');
    return isList(isText, maximumClasses)(categories) && (categories as string[]).length > 0;
  }
  const [minimum, maximum] = [own(value, 'minimum'), own(value, 'maximum')];
  return (
    own(value, 'kind') === 'number' &&
    isFiniteNumber(minimum) &&
    isFiniteNumber(maximum) &&
    (minimum as number) <= (maximum as number) &&
    typeof own(value, 'whole') === 'boolean'
  );
};

/** What each field beside the specification must be. */
const optionalChecks: Readonly<Record<string, readonly [check: Check, expected: string]>> = {
  latent: [isLatent, "a shape and a distribution, 'normal' or 'uniform'"],
  data: [isText, 'a text'],
  dataLicence: [isText, 'a text'],
  classNames: [isList(isText, maximumClasses), 'a list of texts'],
  valueRange: [
    (value) =>
      isList(isFiniteNumber, 2)(value) &&
      (value as number[]).length === 2 &&
      (value as number[])[0]! < (value as number[])[1]!,
    'two numbers, the smaller first',
  ],
  scale: [(value) => isFiniteNumber(value) && (value as number) > 0, 'a number above 0'],
  columns: [isList(isColumn, maximumSide), 'a list of columns of a table'],
  step: [isWhole(Number.MAX_SAFE_INTEGER, 0), 'a whole number'],
};

/** Refuses a name that means nothing here, rather than leave out what it stands for. */
function checkNames(kind: string, record: object, known: readonly string[]): void {
  const unknown = Object.keys(record).find((name) => !known.includes(name));
  // Names come from the file: they are cut, and lose what would break the sentence.
  if (unknown !== undefined) throw unknownNameError(kind, unknown.slice(0, longestName).replace(/\p{C}/gu, '?'), known);
}

/** The optional fields of a document, each checked. */
function checkedFields(record: Readonly<Record<string, unknown>>, refuse: (sentence: string) => GanKitError) {
  const fields: Record<string, unknown> = {};
  for (const [name, [check, expected]] of Object.entries(optionalChecks)) {
    const value = own(record, name);
    if (value === undefined) continue;
    if (!check(value)) throw refuse(`has a '${name}' that is not ${expected}`);
    fields[name] = value;
  }
  return fields;
}

/**
 * A document as JSON, with the latent specification of its generator.
 * @throws GanKitError `invalid-argument` for a field that could not be read back.
 */
export function encodeDocument(document: GeneratorDocument, generator: Generator): string {
  const { latentShape, latentDistribution = 'normal' } = generator;
  const fields = { ...document, latent: { shape: [...latentShape], distribution: latentDistribution } };
  const refuse = (sentence: string) =>
    new GanKitError('invalid-argument', `The document of the generator ${sentence}; correct it before saving.`);
  checkedFields(fields, refuse);
  if (!isSpecification(document.specification)) throw refuse('has a specification that cannot be read back');
  checkNames('option of a specification', document.specification, specificationNames);
  return `${JSON.stringify({ format, version: formatVersion, ...fields }, undefined, 2)}\n`;
}

/**
 * Reads a document; every field is checked.
 * @param path What to call the document in an error.
 * @throws GanKitError `invalid-data`, or `unknown-name` for a field that this GANKit does not know.
 */
export function decodeDocument(json: string, path: string): GeneratorDocument {
  const refuse = (sentence: string, cause?: unknown) =>
    new GanKitError('invalid-data', `'${path}' ${sentence}.`, { path, cause });
  if (json.length > maximumDocumentLength) {
    throw refuse(`is longer than ${maximumDocumentLength} characters; it is not the document of a generator`);
  }
  let parsed: Json;
  try {
    parsed = JSON.parse(json) as Json;
  } catch (cause) {
    throw refuse('is not JSON; it was damaged or is not a generator', cause);
  }
  if (!isRecord(parsed) || own(parsed, 'format') !== format) throw refuse('does not describe a generator');
  const version = own(parsed, 'version');
  if (version !== formatVersion) {
    throw refuse(
      `has version ${JSON.stringify(version)?.slice(0, 20)} of the generator format, this GANKit reads ${formatVersion}; update it`,
    );
  }
  const specification = own(parsed, 'specification');
  if (!isSpecification(specification)) throw refuse('does not describe a generator');
  checkNames('option of a specification', specification as object, specificationNames);
  checkNames('field of a generator document', parsed, [
    'format',
    'version',
    'specification',
    ...Object.keys(optionalChecks),
  ]);
  return { specification: specification as GeneratorSpecification, ...checkedFields(parsed, refuse) };
}

/** Checks that a generator takes the latents that its document speaks of. */
export function checkLatent({ latent }: GeneratorDocument, generator: Generator, path: string): void {
  if (latent === undefined || latent.shape.join() === generator.latentShape.join()) return;
  throw new GanKitError(
    'incompatible',
    `'${path}' speaks of latents of shape ${formatShape(latent.shape)}, its generator takes ${formatShape(generator.latentShape)}; one of the two was changed.`,
    { path },
  );
}
