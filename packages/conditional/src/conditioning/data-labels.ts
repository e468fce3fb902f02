import { type Conditioning, checkOptions } from '@gankit/core';
import { checkClasses } from '../labels.ts';
import { batchLabels, labelsForBoth } from './batch-labels.ts';

/** Options of {@link dataLabels}. */
export interface DataLabelsOptions {
  /**
   * Number of classes. When it is given, every label of every batch is checked, which costs nothing for labels that come from memory
   * (those that were computed on a GPU are waited for). Without it the players check the first labels that they are trained with.
   */
  readonly classes?: number | undefined;
}

/**
 * Both players are told the classes of the real samples, and generated samples get the same ones: sample i of the fakes is to be of
 * the class of real sample i. So classes are as frequent in the fakes as in the data.
 * @throws GanKitError `invalid-argument` for fewer than 2 classes; when it is used, `incompatible` for data without labels and
 *   `invalid-data` for a label that is not from 0 to classes - 1.
 */
export function dataLabels(options: DataLabelsOptions = {}): Conditioning {
  checkOptions('dataLabels', options, { classes: 'optional' });
  const { classes } = options;
  if (classes !== undefined) checkClasses(classes);
  const name = 'data-labels';
  return {
    name,
    gives: labelsForBoth,
    condition: (batch) => ({ real: { labels: batchLabels(name, batch, classes).clone() } }),
  };
}
