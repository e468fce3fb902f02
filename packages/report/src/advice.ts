// What a finding means, and what to try: in words, and as commands that go on with the run.
import type { FindingKind } from '@gankit/core';
import type { ResolvedRecipe } from '@gankit/recipes';

/** Something to try. */
export interface Trial {
  /** What it does, in one sentence. */
  readonly why: string;
  /** Flags of `gankit train`, which go on with the run (`--resume RUN`) unless `anew`. */
  readonly flags: readonly string[];
  /** Whether it makes another run. */
  readonly anew?: boolean | undefined;
}

/** What a finding means in a run. */
export interface Advice {
  /** What was found, in a few words. */
  readonly title: string;
  /** What it means, for whoever meets it for the first time. */
  readonly meaning: string;
  readonly trials: readonly Trial[];
}

const short = (value: number) => String(Number(value.toPrecision(2)));

function rateOf({ learningRate }: { readonly [name: string]: unknown }): number {
  return typeof learningRate === 'number' ? learningRate : 2e-4;
}

const isWasserstein = ({ loss }: ResolvedRecipe) => loss.name === 'wasserstein';
const hasPenalty = ({ penalties }: ResolvedRecipe, name: string) => penalties.some((penalty) => penalty.name === name);
/** Losses whose discriminator answers with logits, for which R1 was made. */
const takesSlopes = ({ loss }: ResolvedRecipe) => !['ebgan', 'began', 'squared-error'].includes(loss.name);

/** Penalties of the recipe as flags, so that one more does not replace them. */
function withPenalty({ penalties }: ResolvedRecipe, added: string): readonly string[] {
  const text = penalties.map(({ name, ...options }) => {
    const pairs = Object.entries(options)
      .filter(([, value]) => ['number', 'boolean', 'string'].includes(typeof value))
      .map(([key, value]) => `${key}=${String(value)}`);
    return pairs.length === 0 ? name : `${name}:${pairs.join(',')}`;
  });
  return [...text, added].flatMap((penalty) => ['--penalty', penalty]);
}

/** A bound on the discriminator's slope, for a recipe that has none of its kind. */
function slopeBound(recipe: ResolvedRecipe): readonly Trial[] {
  if (!takesSlopes(recipe)) return [];
  if (isWasserstein(recipe)) {
    if (recipe.penalties.length > 0 || recipe.constraints.length > 0) return [];
    return [
      {
        why: 'A critic needs a bounded slope; the gradient penalty gives it one.',
        flags: withPenalty(recipe, 'gradient-penalty:weight=10'),
      },
    ];
  }
  if (hasPenalty(recipe, 'r1')) return [];
  return [
    {
      why: 'R1 keeps the discriminator flat around the data, so that its feedback leads somewhere wherever a sample is.',
      flags: withPenalty(recipe, 'r1:gamma=0.5'),
    },
  ];
}

/** What makes the discriminator's task harder. */
function harderTask(recipe: ResolvedRecipe, isImage: boolean): Trial {
  const has = (name: string) => recipe.stabilizers.some((stabilizer) => stabilizer.name === name);
  if (isImage && !has('diff-augment') && !has('adaptive-augment')) {
    return {
      why: 'Augmentation of all that it sees keeps the discriminator from learning a small set by heart.',
      flags: ['--augment', 'diff'],
    };
  }
  return {
    why: 'Noise on all that the discriminator sees makes real and generated overlap, so that there is a slope to follow.',
    flags: ['--instance-noise', '0.1'],
  };
}

/** Whether the loss draws a line between real and generated, which an adaptive schedule is steered by. */
const hasAccuracy = ({ loss }: ResolvedRecipe) =>
  !['wasserstein', 'ebgan', 'began', 'squared-error'].includes(loss.name);

/**
 * What a finding means, and what to try in a run of this recipe.
 * @param isImage Whether samples are images.
 */
