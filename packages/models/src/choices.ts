// Options that are one of a few words: a word that means nothing is refused, not taken for another.
import { checkChoice, GanKitError, type LatentDistribution, type Verdict } from '@gankit/core';

export const latentDistributions: readonly LatentDistribution[] = ['normal', 'uniform'];
export const verdicts: readonly Verdict[] = ['logit', 'two-class', 'energy'];
export const outputActivations = ['linear', 'tanh'] as const;

/**
 * The verdict of an architecture that has no autoencoder; it refuses the losses that need one.
 * @throws GanKitError `incompatible` for an energy.
 */
export function withoutEnergy(architecture: string, verdict: Verdict): 'logit' | 'two-class' {
  checkChoice('verdict', verdict, verdicts);
  if (verdict !== 'energy') return verdict;
  throw new GanKitError(
    'incompatible',
    `The model '${architecture}' has no discriminator that gives an energy; choose dcgan or mlp, or another loss.`,
    { value: verdict },
  );
}

/** Units of the layer that gives a verdict. */
export function verdictUnits(verdict: 'logit' | 'two-class'): number {
  return verdict === 'two-class' ? 2 : 1;
}
