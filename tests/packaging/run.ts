// Runs a program for the packaging tests and says all it printed when it fails.
import { spawn } from 'node:child_process';

/** What vitest and npm tell their children and a person's shell would not. */
const inherited = (name: string) =>
  !/^(NODE_ENV|VITEST.*|INIT_CWD|npm_(package|lifecycle|command|execpath|config_call|config_package).*)$/.test(name);

/**
 * Runs a program to its end.
 * @returns What it wrote to stdout.
 * @throws When it does not exit with 0: both its outputs.
 */
export function run(folder: string, command: string, ...parameters: string[]): Promise<string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => inherited(name)));
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`'${command} ${parameters.join(' ')}' exited with ${code}:\n${output}\n${errors}`));
    });
  });
}