export function adviceFor(finding: FindingKind, recipe: ResolvedRecipe, isImage: boolean): Advice {
  const { generator, discriminator } = recipe.optimizers;
  switch (finding) {
    case 'equilibrium':
      return {
        title: 'The game came to rest',
        meaning:
          'The discriminator had learned to tell real from generated, and now guesses. Either the samples are as good as it can see, and the run is done; or the discriminator is too weak to see what is wrong. The pictures and the metrics decide which.',
        trials: [
          {
            why: 'If the samples are not good enough: a wider discriminator sees more. That makes another run.',
            flags:
              recipe.discriminator.name === 'mlp'
                ? ['--set', 'discriminator.hidden=[256,256]']
                : ['--set', 'discriminator.width=128'],
            anew: true,
          },
          {
            why: 'If they are: a moving average of the weights is steadier than the weights.',
            flags: ['--average', '10000'],
          },
        ],
      };
    case 'feedback-useless':
      return {
        title: 'The generator learns nothing from the discriminator',
        meaning:
          'The discriminator takes generated samples for as real as the data, and what it says no longer moves the generator. If the samples are good, that is the end of the game; if not, the discriminator has lost it and must catch up.',
        trials: [
          {
            why: 'More updates of the discriminator for each of the generator.',
            flags: ['--discriminator-steps', '2'],
          },
          ...(hasAccuracy(recipe)
            ? [
                {
                  why: 'As many updates as keep the discriminator right about 70 % of the samples.',
                  flags: ['--schedule', 'adaptive:accuracy=0.7'],
                },
              ]
            : []),
          {
            why: 'A faster discriminator: four times its learning rate.',
            flags: ['--discriminator-learning-rate', short(4 * rateOf(discriminator))],
          },
        ],
      };
    case 'discriminator-too-strong':
      return {
        title: 'The discriminator is always right',
        meaning:
          'It tells every generated sample from every real one, so surely that the slope the generator would climb is almost flat: the generator hardly moves.',
        trials: [
          ...slopeBound(recipe),
          harderTask(recipe, isImage),
          {
            why: 'A slower discriminator: a quarter of its learning rate.',
            flags: ['--discriminator-learning-rate', short(rateOf(discriminator) / 4)],
          },
        ],
      };
    case 'mode-collapse':
      return {
        title: 'The generator makes too few different samples',
        meaning:
          'Different latents give almost the same sample: the generator found something that convinces the discriminator and repeats it. The discriminator will learn to refuse it, and the generator may run on to the next.',
        trials: [
          ...slopeBound(recipe),
          ...(recipe.negatives.name === 'replay'
            ? []
            : [
                {
                  why: 'Show the discriminator what was generated before as well, so that it forgets no trick.',
                  flags: ['--negatives', 'replay'],
                },
              ]),
          ...(recipe.loss.name === 'relativistic-pairing' || !takesSlopes(recipe)
            ? []
            : [
                {
                  why: 'The loss of R3GAN compares each generated sample with a real one and drops few modes; it needs R1 and R2.',
                  flags: ['--loss', 'relativistic-pairing', '--penalty', 'r1:gamma=0.5', '--penalty', 'r2:gamma=0.5'],
                },
              ]),
        ],
      };
    case 'divergence':
      return {
        title: 'A number became infinite, or none at all',
        meaning:
          'A player took a step so large that its numbers ran out of range. What was computed after that is worth nothing; the run went back to its last checkpoint where it could.',
        trials: [
          {
            why: 'Smaller steps: a quarter of the learning rate.',
            flags: ['--learning-rate', short(Math.min(rateOf(generator), rateOf(discriminator)) / 4)],
          },
          { why: 'A bound on the length of each step.', flags: ['--clip-gradients', '1'] },
          ...slopeBound(recipe),
        ],
      };
  }
}

/** A word of a command line, in quotes where a shell would take it apart. */
export function shellWord(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A trial as a command. @param path The folder of the run. @param moreSteps The new last step, for a run that has made all of its steps. */
export function trialCommand({ flags, anew }: Trial, path: string, moreSteps?: number): string {
  const words = anew
    ? ['gankit', 'train', '--recipe', `${path}/recipe.json`, ...flags]
    : [
        'gankit',
        'train',
        '--resume',
        path,
        ...flags,
        ...(moreSteps === undefined ? [] : ['--steps', String(moreSteps)]),
      ];
  return words.map(shellWord).join(' ');
}
