/** One step of a small GAN on points of the plane: what calls cost when the arithmetic is next to nothing. */

import { FLOOR_NAME, gigaflops, matrixProduct } from './floor.ts';
import { inProcess, runInTurn } from './in-turn.ts';
import { mlpStep } from './programs/mlp.ts';
import { type Section, table } from './section.ts';
import { judge, torchContestant } from './torch.ts';

export async function run(): Promise<Section> {
  const program = mlpStep();
  const torch = await torchContestant('mlp.py');
  const standings = await runInTurn(
    [
      inProcess('onnx', program.step, program.dispose),
      ...(torch === undefined ? [] : [torch]),
      ...(torch === undefined ? [] : [matrixProduct()]),
    ],
    { rounds: 10, steps: 30, warmUp: 30, seconds: 40 },
  );
  const product = standings.find(({ name }) => name === FLOOR_NAME);
  const verdict = torch === undefined || product === undefined ? undefined : judge(torch, gigaflops(product.median));
  const steps = standings.filter(({ name }) => name !== FLOOR_NAME);
  return {
    title: 'MLP GAN on 2-D points (2-128-128, batch 256)',
    lines: [
      ...table(steps, verdict?.fair === true ? torch?.name : undefined),
      ...(verdict === undefined ? [] : ['', verdict.line]),
    ],
  };
}
