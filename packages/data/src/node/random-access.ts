// Bytes of which a part can be read: a file, or an address whose server gives ranges.
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GanKitError } from '@gankit/core';
import { Descriptor } from './descriptor.ts';

/** A file of known size that is read in parts. */
export interface RandomAccess {
  /** The last part of its path, for messages. */
  readonly name: string;
  /** What it was opened by. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Changes when the content may have changed. */
  readonly fingerprint: string;
  /**
   * `length` bytes from `offset` on. May be called for several at once.
   * @throws GanKitError `file` when it cannot be read, `invalid-data` when it ends before that.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Whether something is the address of a file elsewhere. */
export function isAddress(path: string): boolean {
  return /^https?:\/\//i.test(path);
}

/** The path of a file on this machine, also of a `file:` address. */
export function localPath(path: string): string {
  return path.startsWith('file:') ? fileURLToPath(path) : resolve(path);
}

function outside(path: string, offset: number, length: number, size: number): GanKitError {
  return new GanKitError(
    'invalid-data',
    `'${path}' has ${size} bytes, but says that there are more (${length} from ${offset} on); it was cut short, get it again.`,
    { path },
  );
}

function isInside(offset: number, length: number, size: number): boolean {
  return Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && offset + length <= size;
}

async function openFile(path: string): Promise<RandomAccess> {
  const place = localPath(path);
  let file: Descriptor;
  let size: number;
  let time: number;
  try {
    file = await Descriptor.open(place, 'r');
    ({ size, mtimeMs: time } = await file.stat());
  } catch (cause) {
    throw new GanKitError('file', `'${path}' cannot be read (${(cause as Error).message}); look at the path.`, {
      path,
      cause,
    });
  }
  return {
    name: basename(place),
    path,
    size,
    fingerprint: `${place} ${size} ${time}`,
    async read(offset, length) {
      if (!isInside(offset, length, size)) throw outside(path, offset, length, size);
      const bytes = new Uint8Array(length);
      const read = await file.read(bytes, offset);
      if (read < length) throw outside(path, offset, length, offset + read);
      return bytes;
    },
    close: () => file.close(),
  };
}

async function ask(path: string, range: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { headers: { range } });
  } catch (cause) {
    throw new GanKitError('file', `'${path}' cannot be reached (${(cause as Error).message}); look at the address.`, {
      path,
      cause,
    });
  }
  if (response.status === 206) return response;
  await response.body?.cancel();
  const said = response.ok
    ? 'the server gives whole files only, no parts of them'
    : `the server answers ${response.status} ${response.statusText}`.trimEnd();
  throw new GanKitError('file', `'${path}' cannot be read: ${said}; download it and give the path of the file.`, {
    path,
  });
}

async function openAddress(path: string): Promise<RandomAccess> {
  const first = await ask(path, 'bytes=0-0');
  const size = Number(/\/(\d+)$/.exec(first.headers.get('content-range') ?? '')?.[1] ?? Number.NaN);
  await first.arrayBuffer();
  if (!Number.isSafeInteger(size)) {
    throw new GanKitError('file', `The server of '${path}' does not say how long it is; download it first.`, { path });
  }
  const version = first.headers.get('etag') ?? first.headers.get('last-modified') ?? '';
  return {
    name: basename(new URL(path).pathname) || new URL(path).hostname,
    path,
    size,
    fingerprint: `${path} ${size} ${version}`,
    async read(offset, length) {
      if (!isInside(offset, length, size)) throw outside(path, offset, length, size);
      if (length === 0) return new Uint8Array(0);
      const response = await ask(path, `bytes=${offset}-${offset + length - 1}`);
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (bytes.length !== length) throw outside(path, offset, length, offset + bytes.length);
      return bytes;
    },
    async close() {},
  };
}

/**
 * Opens a file, or an `http` address, to be read in parts. Whoever opens it closes it.
 * @throws GanKitError `file` when it is not there, or when the server gives no ranges.
 */
export function openRandomAccess(path: string): Promise<RandomAccess> {
  return isAddress(path) ? openAddress(path) : openFile(path);
}

/** The most bytes of a file that is read as a whole. */
const mostWhole = 2 ** 32;

/** All of it. @throws GanKitError `invalid-data` for one that does not fit into memory. */
export async function readWhole(path: string): Promise<Uint8Array> {
  const file = await openRandomAccess(path);
  try {
    if (file.size <= mostWhole) return await file.read(0, file.size);
    throw new GanKitError(
      'invalid-data',
      `'${path}' has ${file.size} bytes and would have to be held in memory, where at most ${mostWhole} are; divide it.`,
      { path },
    );
  } finally {
    await file.close();
  }
}
