// What the command says of itself: its names are those of the registries, its examples are commands that it takes.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { completionScript } from './completion.ts';
import { examples } from './help.ts';
import names from './part-names.json' with { type: 'json' };
import { partNames } from './part-names.ts';
import { makeProgram } from './program.ts';

const program = makeProgram(() => {});
const folder = mkdtempSync(join(tmpdir(), 'gankit-complete-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the names in help and completion are those of the registries (npx tsx scripts/part-names.ts)', () => {
  expect(names).toEqual(partNames());
});

test('every command has examples, with options that it has and names that exist', () => {
  for (const command of program.commands) {
    const shown = examples[command.name()];
    expect(shown, command.name()).toBeDefined();
    for (const example of shown!) {
      const words = example
        .replace(/^source <\((.*)\)$/, '$1')
        .replace(' | source', '')
        .split(' ');
      expect(words.slice(0, 2)).toEqual(['gankit', command.name()]);
      const below = command.commands.find((each) => each.name() === words[2]);
      expect(below === undefined, example).toBe(command.commands.length === 0);
      words.forEach((word, index) => {
        if (!word.startsWith('--')) return;
        expect(
          (below ?? command).options.map(({ long }) => long),
          example,
        ).toContain(word);
        const known = (names as Readonly<Record<string, readonly string[]>>)[word.slice(2)];
        const value = words[index + 1] ?? '';
        if (known === undefined || value.includes('/')) return;
        for (const each of value.split(':')[0]!.split(',')) expect(known, example).toContain(each);
      });
    }
  }
});

test('help fits into 80 columns', () => {
  for (const command of [program, ...program.commands]) {
    let text = '';
    command.configureOutput({
      writeOut: (part) => {
        text += part;
      },
      getOutHelpWidth: () => 80,
    });
    command.outputHelp();
    const own = text.split('\n').filter((line) => !line.trim().startsWith('gankit'));
    expect(own.filter((line) => line.length > 80)).toEqual([]);
  }
});

/** Whether a program is installed; its shell is passed over otherwise. */
const has = (shell: string) => {
  try {
    execFileSync(shell, ['-c', 'true']);
    return true;
  } catch {
    return false;
  }
};
function scriptFor(shell: string): string {
  const path = join(folder, `gankit.${shell}`);
  writeFileSync(path, completionScript(shell, program));
  return path;
}

test.skipIf(!has('bash'))('bash completes commands, options and names', () => {
  const complete = (...words: string[]) => {
    const line = `source "$0"; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _gankit; echo "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', line, scriptFor('bash')], { encoding: 'utf8' }).trim();
  };
  expect(complete('gankit', 'tra')).toBe('train');
  expect(complete('gankit', 'sweep', 'st')).toBe('status');
  expect(complete('gankit', 'data', 'pack', '--si')).toBe('--size');
  expect(complete('gankit', 'train', '--loss', 'hi')).toBe('hinge');
  expect(complete('gankit', 'train', '--lo')).toBe('--loss');
  expect(complete('gankit', 'sample', '--lo')).toBe('');
  expect(complete('gankit', 'report', 'ru')).toBe('');
});

test.skipIf(!has('fish'))('fish completes commands, options and names', () => {
  const complete = (line: string) =>
    execFileSync('fish', ['-c', `source ${scriptFor('fish')}; complete -C '${line}'`], {
      encoding: 'utf8',
      env: { ...process.env, HOME: folder },
    })
      .trim()
      .split('\n')
      .map((text) => text.split('\t')[0]);
  expect(complete('gankit tra')).toEqual(['train']);
  expect(complete('gankit sweep st')).toEqual(['status']);
  expect(complete('gankit data pack --si')).toEqual(['--size']);
  expect(complete('gankit train --loss hin')).toEqual(['hinge']);
  expect(complete('gankit train --lo')).toEqual(['--loss']);
});

test.skipIf(!has('zsh'))('zsh knows the command by its script', () => {
  const line =
    'autoload -U compinit && compinit -u -d "$1" && source "$0" && print $_comps[gankit] $+functions[_gankit]';
  const path = scriptFor('zsh');
  execFileSync('zsh', ['-n', path]);
  expect(execFileSync('zsh', ['-f', '-c', line, path, join(folder, 'dump')], { encoding: 'utf8' }).trim()).toBe(
    '_gankit 1',
  );
});

test('a shell that nobody knows is said', () => {
  expect(() => completionScript('tcsh', program)).toThrow("no completion for 'tcsh'; choose one of: bash, zsh, fish");
});

test('help loads no TensorFlow.js: it answers at once', () => {
  const script = `import { register } from 'tsx/esm/api'; register();
const { run } = await import(${JSON.stringify(new URL('./program.ts', import.meta.url).href)});
await run(['train', '--help']);
console.log(globalThis._tfengine === undefined);`;
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    cwd: new URL('.', import.meta.url).pathname,
  });
  expect(said.trim().split('\n').at(-1)).toBe('true');
});
