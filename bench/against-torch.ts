/** A section that puts one program on the backend beside its twin in PyTorch. */

import { FLOOR_NAME, gigaflops, matrixProduct } from './floor.ts';
import { inProcess, runInTurn, type Turns } from './in-turn.ts';
import type { Program } from './programs/dcgan-28.ts';
import { type Section, table } from './section.ts';
import { judge, torchContestant } from './torch.ts';

export async function againstTorch(
  title: string,
  program: Pick<Program, 'step' | 'dispose'>,
  script: string,
  turns: Turns,
): Promise<Section> {
  const torch = await torchContestant(script);
  const standings = await runInTurn(
    [
      inProcess('onnx', program.step, program.dispose),
      ...(torch === undefined ? [] : [torch]),
      ...(torch === undefined ? [] : [matrixProduct()]),
    ],
    turns,
  );
  const product = standings.find(({ name }) => name === FLOOR_NAME);
  const verdict = torch === undefined || product === undefined ? undefined : judge(torch, gigaflops(product.median));
  const steps = standings.filter(({ name }) => name !== FLOOR_NAME);
  return {
    title,
    lines: [
      ...table(steps, verdict?.fair === true ? torch?.name : undefined),
      ...(verdict === undefined ? [] : ['', verdict.line]),
    ],
  };
}
