import type { Conditioning } from '@gankit/core';
import { batchLabels } from './batch-labels.ts';

/**
 * Both players are told the classes of the real samples, and generated samples get the same ones: sample i of the fakes is to be of
 * the class of real sample i. So classes are as frequent in the fakes as in the data.
 * @throws GanKitError `incompatible`, when it is used, for data without labels.
 */
export function dataLabels(): Conditioning {
  return {
    name: 'data-labels',
    condition: (batch) => ({ real: { labels: batchLabels('data-labels', batch).clone() } }),
  };
}
