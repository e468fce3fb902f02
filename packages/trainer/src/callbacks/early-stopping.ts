// Ends a run when a metric has not become better for a while, and keeps the best generator.
import {
  checkInteger,
  checkNumber,
  checkOptions,
  type EventHandler,
  GanKitError,
  type Json,
  type Network,
  networkState,
  type State,
  type Stateful,
} from '@gankit/core';
import { everySteps } from './every-steps.ts';

export interface EarlyStoppingOptions {
  /** The metric, computed anew whenever it is called: a distance to the data, modes found, ... */
  readonly measure: (step: number) => number | Promise<number>;
  /** Whether the metric is better when it is `lower` or `higher`. */
  readonly better: 'lower' | 'higher';
  /** Steps between two measurements. */
  readonly every: number;
  /** Measurements in a row without a better one after which the run ends; 5 by default. */
  readonly patience?: number | undefined;
  /** By how much a measurement must be better to count; 0 by default. */
  readonly minimumChange?: number | undefined;
  /** Its name among the parts of a run; `early-stopping` by default. Two in one run need two names. */
  readonly name?: string | undefined;
  /** The network whose best weights are kept in memory, usually the generator; none by default. */
  readonly keep?: Network | undefined;
}

/** The best measurement of a run. */
export interface BestMeasurement {
  readonly step: number;
  readonly value: number;
}

export interface EarlyStopping extends Stateful {
  readonly name: string;
  readonly onEvent: EventHandler;
  /** The best measurement so far. */
  readonly best: BestMeasurement | undefined;
  /**
   * Puts the weights of the best measurement back into the network that is kept.
   * @throws GanKitError `conflict` when nothing was kept.
   */
  restoreBest(): void;
}

/**
 * A callback that ends the run when a metric has not become better for a while; see {@link EarlyStoppingOptions}. A measurement of NaN
 * counts as not better. It measures every so many steps and once more when all steps are made, but not when the run is interrupted,
 * so that a resumed run measures where an unbroken one does.
 */
export function earlyStopping(options: EarlyStoppingOptions): EarlyStopping {
  checkOptions('earlyStopping', options, {
    measure: 'required',
    better: 'required',
    every: 'required',
    patience: 'optional',
    minimumChange: 'optional',
    name: 'optional',
    keep: 'optional',
  });
  const { measure, better, every, patience = 5, minimumChange = 0, name = 'early-stopping', keep } = options;
  checkInteger('patience', patience);
  checkNumber('minimumChange', minimumChange, 0);
  let best: BestMeasurement | undefined;
  let bestState: State | undefined;
  let worse = 0;
  const isBetter = (value: number) => {
    if (Number.isNaN(value)) return false;
    if (best === undefined) return true;
    return better === 'lower' ? value < best.value - minimumChange : value > best.value + minimumChange;
  };
  const measureAt = async (step: number) => {
    const value = await measure(step);
    if (isBetter(value)) {
      best = { step, value };
      worse = 0;
      if (keep !== undefined) bestState = await networkState(keep).saveState();
    } else worse++;
  };
  const everyFew = everySteps(every, measureAt, { atEnd: 'completed' });
  return {
    name,
    async onEvent(event, run) {
      await everyFew(event, run);
      // Also in a run that goes on from the checkpoint of the very step that was the last.
      if (worse >= patience && event.type !== 'end') run.stop();
    },
    get best() {
      return best;
    },
    restoreBest() {
      if (keep === undefined || bestState === undefined) {
        throw new GanKitError(
          'conflict',
          'Early stopping has no weights to put back; give it `keep` and let it measure once.',
        );
      }
      networkState(keep).loadState(bestState);
    },
    async saveState() {
      const values: Record<string, Json> = { worse };
      if (best !== undefined) values['best'] = { ...best };
      if (bestState !== undefined) values['state'] = bestState.values ?? {};
      return { tensors: bestState?.tensors ?? {}, values };
    },
    loadState({ tensors, values = {} }) {
      worse = values['worse'] as number;
      best = values['best'] as unknown as BestMeasurement | undefined;
      const inner = values['state'] as Readonly<Record<string, Json>> | undefined;
      bestState = inner === undefined ? undefined : { ...(tensors ? { tensors } : {}), values: inner };
    },
  };
}
