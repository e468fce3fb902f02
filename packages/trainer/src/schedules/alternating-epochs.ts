import { checkInteger, checkOptions, type Player, type UpdateSchedule } from '@gankit/core';

export interface AlternatingEpochsOptions {
  /** Samples in an epoch, usually the size of the data set. */
  readonly samplesPerEpoch: number;
  /** Epochs in a row in which only the discriminator learns; 1 by default. */
  readonly discriminatorEpochs?: number | undefined;
  /** Epochs in a row in which only the generator learns; 1 by default. */
  readonly generatorEpochs?: number | undefined;
  /** Who learns in the first epoch; the discriminator by default. */
  readonly first?: Player | undefined;
}

/**
 * One player stands still for whole epochs while the other makes one update in each step, then they change places. The turn is
 * read from the number of samples played, so it needs no state and resumes exactly.
 * @throws GanKitError `invalid-argument` for a number that is not whole or is below 1.
 */
export function alternatingEpochs(options: AlternatingEpochsOptions): UpdateSchedule {
  checkOptions('alternatingEpochs', options, {
    samplesPerEpoch: 'required',
    discriminatorEpochs: 'optional',
    generatorEpochs: 'optional',
    first: 'optional',
  });
  const { samplesPerEpoch, discriminatorEpochs = 1, generatorEpochs = 1, first = 'discriminator' } = options;
  checkInteger('samplesPerEpoch', samplesPerEpoch);
  checkInteger('discriminatorEpochs', discriminatorEpochs);
  checkInteger('generatorEpochs', generatorEpochs);
  const round = discriminatorEpochs + generatorEpochs;
  const firstEpochs = first === 'discriminator' ? discriminatorEpochs : generatorEpochs;
  return ({ samplesPlayed }) => {
    const epoch = Math.floor(samplesPlayed / samplesPerEpoch) % round;
    const discriminatorLearns = epoch < firstEpochs === (first === 'discriminator');
    return { discriminatorUpdates: discriminatorLearns ? 1 : 0, generatorUpdates: discriminatorLearns ? 0 : 1 };
  };
}
