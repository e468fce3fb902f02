// Finds parts that do not fit together when they are put together, not at step 900.
import {
  type AdversarialLoss,
  type Conditioning,
  type ConditionNeed,
  type Constraint,
  checkSameShape,
  type Discriminator,
  type GameObserver,
  GanKitError,
  type Generator,
  type Negatives,
  type Optimizer,
  type Penalty,
  type Player,
  satisfiesNeed,
  type UpdateSchedule,
  type Verdict,
} from '@gankit/core';
import { currentGenerator } from './negatives/current-generator.ts';
import type { WeightAverage } from './trainer-options.ts';

/** What two players and a rule are to each other, in one update or in all of them. */
export interface GameParts {
  readonly generator: Generator;
  readonly discriminator: Discriminator;
  readonly loss: AdversarialLoss;
  readonly penalties?: readonly Penalty[] | undefined;
  readonly constraints?: readonly Constraint[] | undefined;
  readonly negatives?: Negatives | undefined;
}

/** What is known of a whole run before it starts. */
export interface RunParts extends GameParts {
  readonly generatorOptimizer: Optimizer;
  readonly discriminatorOptimizer: Optimizer;
  readonly conditioning?: Conditioning | undefined;
  readonly schedule?: UpdateSchedule | undefined;
  readonly observers?: readonly GameObserver[] | undefined;
  readonly average?: WeightAverage | undefined;
}

const verdictWords: Readonly<Record<Verdict, string>> = {
  logit: 'one logit for each verdict',
  'two-class': 'two softmax units',
  energy: 'an energy, such as the reconstruction error of an autoencoder',
};

const fault = (message: string, value?: unknown) => new GanKitError('incompatible', message, { value });

function checkVerdict({ loss, discriminator }: GameParts): void {
  const { verdict: wanted = 'logit' } = loss;
  const { verdict: given = 'logit' } = discriminator;
  if (wanted === given) return;
  throw fault(
    `The loss '${loss.name}' needs ${verdictWords[wanted]}, but ${discriminator.name} gives ${verdictWords[given]}; choose another loss, or make the discriminator with { verdict: '${wanted}' }.`,
    given,
  );
}

function checkPenalty(penalty: Penalty, { discriminator, negatives = currentGenerator }: GameParts): void {
  const { name, player, needsHeads = [], verdicts, needsLatent = false } = penalty;
  const missing = needsHeads.filter((head) => !discriminator.heads.includes(head));
  if (missing.length > 0) {
    throw fault(
      `The penalty '${name}' needs the discriminator's ${missing.join(' and ')}, which ${discriminator.name} does not have.`,
      missing,
    );
  }
  const { verdict = 'logit' } = discriminator;
  if (verdicts !== undefined && !verdicts.includes(verdict)) {
    throw fault(
      `The penalty '${name}' cannot read ${verdictWords[verdict]}, which ${discriminator.name} gives; leave it out or choose another loss.`,
      verdict,
    );
  }
  if (needsLatent && player === 'discriminator' && negatives.fromLatent === false) {
    throw fault(
      `The penalty '${name}' needs the latents of the fakes, but the negatives '${negatives.name}' do not come from them.`,
    );
  }
}

/**
 * Checks what one update of one player is given.
 * @throws GanKitError `incompatible` that names the two parts and what the one needs.
 */
export function checkUpdate(player: Player, parts: GameParts): void {
  checkVerdict(parts);
  const other = player === 'generator' ? 'discriminator' : 'generator';
  const { penalties = [], constraints = [] } = parts;
  for (const part of [...penalties, ...constraints]) {
    if (part.player === player) continue;
    throw fault(
      `'${part.name}' belongs to the ${other}, but this updates the ${player}; leave it out here.`,
      part.name,
    );
  }
  for (const penalty of penalties) checkPenalty(penalty, parts);
}

/** @throws GanKitError `incompatible` when both players share one optimiser object, whose states would mix in silence. */
export function checkOptimizers({
  generatorOptimizer,
  discriminatorOptimizer,
}: Pick<RunParts, 'generatorOptimizer' | 'discriminatorOptimizer'>) {
  if (generatorOptimizer !== discriminatorOptimizer) return;
  throw fault(
    `Both players have the same optimiser '${generatorOptimizer.name}', whose moments and counts would mix; make one for each.`,
  );
}

function checkTwice(what: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw fault(
    `${what} '${twice}' is there twice, so that its state could not be told apart; leave one out or rename it.`,
    twice,
  );
}

