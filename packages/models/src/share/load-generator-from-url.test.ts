import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodeGenerator } from '../generator-file.ts';
import { buildGenerator } from '../registry/index.ts';
import { loadGeneratorFromUrl } from './load-generator-from-url.ts';

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

const specification = { generator: { name: 'mlp', latentSize: 2, hidden: [4, 4] }, sampleShape: [3] };

/** A web server in a function: a small generator under https://example.org/digits/. */
async function site(changes: Record<string, () => Response | Promise<Response>> = {}) {
  const generator = buildGenerator(specification, new RandomStream(1));
  const { json, weights } = await encodeGenerator(generator, { specification, data: 'digits' });
  const latent = tf.ones([1, 2]);
  const samples = generator.generate(latent, { training: false });
  const expected = Array.from(await samples.data());
  tf.dispose([latent, samples]);
  generator.dispose();
  const asked: string[] = [];
  const files: Record<string, () => Response | Promise<Response>> = {
    'https://example.org/digits/generator.json': () => new Response(json),
    'https://example.org/digits/generator.safetensors': () => new Response(weights as Uint8Array<ArrayBuffer>),
    ...changes,
  };
  const fetch = (async (url: string) => {
    asked.push(url);
    return (files[url] ?? (() => new Response('', { status: 404 })))();
  }) as unknown as typeof globalThis.fetch;
  return { fetch, asked, expected };
}

test.each(['https://example.org/digits', 'https://example.org/digits/'])('loads from %s', async (url) => {
  const { fetch, expected } = await site();
  const { generator, document } = await loadGeneratorFromUrl(url, { fetch });
  expect(document.data).toBe('digits');
  tf.tidy(() => {
    expect(Array.from(generator.generate(tf.ones([1, 2]), { training: false }).dataSync())).toEqual(expected);
  });
  generator.dispose();
});

const jsonUrl = 'https://example.org/digits/generator.json';
const weightsUrl = 'https://example.org/digits/generator.safetensors';

test('a missing file, a broken connection and a page instead of a document are told in one sentence', async () => {
  const { fetch } = await site();
  const missing = loadGeneratorFromUrl('https://example.org/nothing', { fetch });
  await expect(missing).rejects.toMatchObject({
    code: 'file',
    message: /nothing\/generator.json' cannot be fetched: the server answers 404/,
  });
  const broken = await site({
    [weightsUrl]: () => {
      throw new TypeError('network down');
    },
  });
  await expect(loadGeneratorFromUrl('https://example.org/digits', { fetch: broken.fetch })).rejects.toMatchObject({
    code: 'file',
    message: /cannot be fetched: network down/,
  });
  const page = await site({ [jsonUrl]: () => new Response('<!doctype html>') });
  await expect(loadGeneratorFromUrl('https://example.org/digits', { fetch: page.fetch })).rejects.toMatchObject({
    code: 'invalid-data',
  });
  expect(page.asked).toEqual([jsonUrl]);
});

test('more bytes than allowed are not kept, whether announced or not', async () => {
  const { fetch } = await site();
  await expect(loadGeneratorFromUrl('https://example.org/digits', { fetch, maximumBytes: 100 })).rejects.toThrow(
    'is larger than 100 bytes',
  );
  let sent = 0;
  const endless = () =>
    new Response(
      new ReadableStream({
        pull(controller) {
          sent += 1000;
          controller.enqueue(new Uint8Array(1000));
        },
      }),
    );
  const flood = await site({ [weightsUrl]: endless });
  await expect(
    loadGeneratorFromUrl('https://example.org/digits', { fetch: flood.fetch, maximumBytes: 5000 }),
  ).rejects.toThrow('is larger than 5000 bytes');
  expect(sent).toBeLessThan(10_000);
  const announced = await site({ [weightsUrl]: () => new Response('', { headers: { 'content-length': '6000' } }) });
  await expect(
    loadGeneratorFromUrl('https://example.org/digits', { fetch: announced.fetch, maximumBytes: 5000 }),
  ).rejects.toThrow('is larger than 5000 bytes');
});

test('can be cancelled', async () => {
  const fetchAborted = (async (_: string, { signal }: RequestInit) =>
    signal!.throwIfAborted()) as unknown as typeof fetch;
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(loadGeneratorFromUrl('https://example.org', { fetch: fetchAborted, signal })).rejects.toThrow('enough');
});

test.each<[string, string]>([
  ['http://localhost:1/model?token=T', 'http://localhost:1/model/generator.json?token=T'],
  ['http://localhost:1/model/?a=/b/&c#d', 'http://localhost:1/model/generator.json?a=/b/&c#d'],
  ['model', 'model/generator.json'],
  ['./a b/', './a b/generator.json'],
  ['/', '/generator.json'],
])('the files in %s are asked for by name, query and hash kept', async (url, expected) => {
  const asked: string[] = [];
  const fetch = async (address: RequestInfo | URL) => {
    asked.push(String(address));
    return new Response('', { status: 404 });
  };
  await expect(loadGeneratorFromUrl(url, { fetch })).rejects.toThrow('answers 404');
  expect(asked).toEqual([expected]);
});
