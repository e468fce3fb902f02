// `npm start`: trains a DCGAN on the MNIST digits, a class a row. What follows `--` is handed on: `npm start -- --steps 500`.
import './bootstrap.mjs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const extra = process.argv.slice(2);
const chooses = (option) => extra.some((argument) => argument === option || argument.startsWith(`${option}=`));
const child = spawn(
  process.execPath,
  [
    join(root, 'apps/cli/bin/gankit.mjs'),
    ...['train', ...(chooses('--recipe') ? [] : ['--recipe', 'digits'])],
    ...extra,
  ],
  { cwd: root, stdio: 'inherit' },
);

// A terminal sends Ctrl-C to the whole process group, and npm sends it once more to this process: in a terminal the command
// has had it already. Either way this process stays until the command has stopped by itself.
const inTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
let interrupted = false;
process.on('SIGINT', () => {
  if (!inTerminal && !interrupted) child.kill('SIGINT');
  interrupted = true;
});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));

child.on('error', (error) => {
  console.error(`The gankit command did not start: ${error.message}`);
  process.exit(1);
});
child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code);
  // Die of the same signal, as a shell expects.
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