/** Whether the conditioning tells everybody what they need, and somebody reads what it tells. */
function checkConditions({ generator, discriminator, penalties = [], conditioning }: RunParts): void {
  const readers = [
    { who: generator.name, needs: generator.needs, sides: ['fake'] as const },
    { who: discriminator.name, needs: discriminator.needs, sides: ['real', 'fake'] as const },
    // Which samples a penalty looks at it alone knows; generated ones it is told of in any case.
    ...penalties.map(({ name, needsCondition = [] }) => {
      return { who: `the penalty '${name}'`, needs: needsCondition, sides: ['fake'] as const };
    }),
  ];
  const isSomebody = readers.some(({ needs }) => needs === undefined || needs.length > 0);
  if (conditioning === undefined) {
    const reader = readers.find(({ needs = [] }) => needs.length > 0);
    if (reader === undefined) return;
    throw fault(
      `${capitalized(reader.who)} must be told ${wordsOf(reader.needs!)} of each sample, but there is no conditioning; give the trainer one, such as dataLabels().`,
      reader.needs,
    );
  }
  if (!isSomebody) {
    throw fault(
      `The conditioning '${conditioning.name}' tells the players something that neither ${generator.name} nor ${discriminator.name} nor a penalty reads; use conditional players, or leave it out.`,
      conditioning.name,
    );
  }
  const { gives } = conditioning;
  if (gives === undefined) return;
  for (const { who, needs = [], sides } of readers) {
    for (const side of sides) {
      const missing = needs.find((need) => !satisfiesNeed(need, gives[side]));
      if (missing === undefined) continue;
      const samples = side === 'real' ? 'real' : 'generated';
      throw fault(
        `${capitalized(who)} must be told ${wordsOf([missing])} of each ${samples} sample, which the conditioning '${conditioning.name}' does not tell; choose another conditioning or another player.`,
        missing,
      );
    }
  }
}

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const needWords: Readonly<Record<ConditionNeed, string>> = {
  class: 'the class',
  labels: 'the label',
  vectors: 'the vector',
  images: 'the image',
};
const wordsOf = (needs: readonly ConditionNeed[]) => needs.map((need) => needWords[need]).join(' and ');

/** Whether what is steered by the discriminator's accuracy has one. */
function checkSteering({ loss, schedule, observers = [] }: RunParts): void {
  if ((loss.decision ?? 'none') !== 'none') return;
  const steered = [
    ...(schedule?.steeredBy === 'accuracy' ? ['the schedule'] : []),
    ...observers.filter(({ steeredBy }) => steeredBy === 'accuracy').map(({ name }) => `'${name}'`),
  ];
  if (steered.length === 0) return;
  throw fault(
    `${capitalized(steered.join(' and '))} is steered by the discriminator's accuracy, but the loss '${loss.name}' draws no line between real and generated; choose another loss${schedule?.steeredBy === 'accuracy' ? ', a fixed schedule, or a target of lossRatio where both losses stay above 0' : ''}.`,
    loss.name,
  );
}

/** @throws GanKitError `incompatible` when a simultaneous step cannot be played with these negatives. */
export function checkSimultaneous({ negatives = currentGenerator }: Pick<GameParts, 'negatives'>): void {
  if (negatives === currentGenerator) return;
  throw fault(
    `A simultaneous step judges the generator's own samples once for both players; the negatives '${negatives.name}' need alternating updates.`,
    negatives.name,
  );
}

/**
 * Checks everything that can be known of a run before it starts.
 * @throws GanKitError `incompatible` that names the two parts and what the one needs.
 */
export function checkCompatibility(parts: RunParts): void {
  const { generator, discriminator, penalties = [], constraints = [], observers = [], schedule, average } = parts;
  checkSameShape(
    `The output of ${generator.name}`,
    generator.outputShape,
    `the input of ${discriminator.name}`,
    discriminator.inputShape,
  );
  checkVerdict(parts);
  checkOptimizers(parts);
  for (const penalty of penalties) checkPenalty(penalty, parts);
  for (const player of ['discriminator', 'generator'] as const) {
    const ofPlayer = (part: Penalty | Constraint) => part.player === player;
    checkTwice(
      `The ${player}'s penalty`,
      penalties.filter(ofPlayer).map(({ name }) => name),
    );
    checkTwice(
      `The ${player}'s constraint`,
      constraints.filter(ofPlayer).map(({ name }) => name),
    );
  }
  checkTwice(
    'The observer',
    observers.map(({ name }) => name),
  );
  checkConditions(parts);
  checkSteering(parts);
  if (schedule?.simultaneous) checkSimultaneous(parts);
  if (average?.of !== undefined && average.of !== generator) {
    throw fault(
      `The average is one of ${average.of.name}'s weights, but another generator is trained, ${generator.name}; make the average of this one.`,
    );
  }
}
