// Draws docs/images/losses/*.svg: each loss and its gradient against the logit, computed by the library itself.
//
//   npx tsx scripts/losses-pictures.ts
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AdversarialLoss } from '@gankit/core';
import { divergences, fGan } from '@gankit/losses';
import { losses } from '@gankit/losses/registry';
import { type Line, lineChart } from '@gankit/pictures';
import * as tf from '@tensorflow/tfjs';

const folder = fileURLToPath(new URL('../docs/images/losses/', import.meta.url));
const colours = { real: '#1a7f5a', fake: '#c0392b', generator: '#2457c5' };

type Curve = 'discriminator on real' | 'discriminator on generated' | 'generator';

/** One logit as the discriminator would give it for a batch of one. */
function logitsOf(loss: AdversarialLoss, x: tf.Tensor): tf.Tensor {
  const one = tf.reshape(x, [1, 1]);
  return loss.verdict === 'two-class' ? tf.concat([one, tf.zerosLike(one)], 1) : one;
}

/** Value and derivative of one player's loss as a function of one logit, the other logit at 0. */
function curve(loss: AdversarialLoss, which: Curve, xs: readonly number[]) {
  const values: [number, number][] = [];
  const slopes: [number, number][] = [];
  for (const x of xs) {
    tf.tidy(() => {
      const { value, grad } = tf.valueAndGrad((logit: tf.Tensor) => {
        const moved = { logits: logitsOf(loss, logit) };
        const fixed = { logits: logitsOf(loss, tf.scalar(0)) };
        const samples = { real: tf.zeros([1, 1]), fake: tf.reshape(logit, [1, 1]) };
        const scalar =
          which === 'generator'
            ? loss.generatorLoss({ fake: moved, real: fixed, samples })
            : loss.discriminatorLoss(
                which === 'discriminator on real' ? { real: moved, fake: fixed } : { real: fixed, fake: moved },
              );
        return tf.add(scalar, tf.mul(0, logit)) as tf.Scalar;
      })(tf.scalar(x));
      values.push([x, value.dataSync()[0]!]);
      slopes.push([x, grad.dataSync()[0]!]);
    });
  }
  return { values, slopes };
}

/** A range that shows all lines, but never more than the limit. */
function rangeOf(lines: readonly Line[], limit: number): [number, number] {
  const ys = lines.flatMap(({ points }) => points.map(([, y]) => y)).filter((y) => Math.abs(y) <= limit);
  const low = Math.min(0, ...ys);
  const high = Math.max(0, ...ys);
  const margin = Math.max((high - low) * 0.06, 0.05);
  return [low - margin, high + margin];
}

function steps(from: number, to: number): number[] {
  const count = 120;
  return Array.from({ length: count + 1 }, (_, index) => from + ((to - from) * index) / count);
}

function draw(file: string, title: string, loss: AdversarialLoss): void {
  const energy = loss.verdict === 'energy';
  const compares = loss.generatorNeeds?.includes('samples') === true;
  const xs = energy ? steps(0, 14) : steps(-6, 6);
  const xLabel = energy
    ? 'energy (reconstruction error)'
    : compares
      ? 'generated minus real number'
      : loss.verdict === 'two-class'
        ? 'logit of real minus logit of generated'
        : 'logit';
  const which: Curve[] = compares
    ? ['generator']
    : ['discriminator on real', 'discriminator on generated', 'generator'];
  const lines = which.map((name) => {
    const { values, slopes } = curve(loss, name, xs);
    const colour = name === 'generator' ? colours.generator : name.endsWith('real') ? colours.real : colours.fake;
    return { label: name, colour, values, slopes, dashed: name !== 'generator' };
  });
  const panel = (kind: 'values' | 'slopes') =>
    lines.map(({ label, colour, dashed, ...points }): Line => ({ label, colour, dashed, points: points[kind] }));
  const limit = 12;
  writeFileSync(
    `${folder}${file}.svg`,
    lineChart([
      { title: `${title}: loss`, xLabel, lines: panel('values'), yRange: rangeOf(panel('values'), limit) },
      { title: 'gradient', xLabel, lines: panel('slopes'), yRange: rangeOf(panel('slopes'), limit) },
    ]),
  );
}

/** The generator's side of several losses: who still teaches when the discriminator is sure that a sample is fake? */
function drawComparison(): void {
  const chosen = [
    ['minimax', '#c0392b'],
    ['non-saturating', '#2457c5'],
    ['least-squares', '#1a7f5a'],
    ['wasserstein', '#8e44ad'],
  ] as const;
  const curves = chosen.map(([name, colour]) => ({
    name,
    colour,
    ...curve(losses.create({ name }, {}), 'generator', steps(-8, 4)),
  }));
  const lines = (kind: 'values' | 'slopes', sign = 1): Line[] =>
    curves.map(({ name, colour, ...points }) => ({
      label: name,
      colour,
      points: points[kind].map(([x, y]): [number, number] => [x, sign * y]),
    }));
  writeFileSync(
    `${folder}generator-gradients.svg`,
    lineChart([
      {
        title: "the generator's loss",
        xLabel: 'logit of a generated sample',
        lines: lines('values'),
        yRange: [-6, 8.5],
      },
      {
        title: 'how hard it pulls: minus the gradient',
        xLabel: 'logit of a generated sample',
        lines: lines('slopes', -1),
        yRange: [-0.1, 2.1],
      },
    ]),
  );
}

await tf.setBackend('cpu');
mkdirSync(folder, { recursive: true });
for (const name of losses.names.filter((candidate) => candidate !== 'f-gan'))
  draw(name, name, losses.create({ name }, {}));
for (const divergence of divergences) draw(`f-gan-${divergence}`, `f-gan, ${divergence}`, fGan({ divergence }));
drawComparison();
