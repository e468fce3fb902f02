import type { EndEvent, TrainingCallback, TrainingEvent } from '@gankit/core';

/**
 * Reads a run to its end and gives every event to each callback in turn, waiting for it: `followRun(trainer.run(data), callbacks)`.
 * @returns The last event.
 */
export async function followRun(
  events: AsyncIterable<TrainingEvent>,
  callbacks: readonly TrainingCallback[],
): Promise<EndEvent> {
  let end: EndEvent | undefined;
  for await (const event of events) {
    for (const callback of callbacks) await callback(event);
    if (event.type === 'end') end = event;
  }
  return end!;
}
