/** Every row of the gradient table. */
import type { GradientCase } from '../gradient-case.ts';
import { activationCases } from './activations.ts';
import { arithmeticCases } from './arithmetic.ts';
import { convolutionCases } from './convolutions.ts';
import { lossCases } from './losses.ts';
import { matrixCases } from './matrices.ts';
import { normalizationCases } from './normalizations.ts';
import { poolingCases } from './pooling.ts';
import { rearrangementCases } from './rearrangements.ts';

export const gradientCases: readonly GradientCase[] = [
  ...activationCases,
  ...arithmeticCases,
  ...matrixCases,
  ...convolutionCases,
  ...poolingCases,
  ...normalizationCases,
  ...rearrangementCases,
  ...lossCases,
];
