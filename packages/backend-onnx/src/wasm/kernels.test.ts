/** The committed WebAssembly module belongs to the C sources beside it. */

import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { instantiateKernels } from './kernels.ts';
import { sourceDigest } from './kernels-binary.ts';

const sources = join(import.meta.dirname, '../../wasm');
const compiler = spawnSync('clang', ['--print-targets'], { encoding: 'utf8' });
const canCompile =
  compiler.status === 0 && compiler.stdout.includes('wasm32') && spawnSync('wasm-ld', ['-v']).status === 0;

describe('the kernels', () => {
  it('were compiled from the sources as they are now', () => {
    const digest = createHash('sha256');
    for (const name of readdirSync(sources)
      .filter((name) => /\.[ch]$/.test(name))
      .sort()) {
      digest.update(name).update(readFileSync(join(sources, name)));
    }
    expect(sourceDigest, 'run: node wasm/build.mjs').toBe(digest.digest('hex'));
  });

  // Only the compiler that made the module gives the same bytes; elsewhere the digest above must do.
  it.skipIf(!canCompile || !execFileSync('clang', ['--version'], { encoding: 'utf8' }).includes('version 14.'))(
    'are byte for byte what the compiler gives',
    () => {
      const { status, stderr } = spawnSync(process.execPath, [join(sources, 'build.mjs'), '--check'], {
        encoding: 'utf8',
      });
      expect(status, stderr).toBe(0);
    },
  );

  it('names a kernel that is not there', () => {
    const memory = new WebAssembly.Memory({ initial: 4, maximum: 4, shared: true });
    expect(() => instantiateKernels(memory).kernel('no_such')).toThrow('no kernel no_such');
  });
});
