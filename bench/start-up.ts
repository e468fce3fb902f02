// How long the command takes to answer, and where that time goes: npx tsx bench/start-up.ts [path of the built command]
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../apps/cli/bin/gankit.mjs', import.meta.url));
const command = process.argv[2] ?? source;
const times = 7;
const folder = mkdtempSync(join(tmpdir(), 'gankit-start-'));

/** Milliseconds until a program ends, or until its output has these words. */
function timed(args: readonly string[], until?: string): Promise<number> {
  const begun = performance.now();
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  return new Promise((done) => {
    child.stdout.on('data', (text) => {
      said += text;
      if (until !== undefined && said.includes(until)) {
        done(performance.now() - begun);
        child.kill('SIGKILL');
      }
    });
    child.on('close', () => done(performance.now() - begun));
  });
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const empty = ['-e', ''];
const tfjs = ['--input-type=module', '-e', `await import(${JSON.stringify(import.meta.resolve('@tensorflow/tfjs'))})`];
let run = 0;
const training = () => {
  const small = ['--data', 'ring', '--model', 'mlp', '--steps', '1000'];
  return [command, 'train', ...small, '--jsonl', '--quiet', '--out', `run-${run++}`];
};
const measured: readonly (readonly [name: string, start: () => Promise<number>])[] = [
  ['Node alone', () => timed(empty)],
  ['Node and TensorFlow.js', () => timed(tfjs)],
  ['gankit --help', () => timed([command, '--help'])],
  ['gankit list', () => timed([command, 'list'])],
  ['until the first step', () => timed(training(), '"type":"step"')],
];

try {
  const found = measured.map(([name, start]) => ({ name, start, all: [] as number[] }));
  // In turn, so that what else the machine does falls on all of them.
  for (let time = 0; time < times; time++) for (const { start, all } of found) all.push(await start());
  console.log(
    `| ${command === source ? 'from source, with the TypeScript loader' : 'built'} | median ms | lowest |\n|---|---|---|`,
  );
  for (const { name, all } of found)
    console.log(`| ${name} | ${median(all).toFixed(0)} | ${Math.min(...all).toFixed(0)} |`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
