import { GanKitError, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeGenerator, encodeGenerator, type GeneratorFiles } from './generator-file.ts';
import { buildGenerator, generators } from './registry/index.ts';

const specification = { generator: { name: 'mlp', latentSize: 2, hidden: [4, 4] }, sampleShape: [3] };
const document = {
  specification,
  data: 'digits',
  dataLicence: 'CC-BY-SA-3.0',
  classNames: ['zero', 'one'],
  valueRange: [-1, 1],
  scale: 2,
  step: 7,
} as const;

async function files(): Promise<GeneratorFiles> {
  const generator = buildGenerator(specification, new RandomStream(1));
  const encoded = await encodeGenerator(generator, document);
  generator.dispose();
  return encoded;
}

const original = await files();

/** Decodes, and accepts one of two ends: a GanKitError, or a generator that generates what its document says. Nothing may leak. */
function decodeSafely(damaged: GeneratorFiles): 'refused' | 'loaded' {
  const before = tf.memory().numTensors;
  let end: 'refused' | 'loaded' = 'loaded';
  try {
    const { generator, document } = decodeGenerator(damaged, 'file');
    tf.tidy(() => {
      const samples = generator.generate(tf.zeros([2, ...generator.latentShape]), { training: false });
      expect(samples.shape.slice(1)).toEqual(document.specification.sampleShape);
    });
    generator.dispose();
  } catch (error) {
    if (!GanKitError.isInstance(error)) throw error;
    expect((error as Error).message).toMatch(/^[^\n]{10,400}$/);
    end = 'refused';
  }
  expect(tf.memory().numTensors).toBe(before);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  return end;
}

test('everything that is known of a generator comes back, with how its latents are drawn', async () => {
  const { generator, document: loaded } = decodeGenerator(original, 'file');
  expect(loaded).toEqual({ ...document, latent: { shape: [2], distribution: 'normal' } });
  const uniform = await encodeGenerator({ ...generator, latentDistribution: 'uniform' }, document);
  generator.dispose();
  const again = decodeGenerator(uniform, 'file');
  expect(again.generator.latentDistribution).toBe('uniform');
  again.generator.dispose();
});

test('a damaged file is refused or right: flipped bits and cut ends', () => {
  const ends = new Set<string>();
  const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.boolean(), fc.boolean(), place, fc.integer({ min: 0, max: 7 }), (ofWeights, cut, at, bit) => {
      const json = new TextEncoder().encode(original.json);
      const bytes = (ofWeights ? original.weights : json).slice();
      const position = Math.floor(at * bytes.length);
      if (!cut) bytes[position]! ^= 1 << bit;
      const damaged = cut ? bytes.slice(0, position) : bytes;
      const decoded = ofWeights ? { weights: damaged } : { json: new TextDecoder().decode(damaged) };
      ends.add(decodeSafely({ ...original, ...decoded }));
    }),
    { numRuns: 600, seed: 1 },
  );
  expect(ends).toEqual(new Set(['refused', 'loaded']));
});

test('hostile documents are refused or right: huge sizes, wrong types, __proto__', () => {
  const hostile = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(1e9, 4096, 1024, -1, 0, 2.5, 2 ** 53, 'dcgan', 'constructor', '__proto__', 'toString', null, []),
    fc.array(fc.constantFrom(1, 2, 3, 8, 64, 512, 1024, 4096, 1e9), { maxLength: 4 }),
  );
  const names = [...Object.keys(specification), 'conditioning', 'classes', 'pairedShape', '__proto__'];
  const documentNames = [...Object.keys(document), 'latent', 'format', 'version', '__proto__'];
  /** JSON text, so that `__proto__` becomes a key of the text and not the prototype of an object here. */
  const text = (record: object, name: string, value: unknown) => {
    const entries = Object.entries({ ...record }).filter(([key]) => key !== name);
    return `{${[...entries, [name, value] as const].map(([key, item]) => `${JSON.stringify(key)}:${typeof item === 'string' && item.startsWith('\u0000') ? item.slice(1) : JSON.stringify(item)}`).join()}}`;
  };
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.constantFrom(...documentNames),
      hostile,
      hostile,
      fc.boolean(),
      (name, other, value, otherValue, inside) => {
        const parsed = JSON.parse(original.json) as Record<string, unknown>;
        const json = inside
          ? text(parsed, 'specification', `\u0000${text(specification, name, value)}`)
          : text(parsed, other, otherValue);
        decodeSafely({ ...original, json });
      },
    ),
    { numRuns: 600, seed: 2 },
  );
});

test.each([
  ['[]', 'does not describe a generator'],
  ['null', 'does not describe a generator'],
  ['['.repeat(1_000_000), 'is not JSON'],
  [' '.repeat(4_000_001), 'is longer than'],
  [
    '{"format":"gankit-generator","version":2,"specification":{"__proto__":{"generator":{"name":"mlp"}}}}',
    'does not describe',
  ],
])('a document that is nothing of the kind is refused (%#)', (json, message) => {
  expect(() => decodeGenerator({ ...original, json }, 'file')).toThrow(message);
  expect(decodeSafely({ ...original, json })).toBe('refused');
});

test('an architecture within all limits that would fill the memory is stopped before its weights are made', () => {
  for (const name of generators.names) {
    const size = { mlp: { hidden: [65_536] }, spatial: { latentChannels: 4096, width: 65_536 } }[name as 'mlp'];
    const generator = { name, ...(size ?? { width: 65_536 }) };
    const huge = { generator, sampleShape: [1024, 1024, 3] };
    const json = JSON.stringify({ format: 'gankit-generator', version: 2, specification: huge });
    expect(() => decodeGenerator({ ...original, json }, 'file')).toThrow('more weights than the 47 numbers');
    expect(decodeSafely({ ...original, json })).toBe('refused');
  }
});

test.each([
  [{ valueRange: [1, -1] }, "has a 'valueRange' that is not two numbers"],
  [{ classNames: ['a', 3] }, "has a 'classNames' that is not a list of texts"],
  [{ scale: 0 }, "has a 'scale'"],
  [{ dataLicense: 'MIT' }, "no field of a generator document named 'dataLicense'; did you mean 'dataLicence'?"],
  [
    { specification: { ...specification, sampelShape: [4] } },
    "no option of a specification named 'sampelShape'; did you mean 'sampleShape'?",
  ],
  [
    { specification: { ...specification, generator: { name: 'mlp', hiden: [4] } } },
    "hiden is no option of mlp; did you mean 'hidden'?",
  ],
  [
    { specification: { ...specification, generator: { name: 'mpl' } } },
    "There is no generator named 'mpl'; did you mean 'mlp'?",
  ],
  [{ ['x\n'.repeat(1000)]: 1 }, "named 'x?x?"],
  [{ latent: { shape: [9], distribution: 'normal' } }, 'speaks of latents of shape [9], its generator takes [2]'],
  [{ latent: { shape: [2], distribution: 'cauchy' } }, "has a 'latent'"],
])('a document with %j is refused', (field, message) => {
  const json = JSON.stringify({ ...(JSON.parse(original.json) as object), ...field });
  expect(() => decodeGenerator({ ...original, json }, 'file')).toThrow(message);
});

test('what could not be read back is not written', async () => {
  const generator = buildGenerator(specification, new RandomStream(1));
  await expect(encodeGenerator(generator, { ...document, scale: Number.NaN })).rejects.toThrow("has a 'scale'");
  generator.dispose();
});
