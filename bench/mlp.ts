/** One step of a small GAN on points of the plane: what calls cost when the arithmetic is next to nothing. */

import { inProcess, runInTurn } from './in-turn.ts';
import { mlpStep } from './programs/mlp.ts';
import { type Section, table } from './section.ts';
import { torchContestant } from './torch.ts';

export async function run(): Promise<Section> {
  const program = mlpStep();
  const torch = await torchContestant('mlp.py');
  const standings = await runInTurn(
    [inProcess('onnx', program.step, program.dispose), ...(torch === undefined ? [] : [torch])],
    { rounds: 10, steps: 50, warmUp: 50, seconds: 40 },
  );
  return { title: 'MLP GAN on 2-D points (2-128-128, batch 256)', lines: table(standings, torch?.name) };
}
