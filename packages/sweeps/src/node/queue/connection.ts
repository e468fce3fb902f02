// Redis, by the clients that people know: loaded when a queue is asked for, and never before.
import { GanKitError } from '@gankit/core';
import type * as Bull from 'bullmq';
import type { Redis } from 'ioredis';

/** A queue that was reached. */
export interface QueueConnection {
  readonly bull: typeof Bull;
  readonly redis: Redis;
  /** The address without its password. */
  readonly address: string;
  close(): Promise<void>;
}

export interface QueueConnectionOptions {
  /** Where Redis is: `redis://127.0.0.1:6379`, `rediss://user:password@host:6380/0`. */
  readonly queue: string;
  /** Whether to talk to another machine without a password or without TLS; refused when absent. */
  readonly trustNetwork?: boolean | undefined;
  /** Told when Redis goes away and comes back. */
  readonly onNote?: ((sentence: string) => void) | undefined;
}

/** The queue of trials. Its jobs are of one version: another GANKit's are not taken for ours. */
export const queueName = 'gankit-trials';

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * The address without its password, for sentences.
 * @throws GanKitError `invalid-argument` for one that is none, or that would send trials over a network in the clear.
 */
export function checkAddress(text: string, trustNetwork = false): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new GanKitError('invalid-argument', `A queue is an address such as redis://127.0.0.1:6379, not '${text}'.`, {
      value: text,
    });
  }
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:') {
    throw new GanKitError('invalid-argument', `A queue is at redis:// or rediss://, not '${url.protocol}//'.`, {
      value: text,
    });
  }
  const address = `${url.protocol}//${url.host}${url.pathname === '/' ? '' : url.pathname}`;
  if (loopback.test(url.hostname) || trustNetwork || (url.protocol === 'rediss:' && url.password !== ''))
    return address;
  throw new GanKitError(
    'invalid-argument',
    `${address} is another machine: say who you are over TLS (rediss://user:password@${url.host}), or --trust-network where everybody who can reach it may.`,
    { value: address },
  );
}

async function load<T>(name: string, importPackage: () => Promise<T>): Promise<T> {
  try {
    return await importPackage();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes(`'${name}'`)) throw cause;
    throw new GanKitError('file', `A queue needs BullMQ, which is not installed; run 'npm i bullmq@6 ioredis@6'.`, {
      value: name,
      cause,
    });
  }
}

/** Milliseconds between two tries to reach a Redis that went away: more with each, up to the second. */
const reconnect = { step: 200, most: 3000 };

/**
 * Reaches Redis. From then on one that goes away is waited for.
 * @throws GanKitError `invalid-argument` for an address that is refused, `file` when BullMQ is not installed or Redis does not answer.
 */
export async function connectQueue(options: QueueConnectionOptions): Promise<QueueConnection> {
  const { queue, trustNetwork, onNote = () => {} } = options;
  const address = checkAddress(queue, trustNetwork);
  const bull = await load('bullmq', () => import('bullmq'));
  const { Redis: Client } = await load('ioredis', () => import('ioredis'));
  let reached = false;
  let away = false;
  let reason = '';
  const redis = new Client(queue, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (reached ? Math.min(times * reconnect.step, reconnect.most) : null),
  });
  redis.on('error', (error: Error) => {
    reason = error.message;
    if (!reached || away) return;
    away = true;
    onNote(`Redis at ${address} is away (${reason}); it is waited for.`);
  });
  redis.on('ready', () => {
    if (away) onNote(`Redis at ${address} is back.`);
    away = false;
  });
  try {
    await redis.connect();
    await redis.ping();
    reached = true;
  } catch (cause) {
    redis.disconnect();
    throw new GanKitError(
      'file',
      `Redis at ${address} cannot be reached (${reason || (cause as Error).message}); start it, or name another with --queue.`,
      { path: address, cause },
    );
  }
  return {
    bull,
    redis,
    address,
    async close() {
      // One that is away would be waited for.
      if (redis.status === 'ready') await redis.quit().catch(() => undefined);
      redis.disconnect();
    },
  };
}
