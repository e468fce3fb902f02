// A generator from the web: generator.json and generator.safetensors of one folder.
import { checkNumber, checkOptions, GanKitError } from '@gankit/core';
import { decodeGenerator, type GeneratorBuilder, type LoadedGenerator } from '../generator-file.ts';
import { decodeDocument, maximumDocumentLength } from './generator-document.ts';

export interface LoadGeneratorFromUrlOptions {
  /** The most bytes that the weights may have; 1 GiB by default. */
  readonly maximumBytes?: number | undefined;
  /** Cancels the transfer. */
  readonly signal?: AbortSignal | undefined;
  /** What fetches; the platform's `fetch` by default. */
  readonly fetch?: typeof fetch | undefined;
  /** What makes the generator; see `decodeGenerator`. */
  readonly build?: GeneratorBuilder | undefined;
}

const gibibyte = 2 ** 30;

/** Reads a response piece by piece, so that no more than `maximumBytes` are ever kept. */
async function readBounded(response: Response, url: string, maximumBytes: number): Promise<Uint8Array> {
  const tooLarge = () =>
    new GanKitError('invalid-data', `'${url}' is larger than ${maximumBytes} bytes; allow more if you trust it.`, {
      path: url,
    });
  const announced = Number(response.headers.get('content-length') ?? 0);
  if (announced > maximumBytes) throw tooLarge();
  const pieces: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > maximumBytes) {
      await reader.cancel();
      throw tooLarge();
    }
    pieces.push(value);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}

/** The address of a file in a folder: the name goes into the path, query and hash stay. */
function fileIn(folder: string, name: string): string {
  const [, path = '', rest = ''] = /^([^?#]*)(.*)$/s.exec(folder) ?? [];
  return `${path.replace(/\/+$/, '')}/${name}${rest}`;
}

/** @throws GanKitError `file` when it cannot be fetched. */
async function fetchBounded(
  url: string,
  maximumBytes: number,
  options: LoadGeneratorFromUrlOptions,
): Promise<Uint8Array> {
  const { fetch: fetchUrl = fetch, signal } = options;
  try {
    const response = await fetchUrl(url, signal === undefined ? {} : { signal });
    if (!response.ok) {
      await response.body?.cancel();
      throw new GanKitError('file', `'${url}' cannot be fetched: the server answers ${response.status}.`, {
        path: url,
      });
    }
    return await readBounded(response, url, maximumBytes);
  } catch (cause) {
    if (GanKitError.isInstance(cause) || signal?.aborted === true) throw cause;
    throw new GanKitError('file', `'${url}' cannot be fetched: ${(cause as Error).message}.`, { path: url, cause });
  }
}

/**
 * Loads a generator from a folder on the web that holds what `saveGenerator` wrote. Works in browsers and in Node; executes nothing of
 * what it loads, and bounds what it keeps.
 * @param url The folder, with or without a slash at its end: `https://example.org/generators/digits`. Its query and hash go with the name of
 *   each file. Relative to the page, where there is one. Where every file has an address of its own, `fetch` may translate.
 * @throws GanKitError `file` when it cannot be fetched, `invalid-data`, `unknown-name` or `incompatible` when it is not a generator of
 * this GANKit; the reason of `signal` when that was aborted.
 */
export async function loadGeneratorFromUrl(
  url: string,
  options: LoadGeneratorFromUrlOptions = {},
): Promise<LoadedGenerator> {
  checkOptions('loadGeneratorFromUrl', options, {
    maximumBytes: 'optional',
    signal: 'optional',
    fetch: 'optional',
    build: 'optional',
  });
  const { maximumBytes = gibibyte } = options;
  checkNumber('maximumBytes', maximumBytes, 1);
  const documentUrl = fileIn(url, 'generator.json');
  const json = new TextDecoder().decode(await fetchBounded(documentUrl, maximumDocumentLength, options));
  // A wrong document is told before its weights are fetched.
  decodeDocument(json, documentUrl);
  const weights = await fetchBounded(fileIn(url, 'generator.safetensors'), maximumBytes, options);
  return decodeGenerator({ json, weights }, url, options.build);
}
