// What a sweep tells on stderr while it runs: a line for each trial that is over, and in a terminal one that says what runs now.
import { trialAt } from '@gankit/sweeps';
import type { SweepFile, TrialEvent } from '@gankit/sweeps/node';

export interface TrialLines {
  readonly onEvent: (event: TrialEvent) => void;
  close(): void;
}

/** `loss hinge, seed 2`; of a later rung it is known once the rung before is through. */
function nameOf({ plan }: SweepFile, index: number): string {
  const { rung, place, seed } = trialAt(plan, index);
  if (rung > 0) return `rung ${rung + 1}, place ${place + 1}, seed ${seed}`;
  const values = Object.entries(plan.configurations[place]!.values).map(([name, value]) => `${name} ${value}`);
  return [...values, `seed ${seed}`].join(', ');
}

/** Shows a sweep that runs. */
export function trialLines(file: SweepFile, stream: NodeJS.WriteStream = process.stderr): TrialLines {
  const { trials } = file.plan;
  const running = new Map<number, string>();
  let over = 0;
  const live = () => {
    if (!stream.isTTY || running.size === 0) return;
    const parts = [...running].map(([index, progress]) => `trial ${index} ${progress}`);
    const line = `${over} of ${trials} over; ${parts.join(', ')}`;
    stream.write(`\r\u001b[K${line.slice(0, Math.max(20, (stream.columns ?? 80) - 1))}`);
  };
  const say = (sentence: string) => {
    stream.write(`${stream.isTTY ? '\r\u001b[K' : ''}${sentence}\n`);
    live();
  };
  return {
    onEvent(event) {
      const { index } = event;
      if (event.type === 'begin') running.set(index, 'begins');
      else if (event.type === 'progress') running.set(index, `${event.step}/${event.steps}`);
      else if (event.type === 'again') say(`Trial ${index} (${nameOf(file, index)}) is tried again: ${event.message}`);
      else {
        running.delete(index);
        over++;
        const { state, message } = event.result;
        say(`${over}/${trials}  trial ${index} (${nameOf(file, index)}): ${state}. ${message}`);
      }
      live();
    },
    close: () => {
      if (stream.isTTY) stream.write('\r\u001b[K');
    },
  };
}
