import { type Conditioning, checkChoice, checkOptions } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { type CodeSpecification, codeLength, codeNames } from '../code-specification.ts';

/** Options of {@link codes}. */
export interface CodesOptions extends CodeSpecification {
  /** How the real numbers are drawn: `uniform` in [-1, 1) (the default, as in the paper) or `normal`, N(0, 1). */
  readonly continuousDistribution?: 'uniform' | 'normal' | undefined;
}

/**
 * InfoGAN's codes: each generated sample is told a fresh vector, one-hot choices and then real numbers; nothing is said of real
 * samples, and the data need no labels. Source: Chen et al. 2016.
 * @throws GanKitError `invalid-argument` for an empty code, or a part of fewer than 2 choices; `unknown-name` for another distribution.
 */
export function codes(options: CodesOptions): Conditioning {
  checkOptions('codes', options, { ...codeNames, continuousDistribution: 'optional' });
  const { categorical = [], continuous = 0, continuousDistribution = 'uniform' } = options;
  checkChoice('continuousDistribution', continuousDistribution, ['uniform', 'normal']);
  const length = codeLength(options);
  return {
    name: 'codes',
    gives: { real: [], fake: ['vectors'] },
    condition({ data }, random) {
      const batch = data.shape[0]!;
      const rows = random.perRow(batch, () => {
        const values = new Array<number>(length).fill(0);
        let at = 0;
        for (const choices of categorical) {
          values[at + random.integer(choices)] = 1;
          at += choices;
        }
        for (let index = 0; index < continuous; index++) {
          values[at + index] = continuousDistribution === 'normal' ? random.normal() : 2 * random.uniform() - 1;
        }
        return values;
      });
      return { fake: { vectors: tf.tensor2d(rows, [batch, length]) } };
    },
  };
}
