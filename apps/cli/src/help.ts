// What stands below the help of each command: examples, and the names that its options take.
import type { Command } from 'commander';
import names from './part-names.json' with { type: 'json' };

/** Commands to try, by the command that they show. */
export const examples: Readonly<Record<string, readonly string[]>> = {
  init: ['gankit init my-gan', 'gankit init my-gan --data ./photos --yes'],
  train: [
    'gankit train --data mnist --conditional projection --out runs/digits',
    'gankit train --data ./photos --recipe small-data --steps 5000',
    'gankit train --data ring --loss relativistic-pairing --penalty r1:gamma=0.1 --penalty r2:gamma=0.1',
    'gankit train --recipe wgan-gp --set generator.width=32 --set batchSize=32',
    'gankit train --resume runs/digits --steps 4000 --loss hinge',
    'gankit train --data grid --schedule adaptive:accuracy=0.7 --negatives replay --jsonl --quiet',
  ],
  sample: [
    'gankit sample runs/digits --class 7 --count 64',
    'gankit sample runs/digits --out digits.npy --count 10000',
    'gankit sample runs/ring --out points.csv --count 1000',
  ],
  export: ['gankit export runs/digits --out digits.onnx', 'gankit export runs/digits --out digits-model'],
  info: ['gankit info', 'gankit info --backend wasm --json'],
  list: ['gankit list', 'gankit list losses', 'gankit list penalties --json'],
  report: ['gankit report runs/digits', 'gankit report runs/digits --out digits.html'],
  serve: ['gankit serve', 'gankit serve runs --port 8080'],
  explain: ['gankit explain runs/digits', 'gankit explain runs/ring --count 200 --json'],
  interpolate: [
    'gankit interpolate runs/digits',
    'gankit interpolate runs/digits --class 3 --to-class 8 --out morph.png',
    'gankit interpolate runs/digits --out walk.apng',
  ],
  project: [
    'gankit project runs/digits seven.png --class 7',
    'gankit project runs/faces me.jpg you.png --out latents.npy',
  ],
  data: ['gankit data inspect ./photos', 'gankit data pack ./photos --out photos.zip --size 64'],
  evaluate: [
    'gankit evaluate runs/digits --against mnist:split=test',
    'gankit evaluate ./generated --against ./photos --metrics fid,kid,prdc --samples 10000 --json',
  ],
  compare: [
    'gankit compare --data grid --loss minimax,non-saturating,wasserstein --seeds 3',
    'gankit compare runs/ring runs/ring-2',
  ],
  sweep: [
    'gankit sweep new losses.json --data grid --loss hinge,non-saturating --seeds 3',
    'gankit sweep run losses.json',
    'gankit sweep report losses.json',
  ],
  trial: ['gankit trial losses.json --index 0'],
  completion: ['source <(gankit completion bash)', 'gankit completion fish | source'],
};

const width = 80;

/** Words in lines of at most 80 characters, with an indent. */
function wrapped(title: string, words: readonly string[]): string {
  const lines = [`  ${title}:`];
  for (const [index, word] of words.entries()) {
    const text = index === words.length - 1 ? word : `${word},`;
    if (lines.at(-1)!.length + 1 + text.length > width) lines.push(`    ${text}`);
    else lines[lines.length - 1] += ` ${text}`;
  }
  return lines.join('\n');
}

/** Adds examples and names to the help of every command. */
export function addHelpTexts(program: Command): void {
  for (const command of program.commands) {
    const shown = examples[command.name()] ?? [];
    if (shown.length > 0) command.addHelpText('after', `\nExamples:\n${shown.map((each) => `  ${each}`).join('\n')}`);
    const named = command.options.flatMap(({ long }) => {
      const known = (names as Readonly<Record<string, readonly string[]>>)[long?.slice(2) ?? ''];
      return known === undefined ? [] : [wrapped(long!, known)];
    });
    if (named.length > 0) command.addHelpText('after', `\nNames:\n${named.join('\n')}`);
  }
}
