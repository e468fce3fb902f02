// The questions, in the order in which a newcomer asks them. The measured answers are those of docs/game.md.
import { digitsRecipe, ringRecipe } from '../presets.ts';
import type { Question } from './question.ts';

const ring = (changes: Readonly<Record<string, unknown>> = {}) => ({ ...ringRecipe, ...changes });

/** Adam as it comes, whose momentum carries a generator past what it was told. */
const hasty = { name: 'adam', learningRate: 1e-3, beta1: 0.9, beta2: 0.99 };

export const questions: readonly Question[] = [
  {
    id: 'negatives',
    title: 'Why must the discriminator see what the generator makes?',
    texts:
      'Could it not learn from real data mixed with less and less noise? One side says that fakes near the data are the boundary cases that teach it. The other says that it only has to become fuzzy, so noise should serve as well.',
    experiment: { recipe: ring(), against: { negatives: { name: 'annealed-noise' } } },
    names: ["the generator's own samples", 'annealed noise'],
    controls: ['negatives'],
    watch: [
      'The colour under the orange points. On the left it turns red wherever they gather, on the right it stays what it was.',
      'The arrows. Where nobody corrects the discriminator, they lead out of the picture.',
      'Modes found, after a thousand steps.',
    ],
    measured:
      "With noise alone no game of three found a single mode: the discriminator learned its task and took nearly every sample of the generator for real. With the generator's own samples 7.7 of 8 were found. A discriminator that never sees fakes is not fuzzy, it is blind.",
    section: 'why-must-the-discriminator-see-what-the-generator-makes',
    source: 'asked of every introduction; replay after Shrivastava et al. 2017',
  },
  {
    id: 'frozen',
    title: 'What if the discriminator stands still?',
    texts: 'The texts say that the generator learns to fool a fixed discriminator with one trick, and stops.',
    experiment: { recipe: ring(), against: { schedule: { name: 'freeze', after: 300 } } },
    names: ['it goes on learning', 'frozen after 300 steps'],
    controls: ['schedule'],
    watch: [
      'The colours on the right, which do not move any more after step 300.',
      'Where the orange points go then: up the slope, to a place where there are no data.',
      'The losses: the generator has won, and nobody answers.',
    ],
    measured:
      'Frozen from the start or after a quarter of the steps, no game found anything: the generator walks to where the discriminator says "real". Within a few hundred updates every fake passed.',
    section: 'what-if-the-discriminator-is-fixed-or-perfect',
    source: 'Goodfellow et al. 2014, section 4',
  },
  {
    id: 'one-number',
    title: 'How can one number teach an image?',
    texts:
      'The discriminator returns one number and the generator makes 784 pixels. Is the error divided among them? The discriminator and the generator are one network here: the chain rule leads through the first to every pixel, and on into the second.',
    experiment: { recipe: digitsRecipe },
    layers: { gradient: true },
    controls: [],
    watch: [
      'The colours over each picture: blue asks for brighter, red for darker, none for as it is.',
      'How they follow the strokes more and more. At first they ask all pictures for the same.',
      'The bar under each picture: the verdict, which is the one number.',
    ],
    measured:
      'After one step the gradient is noise. After 20 it asks for something bright in the middle, after 60 it follows the shape of each sample, after 200 the edges of the strokes. Nothing is shared out: the discriminator says what it would change, place by place.',
    section: 'how-can-one-number-teach-an-image',
    source: 'the chain rule; the question of many readers',
  },
  {
    id: 'saturating',
    title: 'Saturating or non-saturating: does it matter?',
    texts:
      "Both are called the generator's loss: log(1 - D(G(z))), which the two-player value says, and -log D(G(z)), which the same paper trains with. A perfect discriminator is said to give no gradient to the first.",
    experiment: {
      recipe: ring({ schedule: { name: 'warm-up', player: 'discriminator', steps: 200 } }),
      against: { loss: { name: 'minimax' } },
    },
    names: ['non-saturating', 'saturating (minimax)'],
    controls: ['loss'],
    watch: [
      'The first 200 steps: the discriminator alone learns, in both games.',
      'Then how fast the orange points move on each side.',
      'Modes found. The saturating one loses more by the head start.',
    ],
    measured:
      'After a head start of 500 steps the saturating loss ended with 3.7 modes of 8, the non-saturating with 5.3: fakes of which the discriminator is sure teach the saturating one little.',
    section: 'what-if-the-discriminator-is-fixed-or-perfect',
    source: 'Goodfellow et al. 2014, section 3',
  },
  {
    id: 'k',
    title: 'How many discriminator steps for each of the generator?',
    texts:
      'k above 1 is said to be needed often, and the two to keep pace: too strong a discriminator rejects all, too weak a one misleads.',
    experiment: { recipe: ring(), against: { schedule: { name: 'fixed', discriminatorUpdates: 5 } } },
    names: ['k = 1', 'k = 5'],
    controls: ['schedule'],
    watch: [
      'The accuracy: nearer to 1 with k = 5.',
      'The colours: five updates draw the borders sharper.',
      'Try the adaptive schedule: it looks for the k that keeps the accuracy at 75 %.',
    ],
    measured:
      'At equal cost one update each was enough on the ring: the larger k, the fewer samples lay on the modes. With as many generator updates, k = 5 was as exact at nearly three times the cost. Adaptive k settled at four, and made the best of them.',
    section: 'how-many-discriminator-updates-for-each-of-the-generator',
    source: 'Goodfellow et al. 2014, algorithm 1; Arjovsky et al. 2017 for k = 5',
  },
  {
    id: 'epochs',
    title: 'Turns of one step, or of whole epochs?',
    texts:
      'Must one player stand still while the other learns, and for how long? Tutorials freeze one for an epoch or more.',
    experiment: { recipe: ring(), against: { schedule: { name: 'epochs' } } },
    names: ['a step each', 'an epoch each'],
    controls: ['schedule'],
    watch: [
      'How the points on the right rush in one direction while nobody answers.',
      'The losses: a saw.',
      'Modes, which are lost again and again.',
    ],
    measured:
      'The longer the turns, the worse: with 50 updates in a row 3.3 modes of 8 were left, with 200 in a row 2.0. Standing still is not what keeps the game stable; a discriminator that answers at once is.',
    section: 'how-many-discriminator-updates-for-each-of-the-generator',
    source: 'the tutorials that freeze one player at a time',
  },
  {
    id: 'simultaneous',
    title: 'Both players at once?',
    texts:
      'The first Chainer example computes both losses from one forward pass and updates both players together. Is that the same as taking turns?',
    experiment: {
      recipe: ring({
        generator: { name: 'mlp', latentSize: 2, latentDistribution: 'uniform', hidden: [128, 128] },
        loss: { name: 'two-class-softmax' },
      }),
      against: { schedule: { name: 'simultaneous' } },
    },
    names: ['in turn', 'at once'],
    controls: ['schedule', 'loss'],
    watch: [
      'The same seed, and yet two games after a few steps.',
      'Which one circles around its modes.',
      'The shares of high quality after 2,000 steps.',
    ],
    measured:
      'Not the same curve. Both found all modes, but turns placed 64 % of the samples on them and both at once 42 %, one game of three hardly any. It saves one forward pass, and is less steady.',
    section: 'both-players-at-once-from-one-forward-pass',
    source: 'the Chainer DCGAN of 2015',
  },
  {
    id: 'past-half',
    title: 'Is it over when the discriminator is right half of the time?',
    texts: 'From 50 % on its feedback is said to be useless, and going on to spoil the generator.',
    experiment: { recipe: ring({ data: { name: 'ring', standardDeviation: 0.05 }, stopping: { steps: 50_000 } }) },
    controls: ['stabilizers'],
    watch: [
      'The accuracy as it comes down to one half, and what the monitor says then.',
      'The share of high quality from there on: it moves, and does not fall for good.',
      'The colours: half right on average is not the same as grey everywhere.',
    ],
    measured:
      'When the monitor said equilibrium, samples were near the data, and they still came up to three times nearer afterwards. Going on did not spoil the generator, it made it jump: keep the best one, and be patient.',
    section: 'when-is-training-over',
    source: 'the usual advice; early stopping as in docs/game.md',
  },
  {
    id: 'squared-error',
    title: 'Would a squared error do without a discriminator?',
    texts:
      'Comparing each generated sample with a real one is said to work a little on simple sets, and to blur: it is local, not global.',
    experiment: { recipe: ring(), against: { loss: { name: 'squared-error' } } },
    names: ['a discriminator', 'squared error'],
    controls: ['loss'],
    watch: [
      'Where all points go on the right: to the middle, which is the mean of the data and no part of it.',
      'The number of modes there: none.',
    ],
    measured:
      'The best answer to a squared error is the mean of the data, whatever the noise says. On a ring that is its empty middle; on digits it is a grey cloud.',
    section: '',
    source: 'regression; Isola et al. 2017 use it beside a discriminator',
  },
  {
    id: 'mode-collapse',
    title: 'Mode collapse, and what helps',
    texts:
      'A generator that fools the discriminator in one place may stay there. Many cures were published; each makes the discriminator gentler or its memory longer.',
    experiment: {
      recipe: ring({
        schedule: { name: 'fixed', discriminatorUpdates: 1, generatorUpdates: 10 },
        optimizers: { generator: hasty, discriminator: hasty },
      }),
      against: {
        stabilizers: [{ name: 'instance-noise', from: 0.2, until: 0.25 }, { name: 'monitor' }],
        schedule: { name: 'fixed', generatorUpdates: 1 },
      },
    },
    names: ['ten generator steps each', 'one, with instance noise'],
    controls: ['schedule', 'penalties', 'stabilizers', 'negatives', 'loss'],
    watch: [
      'How the points on the left jump from mode to mode together.',
      'What the monitor says of their diversity.',
      'Add a penalty to the left game (r1, gradient-penalty), or a replay buffer, and watch them spread.',
    ],
    measured:
      'Five generator updates for each of the discriminator left 5.0 modes of 8; ten, with the momentum of this game, end on one. Instance noise, gone at half time, found all 8 with the evenest shares of all games in the table.',
    section: 'why-must-the-discriminator-see-what-the-generator-makes',
    source: 'Metz et al. 2017; Sonderby et al. 2017; Mescheder et al. 2018 for r1',
  },
  {
    id: 'conditions',
    title: 'Does it help to say the class?',
    texts:
      'Both players may be told what a sample should be. The discriminator then judges whether it is real and whether it is that.',
    experiment: { recipe: digitsRecipe, against: { conditioning: [] } },
    names: ['told the digit', 'told nothing'],
    controls: ['conditioning'],
    watch: ['Columns on the left are one digit each; on the right nobody knows which.', 'Which side is legible first.'],
    measured:
      'With the class told and a projection discriminator, a classifier that never met the generator took 98.3 % of the samples for what was ordered.',
    section: '',
    source: 'Mirza and Osindero 2014; Miyato and Koyama 2018',
  },
  {
    id: 'latent',
    title: 'A vector or a matrix of noise? And how many numbers?',
    texts:
      'The generator stretches the space of its noise over the data. How much space does it need, and does its shape matter?',
    experiment: {
      recipe: ring({ generator: { name: 'mlp', latentSize: 1, hidden: [128, 128] } }),
      against: { generator: { name: 'mlp', latentSize: 2, hidden: [128, 128] } },
    },
    names: ['one number', 'two numbers'],
    layers: { manifold: true, gradient: false },
    controls: ['generator'],
    watch: [
      'The warped grid: one number can only be a thread, and has to run through the gaps between modes.',
      'How two numbers fold the plane over the ring.',
      'Samples between modes: the bridges that continuous networks cannot avoid.',
    ],
    measured:
      'Not measured in numbers, but to be seen: a vector is a matrix that was laid flat, and with dense layers nothing changes but the count of weights. What counts is how many numbers there are.',
    section: '',
    source: 'Goodfellow et al. 2014; DCGAN (Radford et al. 2016) for maps of noise',
  },
  {
    id: 'more-numbers',
    title: 'More than one number from the discriminator?',
    texts:
      'It could say more than real or not: two units, a map of patches, an energy, features for the generator to match.',
    experiment: { recipe: ring(), against: { penalties: [{ name: 'feature-matching' }] } },
    names: ['one number', 'and its features matched'],
    controls: ['penalties', 'loss'],
    watch: [
      'The arrows: with features matched they point to where the real ones are as a crowd.',
      'How early modes are found on either side.',
      'Try the loss two-class-softmax: two numbers, the same game.',
    ],
    measured:
      'Two softmax units in turn found all 8 modes with 64 % on them, as one number did (7.7 and 65 %): the difference of both is one number again. Feature matching was not measured on the ring; try it here.',
    section: 'both-players-at-once-from-one-forward-pass',
    source: 'Salimans et al. 2016 (feature matching); Isola et al. 2017 (patches)',
  },
];
