// Finds parts that do not fit together when they are put together, not at step 900.
import {
  type AdversarialLoss,
  checkSameShape,
  type Discriminator,
  GanKitError,
  type Generator,
  type Negatives,
  type Penalty,
} from '@gankit/core';

export interface Parts {
  readonly generator: Generator;
  readonly discriminator: Discriminator;
  readonly loss: AdversarialLoss;
  readonly penalties: readonly Penalty[];
  readonly negatives: Negatives;
}

const verdictOf = { any: 'logit', 'two-class': 'two-class', energy: 'energy' } as const;

const verdictWords = {
  logit: 'logits that are higher for real samples',
  'two-class': 'two softmax units',
  energy: 'an energy, such as the reconstruction error of an autoencoder',
} as const;

/**
 * Checks that generator, discriminator, loss and penalties fit.
 * @throws GanKitError `incompatible` that names the two parts and what the one needs.
 */
export function checkCompatibility({ generator, discriminator, loss, penalties, negatives }: Parts): void {
  const fault = (message: string) => new GanKitError('incompatible', message);
  checkSameShape(
    `The output of ${generator.name}`,
    generator.outputShape,
    `the input of ${discriminator.name}`,
    discriminator.inputShape,
  );
  const wanted = verdictOf[loss.logits ?? 'any'];
  const given = discriminator.verdict ?? 'logit';
  if (wanted !== given) {
    throw fault(
      `The loss '${loss.name}' needs ${verdictWords[wanted]}, but ${discriminator.name} gives ${verdictWords[given]}; choose another loss or another discriminator.`,
    );
  }
  const names = new Set<string>();
  for (const penalty of penalties) {
    const missing = penalty.needsHeads.filter((head) => !discriminator.heads.includes(head));
    if (missing.length > 0) {
      throw fault(
        `The penalty '${penalty.name}' needs the discriminator's ${missing.join(' and ')}, which ${discriminator.name} does not have.`,
      );
    }
    if (penalty.logits === 'one-unit' && given === 'two-class') {
      throw fault(
        `The penalty '${penalty.name}' needs one verdict for each sample, but ${discriminator.name} gives two units.`,
      );
    }
    if (penalty.needsLatent && penalty.player === 'discriminator' && negatives.fromLatent === false) {
      throw fault(
        `The penalty '${penalty.name}' needs the latents of the fakes, but the negatives '${negatives.name}' do not come from them.`,
      );
    }
    const key = `${penalty.player} ${penalty.name}`;
    if (names.has(key)) {
      throw fault(
        `The ${penalty.player} has the penalty '${penalty.name}' twice; give one of them another name or weight.`,
      );
    }
    names.add(key);
  }
}
