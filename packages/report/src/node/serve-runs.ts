// One local page of all runs of a folder. It reads and never writes, and answers nobody but whoever asks for it by its own name.
import { readdir, realpath, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join, resolve } from 'node:path';
import { checkInteger, checkOptions, GanKitError } from '@gankit/core';
import { reportPage } from '../page/report-page.ts';
import { runsPage } from '../page/runs-page.ts';
import type { RunStory } from '../run-story.ts';
import { readRunStory } from './read-run-story.ts';

export interface ServeRunsOptions {
  /** The port; 6006 by default, 0 for any that is free. */
  readonly port?: number | undefined;
  /** The address to listen at; 127.0.0.1 by default, which other machines cannot reach. */
  readonly host?: string | undefined;
  /** Milliseconds after which an open page looks again; 2000 by default. */
  readonly renewEvery?: number | undefined;
}

/** A page that is served. */
export interface RunsServer extends AsyncDisposable {
  /** Where it is: `http://127.0.0.1:6006/`. */
  readonly address: string;
  close(): Promise<void>;
}

const greatestPort = 65_535;

/** Runs that are shown; the newest when a folder holds more. */
const mostRuns = 100;

interface Found {
  readonly stories: readonly RunStory[];
  readonly unreadable: readonly { readonly name: string; readonly reason: string }[];
}

/** Names of the folders that are runs, the newest first. A link that leads out of the folder is none. */
async function runNames(folder: string): Promise<string[]> {
  const root = await realpath(folder);
  const names = (await readdir(root)).filter((name) => !name.startsWith('.'));
  const found = await Promise.all(
    names.map(async (name) => {
      try {
        if ((await realpath(join(root, name))) !== join(root, name)) return undefined;
        await stat(join(root, name, 'run.json'));
        const log = await stat(join(root, name, 'metrics.jsonl')).catch(() => undefined);
        return { name, changed: log?.mtimeMs ?? 0 };
      } catch {
        return undefined;
      }
    }),
  );
  return found
    .filter((run) => run !== undefined)
    .sort((a, b) => b.changed - a.changed || a.name.localeCompare(b.name))
    .slice(0, mostRuns)
    .map(({ name }) => name);
}

/** Stories of runs, read again only when their logs changed. */
function storyReader(folder: string): (name: string) => Promise<RunStory> {
  const kept = new Map<string, { readonly mark: string; readonly story: RunStory }>();
  const markOf = async (path: string) => {
    const files = ['run.json', 'metrics.jsonl', 'measurements.jsonl', 'samples.png', '.gankit-lock', '.'];
    const marks = files.map((file) =>
      stat(join(path, file)).then(
        ({ mtimeMs, size }) => `${mtimeMs}/${size}`,
        () => '-',
      ),
    );
    return (await Promise.all(marks)).join(' ');
  };
  return async (name) => {
    const path = join(folder, name);
    const mark = await markOf(path);
    const before = kept.get(name);
    // Whether a run goes on is not in its files: one that was killed leaves its lock.
    if (before?.mark === mark && before.story.state !== 'running') return before.story;
    const story = await readRunStory(path);
    kept.set(name, { mark, story });
    return story;
  };
}

