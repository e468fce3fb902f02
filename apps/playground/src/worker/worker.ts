// The worker that owns the games: orders come in, reports go out.
import type { Order, Report } from '../protocol.ts';
import { Session } from './session.ts';

const session = new Session((report: Report, transfer: Transferable[] = []) => postMessage(report, { transfer }));

addEventListener('message', ({ data }: MessageEvent<Order>) => session.take(data));
session.run().catch((error: unknown) => {
  postMessage({ type: 'lost', sentence: `The worker stopped (${(error as Error).message}).` } satisfies Report);
});
