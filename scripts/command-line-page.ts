// Writes docs/command-line.md: what the command says, from a folder of pictures to a report, as it says it.
// npx tsx scripts/command-line-page.ts
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeProgram } from '../apps/cli/src/program.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const command = join(root, 'apps/cli/bin/gankit.mjs');
const folder = mkdtempSync(join(tmpdir(), 'gankit-page-'));
const pictures = 400;
const steps = 300;

/** What a command says: stdout and stderr as a terminal shows them, without lines that are drawn again. */
function said(line: string): string {
  const words = line.split(' ').slice(1);
  const { stdout, stderr, status } = spawnSync(process.execPath, [command, ...words], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0 && status !== 2) throw new Error(`${line} ended with ${status}: ${stderr}`);
  const lines = `${stdout}${stderr}`.split('\n').filter((text) => !/[█░]/.test(text) && text.trim() !== '');
  return [`$ ${line}`, ...lines].join('\n');
}

const block = (...lines: readonly string[]) => `\`\`\`\n${lines.map(said).join('\n\n')}\n\`\`\``;

/** Pictures of one's own: faces and animals of an open set of emoji. */
function makePhotos(): void {
  const source = join(
    dirname(createRequire(import.meta.url).resolve('emoji-datasource-twitter/package.json')),
    'img/twitter/64',
  );
  mkdirSync(join(folder, 'photos'));
  const faces = readdirSync(source).filter((name) => /^1f(6[0-4]|4[0-3])[0-9a-f]\.png$/.test(name));
  for (const name of faces.slice(0, pictures)) copyFileSync(join(source, name), join(folder, 'photos', name));
}

function commandTable(): string {
  const rows = makeProgram(() => {}).commands.map(
    (each) => `| \`gankit ${each.name()}\` | ${each.description().split('\n')[0]} |`,
  );
  return ['| command | |', '|---|---|', ...rows].join('\n');
}

try {
  makePhotos();
  const train = `gankit train --data ./photos --recipe small-data --set data.side=16 --width 16 --steps ${steps} --out runs/faces`;
  const page = `# The command line

From a folder of pictures to a trained generator, a report and an answer. Everything in the boxes below was said by the command; \`npx tsx
scripts/command-line-page.ts\` runs it again and writes this page. (Lines that a terminal draws again and again are left out.)

${commandTable()}

\`gankit COMMAND --help\` shows every option, examples, and the names that options take. \`source <(gankit completion bash)\` completes them (zsh and fish too).

## From a folder to a GAN

A folder with a typed recipe, if you want one; flags do as well.

${block('gankit init my-gan --data ./photos')}

The folder holds ${pictures > 200 ? 'some hundred' : pictures} pictures of 64 x 64 pixels; ${steps} steps of a small network at 16 x 16 are enough to show what is where, not to learn much.

${block(train)}

Ctrl-C ends it after the step that is being made, saves a checkpoint and says how it goes on. So do a closed terminal and \`kill\`; after a crash or a power cut
\`gankit train --resume runs/faces\` goes on from the last checkpoint.

## The report

\`runs/faces/report.html\` is one file that asks the network for nothing: samples over time under a slider, curves, what the monitor found with what to try next as
commands, data and recipe. \`train\` writes it when a run ends; at any other time:

${block('gankit report runs/faces')}

\`gankit serve\` shows all runs of \`./runs\` side by side in a local page that moves while they do. It reads only and answers this machine alone.

## What the generator has learned

${block('gankit sample runs/faces --count 100 --out faces.png', 'gankit interpolate runs/faces', 'gankit interpolate runs/faces --out walk.apng')}

## How one number teaches every pixel

${block('gankit explain runs/faces')}

The picture has three rows: samples; what each of their pixels is told (red: brighter, blue: darker); samples that followed it.

## For programs

stdout is for what was asked for, stderr for everything else. \`--json\` writes one document, \`train --jsonl\` a line for each event, \`--quiet\` nothing but errors.

${block('gankit sample runs/faces --count 4 --out four.npy --json --quiet')}

| exit code | |
|---|---|
| 0 | done |
| 1 | a failure: a file that is not there, a disk that is full |
| 2 | another command line would have avoided it |
| 129, 130, 143 | a run that was ended by a closed terminal, Ctrl-C or SIGTERM; its checkpoint is saved |

A mistake is one sentence, and says what to do:

${block('gankit train --data ring --loss hingle', 'gankit train --data ring --stepps 5', 'gankit train --data swiss-roll --conditional projection')}
`;
  writeFileSync(join(root, 'docs/command-line.md'), page);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
