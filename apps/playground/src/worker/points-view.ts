// The two-dimensional picture: fakes, arrows, the discriminator's verdict on the plane, the generator's warped grid.
import { labelTensor } from '@gankit/conditional';
import { type Condition, drawLatent } from '@gankit/core';
import type { PointDistribution } from '@gankit/data';
import { classesInTurn, type Run } from '@gankit/recipes';
import { gradientAttribution } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';
import { type Layers, manifoldSide, type PointsFrame, planeReach, verdictSide } from '../protocol.ts';
import { lineOf, realness, verdicts } from './verdict.ts';
import type { View } from './view.ts';

const fakeCount = 256;
const realCount = 512;

/** The middle of each cell of the plane, rows from the top. */
function cells(): tf.Tensor2D {
  const at = (index: number) => planeReach * ((2 * index + 1) / verdictSide - 1);
  const values = new Float32Array(2 * verdictSide ** 2);
  for (let cell = 0; cell < verdictSide ** 2; cell++) {
    values[2 * cell] = at(cell % verdictSide);
    values[2 * cell + 1] = -at(Math.floor(cell / verdictSide));
  }
  return tf.tensor2d(values, [verdictSide ** 2, 2]);
}

/** Latents on a grid over the first two of their numbers, the others 0; a single row where there is one number. */
function latentGrid(size: number, isNormal: boolean): tf.Tensor2D {
  // Most of a normal distribution lies within two standard deviations.
  const reach = isNormal ? 2 : 1;
  const at = (index: number) => reach * ((2 * index) / (manifoldSide - 1) - 1);
  const rows = size === 1 ? 1 : manifoldSide;
  const values = new Float32Array(rows * manifoldSide * size);
  for (let point = 0; point < rows * manifoldSide; point++) {
    values[point * size] = at(point % manifoldSide);
    if (size > 1) values[point * size + 1] = at(Math.floor(point / manifoldSide));
  }
  return tf.tensor2d(values, [rows * manifoldSide, size]);
}

async function numbers(tensor: tf.Tensor): Promise<Float32Array<ArrayBuffer>> {
  const values = ((await tensor.data()) as Float32Array).slice() as Float32Array<ArrayBuffer>;
  tensor.dispose();
  return values;
}

export function pointsView(run: Run, source: PointDistribution): View {
  const random = run.pictures.fork('playground');
  const { generator } = run.game;
  const latent = tf.keep(drawLatent(generator, fakeCount, random.fork('latent')));
  const realPoints = source.draw(realCount, random.fork('real')) as Float32Array<ArrayBuffer>;
  const real = tf.keep(tf.tensor2d(realPoints.subarray(0, 2 * fakeCount), [fakeCount, 2]));
  const plane = tf.keep(cells());
  const isVector = generator.latentShape.length === 1;
  const grid = isVector
    ? tf.keep(latentGrid(generator.latentShape[0]!, (generator.latentDistribution ?? 'normal') === 'normal'))
    : undefined;
  const classes = run.specification.classes;
  const isTold = generator.needs?.includes('class') === true && classes !== undefined;
  /** Classes in turn for fakes, the first class for everything that has none of its own. */
  const tellRows = (rows: number, inTurn: boolean): Condition | undefined =>
    isTold
      ? { labels: labelTensor(inTurn ? classesInTurn(rows, classes) : new Array<number>(rows).fill(0), classes) }
      : undefined;
  const forFakes = tellRows(fakeCount, true);
  const forPlane = tellRows(plane.shape[0], false);
  const forGrid = grid && tellRows(grid.shape[0], false);
  const forward = (condition: Condition | undefined) => ({
    training: false as const,
    step: run.trainer.step,
    ...(condition === undefined ? {} : { condition }),
  });

  async function arrows(): Promise<Float32Array<ArrayBuffer>> {
    const { game } = run;
    const { samples, gradient } = await gradientAttribution({
      generator: game.generator,
      discriminator: game.discriminator,
      loss: game.loss,
      latent,
      real,
      condition: forFakes,
      step: run.trainer.step,
    });
    samples.dispose();
    const values = await numbers(gradient);
    let longest = 0;
    for (let at = 0; at < values.length; at += 2) longest = Math.max(longest, Math.hypot(values[at]!, values[at + 1]!));
    return longest > 0 ? values.map((value) => -value / longest) : values;
  }

  async function verdict(fakes: Float32Array): Promise<Float32Array<ArrayBuffer>> {
    const { discriminator, loss } = run.game;
    const onPlane = tf.tidy(() => realness(discriminator.discriminate(plane, forward(forPlane)), loss));
    const onReal = tf.tidy(() => realness(discriminator.discriminate(real, forward(forFakes)), loss));
    const onFakes = tf.tidy(() =>
      realness(discriminator.discriminate(tf.tensor2d(fakes, [fakeCount, 2]), forward(forFakes)), loss),
    );
    const line = lineOf(loss, await numbers(onReal), await numbers(onFakes));
    return verdicts(loss, await numbers(onPlane), line);
  }

  return {
    facts: { kind: 'points', real: realPoints, modes: source.modes?.length },
    async frame(layers: Layers): Promise<PointsFrame> {
      const shown = run.generator;
      const fakes = await numbers(tf.tidy(() => shown.generate(latent, forward(forFakes))));
      return {
        kind: 'points',
        fakes,
        arrows: layers.gradient ? await arrows() : undefined,
        verdict: layers.verdict ? await verdict(fakes) : undefined,
        manifold:
          layers.manifold && grid !== undefined
            ? await numbers(tf.tidy(() => shown.generate(grid, forward(forGrid))))
            : undefined,
      };
    },
    dispose() {
      tf.dispose([latent, real, plane, ...(grid ? [grid] : [])]);
      for (const told of [forFakes, forPlane, forGrid]) told?.labels?.dispose();
    },
  };
}
