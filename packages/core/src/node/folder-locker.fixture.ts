// A process that locks folders when it is told to, for tests with several of them.
import type { FolderLock } from './folder-lock.ts';
import { lockFolder } from './folder-lock.ts';

export type LockerRequest =
  /** `at`: the moment to begin, in milliseconds of the clock, so that several begin together. */
  | { readonly do: 'lock'; readonly folder: string; readonly at: number; readonly options?: object }
  | { readonly do: 'confirm' | 'release' };

export interface LockerReply {
  /** `lost` comes by itself. */
  readonly done: 'locked' | 'refused' | 'confirmed' | 'released' | 'lost';
  readonly message?: string;
}

let lock: FolderLock | undefined;

async function answer(request: LockerRequest): Promise<LockerReply> {
  if (request.do === 'lock') {
    while (Date.now() < request.at);
    lock = await lockFolder(request.folder, {
      activity: 'training',
      onLost: ({ message }) => process.send!({ done: 'lost', message }),
      ...request.options,
    });
    return { done: 'locked' };
  }
  if (request.do === 'confirm') {
    await lock!.confirm();
    return { done: 'confirmed' };
  }
  await lock?.release();
  lock = undefined;
  return { done: 'released' };
}

process.on('message', (request: LockerRequest) => {
  answer(request).then(
    (reply) => process.send!(reply),
    (error: Error) => process.send!({ done: 'refused', message: error.message } satisfies LockerReply),
  );
});
