// A run as one file: a zip of what the command writes into a run's folder, so that either reads the other's.

import { buildConditionalGenerator } from '@gankit/conditional/registry';
import { GanKitError } from '@gankit/core';
import { decodeGenerator, encodeGenerator, type LoadedGenerator } from '@gankit/models';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import type { Game } from './game.ts';

/** The most bytes that one file of an archive may have. */
const mostBytes = 2 ** 28;
const wanted = /(^|\/)(recipe\.json|generator\.json|generator\.safetensors)$/;

/** `recipe.json` and `generator/`: unpacked, a folder that `gankit sample` reads and `gankit train --recipe` repeats. */
export async function encodeRun({ run, source }: Game): Promise<Uint8Array<ArrayBuffer>> {
  const { specification, generator, recipe } = run;
  const { json, weights } = await encodeGenerator(generator, {
    specification,
    data: source.name,
    scale: source.scale ?? 1,
    ...(source.kind === 'images' ? { valueRange: [-1, 1] as const } : {}),
    ...(specification.classes === undefined || source.classNames === undefined
      ? {}
      : { classNames: source.classNames }),
    step: run.trainer.step,
  });
  return zipSync({
    'recipe.json': strToU8(`${JSON.stringify(recipe, undefined, 2)}\n`),
    'generator/generator.json': strToU8(json),
    'generator/generator.safetensors': weights,
  }) as Uint8Array<ArrayBuffer>;
}

/** What was found in a file. */
export interface DecodedRun {
  readonly recipe?: Readonly<Record<string, unknown>> | undefined;
  readonly loaded?: LoadedGenerator | undefined;
}

function parseRecipe(text: string, name: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new GanKitError('invalid-data', `'${name}' is not a recipe: it is not one object of JSON.`);
}

/** The digits of the page are the test set, as they are stored. */
function withOwnDigits(recipe: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { data } = recipe as { readonly data?: { readonly name?: unknown; readonly padTo?: unknown } };
  if (data?.name !== 'mnist' || data.padTo !== undefined) return recipe;
  return { ...recipe, data: { name: 'mnist', split: 'test' } };
}

/**
 * Reads a recipe, or the zip of a run's folder.
 * @throws GanKitError `invalid-data` for anything else, and whatever `decodeGenerator` throws.
 */
export function decodeRun(bytes: Uint8Array, name: string): DecodedRun {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return { recipe: withOwnDigits(parseRecipe(strFromU8(bytes), name)) };
  let files: Readonly<Record<string, Uint8Array>>;
  try {
    files = unzipSync(bytes, { filter: (file) => wanted.test(file.name) && file.originalSize <= mostBytes });
  } catch (cause) {
    throw new GanKitError('invalid-data', `'${name}' is a damaged zip file; pack it again.`, { cause });
  }
  const find = (ending: string) =>
    Object.entries(files).find(([path]) => path === ending || path.endsWith(`/${ending}`))?.[1];
  const [recipe, json, weights] = [find('recipe.json'), find('generator.json'), find('generator.safetensors')];
  if (recipe === undefined && (json === undefined || weights === undefined)) {
    throw new GanKitError(
      'invalid-data',
      `'${name}' holds no run: neither recipe.json nor generator.json with generator.safetensors; zip the folder of a run.`,
    );
  }
  const loaded =
    json !== undefined && weights !== undefined
      ? decodeGenerator({ json: strFromU8(json), weights }, name, buildConditionalGenerator)
      : undefined;
  if (recipe !== undefined) return { recipe: withOwnDigits(parseRecipe(strFromU8(recipe), 'recipe.json')), loaded };
  const { specification, data = 'mnist' } = loaded!.document;
  const { generator, conditioning } = specification;
  return { recipe: withOwnDigits({ data: { name: data }, generator, ...(conditioning && { conditioning }) }), loaded };
}

/** Puts the weights of a loaded generator into a game that was made by its recipe. @throws GanKitError `incompatible` for others. */
export function takeWeights({ run }: Game, { generator: loaded }: LoadedGenerator): void {
  const saved = new Map(loaded.variables.map(({ name, variable }) => [name, variable]));
  for (const player of new Set([run.game.generator, run.generator])) {
    for (const { name, variable } of player.variables) {
      const value = saved.get(name);
      if (value === undefined || value.shape.join() !== variable.shape.join()) {
        throw new GanKitError('incompatible', `The generator has no weights '${name}' that fit its recipe.`, {
          value: name,
        });
      }
      variable.assign(value);
    }
  }
}
