// Which curves stand together in a chart, and what a newcomer should know when looking at it.
import type { Curve } from './curves.ts';
import type { RunStory } from './run-story.ts';

export interface Chart {
  readonly title: string;
  /** What it shows and how to read it, in one or two sentences. */
  readonly caption: string;
  readonly yScale?: 'linear' | 'log' | undefined;
  readonly yRange?: readonly [low: number, high: number] | undefined;
  readonly lines: readonly { readonly label: string; readonly curve: Curve }[];
}

type Named = readonly (readonly [name: string, label: string])[];

/** Charts of numbers that every game has, in the order in which one looks at them. */
const usual: readonly (Omit<Chart, 'lines'> & { readonly lines: Named })[] = [
  {
    title: 'Losses',
    caption:
      'The loss of the game alone, without penalties, for each player. In a GAN neither falls to nothing: each is judged by the other, and a loss that stays where it is may mean progress.',
    lines: [
      ['discriminator.adversarialLoss', 'discriminator'],
      ['generator.adversarialLoss', 'generator'],
    ],
  },
  {
    title: 'What the discriminator says',
    caption:
      'The probability of being real that it gives to real samples, D(x), and to generated ones, D(G(z)). Far apart: it sees the difference. Both at one half: it guesses.',
    yRange: [0, 1],
    lines: [
      ['discriminator.realScore', 'of real samples, D(x)'],
      ['generator.fakeScore', 'of generated ones, D(G(z))'],
    ],
  },
  {
    title: 'The discriminator’s outputs',
    caption:
      'Its mean output on real and on generated samples, as the loss reads it; only the distance between the two has a meaning.',
    lines: [
      ['discriminator.realLogit', 'on real samples'],
      ['generator.fakeLogit', 'on generated ones'],
    ],
  },
  {
    title: 'How often the discriminator is right',
    caption:
      'The share of samples on the right side of the line that this loss draws. One half is guessing, one is always right.',
    yRange: [0, 1],
    lines: [
      ['accuracy', 'about all'],
      ['discriminator.realAccuracy', 'about real samples'],
      ['discriminator.fakeAccuracy', 'about its fakes'],
    ],
  },
  {
    title: 'Gradient norms',
    caption:
      'How strongly each player is pulled, on a logarithmic axis. A generator’s norm that falls to a hundredth has nothing left to learn from; one that climbs without end is about to diverge.',
    yScale: 'log',
    lines: [
      ['discriminator.gradientNorm', 'discriminator'],
      ['generator.gradientNorm', 'generator'],
    ],
  },
  {
    title: 'How much the weights change',
    caption: 'The norm of an update over the norm of the weights, on a logarithmic axis. About a thousandth is usual.',
    yScale: 'log',
    lines: [
      ['discriminator.updateRatio', 'discriminator'],
      ['generator.updateRatio', 'generator'],
    ],
  },
  {
    title: 'Diversity of the samples',
    caption:
      'The standard deviation of generated samples over a batch, averaged over their numbers. A sudden fall is a collapse.',
    lines: [['generator.sampleDiversity', 'of generated samples']],
  },
];

/** The charts of a run: only those that its loss and its recipe give numbers for. */
export function chartsOf({ curves, measurements }: Pick<RunStory, 'curves' | 'measurements'>): Chart[] {
  const byName = new Map(curves.map((curve) => [curve.name, curve]));
  const linesOf = (named: Named) =>
    named.flatMap(([name, label]) => {
      const curve = byName.get(name);
      return curve === undefined ? [] : [{ label, curve }];
    });
  const charts: Chart[] = [];
  for (const { lines, ...chart } of usual) {
    const present = linesOf(lines);
    // Where there are probabilities nobody needs the logits behind them.
    const known = chart.title.endsWith('outputs') && byName.has('discriminator.realScore');
    if (present.length > 0 && !known) charts.push({ ...chart, lines: present });
  }
  const penalties = curves.flatMap((curve) => {
    const [, player, name] = /^(discriminator|generator)\.penalties\.(.+)$/s.exec(curve.name) ?? [];
    return name === undefined ? [] : [{ label: `${name} (${player})`, curve }];
  });
  if (penalties.length > 0) {
    charts.splice(1, 0, {
      title: 'Penalties',
      caption:
        'What each penalty adds to the loss of its player, weight included. A lazy penalty is evaluated only now and then.',
      lines: penalties,
    });
  }
  const names = [...new Set(measurements.flatMap(({ values }) => Object.keys(values)))];
  for (const name of names) {
    const points = measurements.flatMap(({ step, values }) => {
      const value = values[name];
      return value === undefined ? [] : [{ step, mean: value, least: value, greatest: value }];
    });
    // One number is said in words.
    if (points.length < 2) continue;
    charts.push({
      title: name,
      caption: 'A metric of the recipe, of the same latents each time.',
      lines: [{ label: name, curve: { name, points } }],
    });
  }
  return charts;
}
