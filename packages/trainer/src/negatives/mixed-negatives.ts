import {
  type Condition,
  checkNumber,
  conditionTensors,
  GanKitError,
  type Negatives,
  type NegativesContext,
  type RandomStream,
  type Scheduled,
  type Stateful,
  valueAt,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { stateOfParts } from '../state-of-parts.ts';
import { gatherConditions } from './condition-rows.ts';

/** One source of a mixture. */
export interface MixedSource {
  readonly negatives: Negatives;
  /** Its weight, at least 0: a sample comes from it with probability share / sum of all shares. */
  readonly share: Scheduled;
}

function sharesAt(sources: readonly MixedSource[], step: number): number[] {
  const shares = sources.map(({ negatives, share }) => {
    const value = valueAt(share, step);
    checkNumber(`The share of '${negatives.name}'`, value, 0);
    return value;
  });
  if (shares.some((share) => share > 0)) return shares;
  throw new GanKitError(
    'invalid-argument',
    `Mixed negatives need a share above 0, but at step ${step} all of ${shares.length} are 0.`,
    { value: shares },
  );
}

/** The index of a source, drawn in proportion to the shares. */
function drawSource(shares: readonly number[], total: number, random: RandomStream): number {
  let left = random.uniform() * total;
  for (let index = 0; index < shares.length; index++) {
    left -= shares[index]!;
    if (left < 0) return index;
  }
  // Rounding can leave a remainder above the last share.
  return shares.reduce((last, share, index) => (share > 0 ? index : last), 0);
}

/**
 * Negatives from several sources: for each sample of the batch one source is drawn, and the sample is the one that it has in
 * this place. Every source with a share above 0 makes a whole batch in each update. The mixture owns its sources.
 *
 * @throws GanKitError `invalid-argument` without a source or for a share that is negative; `incompatible`, when it samples, if
 *   some of the sources tell the players a kind of condition that others lack.
 */
export function mixedNegatives(sources: readonly MixedSource[]): Negatives & Stateful & { dispose(): void } {
  if (sources.length === 0) {
    throw new GanKitError('invalid-argument', 'Mixed negatives need at least one source; none was given.');
  }
  if (sources.every(({ share }) => typeof share === 'number')) sharesAt(sources, 0);
  const name = 'mixed-negatives';
  const state = stateOfParts(
    Object.fromEntries(sources.map(({ negatives }, index) => [`${index}-${negatives.name}`, negatives])),
  );
  return {
    name,
    fromLatent: false,
    sample(context: NegativesContext) {
      const { real, random, step, condition: contextCondition } = context;
      const shares = sharesAt(sources, step);
      const total = shares.reduce((sum, share) => sum + share, 0);
      const used = shares.flatMap((share, index) => (share > 0 ? [index] : []));
      const batch = real.shape[0]!;
      let condition: Condition | undefined;
      const [samples] = tf.tidy(() => {
        const made = used.map((index) => sources[index]!.negatives.sample(context));
        const rows = random.perRow(batch, () => used.indexOf(drawSource(shares, total, random)) * batch);
        const picks = tf.tensor1d(
          rows.map((start, row) => start + row),
          'int32',
        );
        if (made.some((source) => source.condition !== undefined)) {
          const told = made.map((source) => source.condition ?? contextCondition);
          condition = gatherConditions(name, told, picks);
        }
        const joined = tf.gather(tf.concat(made.map((source) => source.samples)), picks);
        return [joined, ...Object.values(conditionTensors(condition))];
      });
      return { samples: samples!, fromLatent: false, condition };
    },
    saveState: () => state.saveState(),
    loadState: (saved) => state.loadState(saved),
    dispose() {
      for (const { negatives } of sources) negatives.dispose?.();
    },
  };
}