/** Whether a request was made to this server by its own name, and by a page of its own or none. (A name that leads here from elsewhere is another's page.) */
function isOwn({ headers, socket }: IncomingMessage, hosts: ReadonlySet<string>): boolean {
  const { host = '', origin } = headers;
  // Listening at all addresses of a machine: its numbers are its own, names may be anybody's.
  const { localAddress = '', localPort } = socket;
  const number = `${localAddress.replace(/^::ffff:/, '')}:${localPort}`;
  const isHere = (name: string) => hosts.has(name.toLowerCase()) || name === number;
  if (!isHere(host)) return false;
  if (origin !== undefined && !isHere(origin.replace(/^http:\/\//, ''))) return false;
  return headers['sec-fetch-site'] === undefined || ['same-origin', 'none'].includes(String(headers['sec-fetch-site']));
}

const headers = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const;

/**
 * Serves a page of all runs in a folder, with live curves and samples of those that go on, and the report of each.
 * @throws GanKitError `file` when there is no such folder, `conflict` when the port is taken.
 */
export async function serveRuns(folder: string, options: ServeRunsOptions = {}): Promise<RunsServer> {
  checkOptions('serveRuns', options, { port: 'optional', host: 'optional', renewEvery: 'optional' });
  const { port = 6006, host = '127.0.0.1', renewEvery = 2000 } = options;
  checkInteger('port', port, 0);
  if (port > greatestPort) {
    throw new GanKitError('invalid-argument', `A port is a number from 0 to ${greatestPort}, not ${port}.`, {
      value: port,
    });
  }
  checkInteger('renewEvery', renewEvery);
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
    throw new GanKitError('file', `There is no folder '${folder}' with runs.`, { path: folder });
  }
  const story = storyReader(folder);
  const title = basename(resolve(folder));
  const hosts = new Set<string>();

  async function allStories(): Promise<Found> {
    const stories: RunStory[] = [];
    const unreadable: { name: string; reason: string }[] = [];
    for (const name of await runNames(folder)) {
      try {
        stories.push(await story(name));
      } catch (error) {
        unreadable.push({ name, reason: (error as Error).message });
      }
    }
    return { stories, unreadable };
  }

  /** A run by its part of an address, when there is one. */
  async function named(part: string): Promise<RunStory | undefined> {
    const name = decodeURIComponent(part);
    return (await runNames(folder)).includes(name) ? story(name) : undefined;
  }

  async function answer({ method, url = '/' }: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, type: string, body: string | Uint8Array) =>
      response.writeHead(status, { ...headers, 'Content-Type': type }).end(method === 'HEAD' ? undefined : body);
    const notFound = () => send(404, 'text/plain; charset=utf-8', 'There is nothing here.\n');
    if (method !== 'GET' && method !== 'HEAD') {
      send(405, 'text/plain; charset=utf-8', 'This page is only read.\n');
      return;
    }
    const [path = '/'] = url.split('?');
    if (path === '/') {
      const { stories, unreadable } = await allStories();
      const page = await runsPage(stories, {
        title,
        renewEvery,
        unreadable,
        reportOf: (name) => `/runs/${encodeURIComponent(name)}`,
        samplesOf: ({ name, samples }) =>
          samples.length === 0 ? undefined : `/samples/${encodeURIComponent(name)}?step=${samples.at(-1)!.step}`,
      });
      send(200, 'text/html; charset=utf-8', page);
      return;
    }
    const [, kind, part] = /^\/(runs|samples)\/([^/]+)$/.exec(path) ?? [];
    const found = part === undefined ? undefined : await named(part);
    if (found === undefined) {
      notFound();
    } else if (kind === 'runs') {
      send(200, 'text/html; charset=utf-8', await reportPage(found, { renewEvery, allRuns: '/' }));
    } else {
      const picture = found.samples.at(-1);
      if (picture === undefined) notFound();
      else send(200, 'image/png', picture.png);
    }
  }

  const server = createServer((request, response) => {
    if (!isOwn(request, hosts)) {
      response
        .writeHead(403, { ...headers, 'Content-Type': 'text/plain; charset=utf-8' })
        .end('This page is for its own machine.\n');
      return;
    }
    answer(request, response).catch((error: unknown) => {
      const known = GanKitError.isInstance(error) || error instanceof URIError;
      if (!response.headersSent)
        response.writeHead(known ? 404 : 500, { ...headers, 'Content-Type': 'text/plain; charset=utf-8' });
      response.end(known ? 'There is nothing here.\n' : 'This page could not be made.\n');
    });
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE';
      const why = taken
        ? 'another program has it; choose another with --port, or 0 for any that is free'
        : cause.message;
      failed(
        new GanKitError(taken ? 'conflict' : 'invalid-argument', `Port ${port} of ${host} cannot be used (${why}).`, {
          value: port,
          cause,
        }),
      );
    });
    server.listen(port, host, listening);
  });
  const { port: real } = server.address() as AddressInfo;
  const shown = host.includes(':') ? `[${host}]` : host;
  // By these names a page of this server is asked for; any other leads here from a page of somebody else.
  for (const name of [shown, ...(host === '127.0.0.1' || host === '::1' ? ['localhost'] : [])])
    hosts.add(`${name}:${real}`.toLowerCase());
  const close = () =>
    new Promise<void>((closed) => {
      server.closeAllConnections();
      server.close(() => closed());
    });
  return { address: `http://${shown}:${real}/`, close, [Symbol.asyncDispose]: close };
}
