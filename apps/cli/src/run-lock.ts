// One process at a time trains in a run's folder.
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GanKitError } from '@gankit/core';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Claims a run's folder for this process. The claim of a process that was killed is taken over.
 * @returns What gives it back.
 * @throws GanKitError `conflict` when another process trains there.
 */
export async function lockRun(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, '.training');
  for (;;) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      return () => rm(path, { force: true });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw new GanKitError('file', `'${folder}' cannot be written (${(cause as Error).message}).`, {
          path: folder,
          cause,
        });
      }
    }
    const owner = Number(await readFile(path, 'utf8').catch(() => ''));
    if (owner > 0 && owner !== process.pid && isAlive(owner)) {
      throw new GanKitError(
        'conflict',
        `Process ${owner} is training in '${folder}'; stop it first, or remove '${path}' if it is another program.`,
        { path, value: owner },
      );
    }
    await rm(path, { force: true });
  }
}
