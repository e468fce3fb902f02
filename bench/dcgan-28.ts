/** One DCGAN-28 step: unchanged tf.layers, the backend's fused operations, and PyTorch; and the floor that sgemm sets. */

import { FLOOR_NAME, gigaflops, matrixProduct } from './floor.ts';
import { inProcess, runInTurn } from './in-turn.ts';
import { dcgan28 } from './programs/dcgan-28.ts';
import { dcgan28Fused } from './programs/dcgan-28-fused.ts';
import { type Section, table } from './section.ts';
import { judge, torchContestant } from './torch.ts';

/** Convolutions and dense layers of one step, forward and backward, counted by hand from the two networks: 10^9 operations. */
const STEP_GFLOP = 26.9;

export async function run(): Promise<Section> {
  const [plain, fused] = [dcgan28(), dcgan28Fused()];
  const torch = await torchContestant('dcgan_28.py');
  const standings = await runInTurn(
    [
      inProcess('onnx, fused operations', fused.step, fused.dispose),
      inProcess('onnx, unchanged tf.layers and tf.train.adam', plain.step, plain.dispose),
      ...(torch === undefined ? [] : [torch]),
      matrixProduct(),
    ],
    { rounds: 8, steps: 4, warmUp: 3, seconds: 120 },
  );
  const product = standings.find(({ name }) => name === FLOOR_NAME);
  const rate = gigaflops(product?.median ?? Number.NaN);
  const floor = (1000 * STEP_GFLOP) / rate;
  const verdict = torch === undefined ? undefined : judge(torch, rate);
  const steps = standings.filter(({ name }) => name !== FLOOR_NAME);
  return {
    title: 'DCGAN-28, batch 64: one update of each player',
    lines: [
      ...table(steps, verdict?.fair === true ? torch?.name : undefined),
      '',
      ...(verdict === undefined ? [] : [verdict.line, '']),
      `Floor: ${STEP_GFLOP} GFLOP at ${rate.toFixed(0)} GFLOP/s, the rate of matrix products in the same run: ${floor.toFixed(0)} ms. ` +
        `With fused operations the step takes ${((steps[0]?.median ?? Number.NaN) / floor).toFixed(2)} times that.`,
    ],
  };
}
