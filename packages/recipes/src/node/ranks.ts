// A run of several processes: rank 0 reads and writes files, and tells the others.
import { createHash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import {
  type Communicator,
  GanKitError,
  isSpread,
  loadParts,
  type RunCallback,
  type StatefulParts,
  saveParts,
  type TrainingRun,
} from '@gankit/core';

/** Whether this process is the one that writes. */
export function isFirst(communicator: Communicator | undefined): boolean {
  return communicator === undefined || communicator.rank === 0;
}

/** What rank 0 makes, on every process; data without functions. An error of rank 0 ends it, and with it all of them. */
export async function fromFirst<Value>(
  communicator: Communicator | undefined,
  make: () => Value | Promise<Value>,
): Promise<Value> {
  if (!isSpread(communicator)) return make();
  const bytes = communicator.rank === 0 ? serialize(await make()) : undefined;
  return deserialize(communicator.broadcast(bytes)) as Value;
}

/**
 * Makes sure that all processes are about to train the same.
 * @param facts What must be equal, by what it is called. Plain JSON.
 * @throws GanKitError `incompatible` on every process that has something else than rank 0, and on rank 0.
 */
export function checkSameEverywhere(
  communicator: Communicator | undefined,
  facts: Readonly<Record<string, unknown>>,
): void {
  if (!isSpread(communicator)) return;
  for (const [name, fact] of Object.entries(facts)) {
    const digest = createHash('sha256')
      .update(JSON.stringify(fact) ?? '')
      .digest();
    const differs = !digest.equals(communicator.broadcast(digest));
    if (!communicator.agree(differs)) continue;
    throw new GanKitError(
      'incompatible',
      `The ${communicator.size} processes do not have the same ${name}${differs ? ` (rank ${communicator.rank} has another than rank 0)` : ''}; start all of them with one command line, the same data and the same version.`,
      { value: name },
    );
  }
}

/** The parts whose state decides how the game goes on; the rest, such as logs, is rank 0's alone. */
function gameParts({ parts }: TrainingRun): StatefulParts {
  return Object.fromEntries(Object.entries(parts).filter(([name]) => name === 'trainer' || name === 'data'));
}

/** A callback after which every process stands where rank 0 stands: at its checkpoint, or at the same beginning. */
export function startTogether(communicator: Communicator): RunCallback {
  return {
    name: 'start-together',
    async begin(run) {
      const parts = gameParts(run);
      const state = await fromFirst(communicator, () => saveParts(parts));
      if (communicator.rank > 0) loadParts(parts, state);
    },
    onEvent: () => undefined,
  };
}
