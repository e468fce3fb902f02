// `npm test`: everything that has to hold, step by step; a failed step does not keep the next ones from running.
// The last line counts the tests; a step that is no test run counts as one failed test when it fails.
import './bootstrap.mjs';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from './chromium.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const reports = mkdtempSync(join(tmpdir(), 'gankit-test-'));
const rows = [];
const total = { passed: 0, failed: 0, skipped: 0 };

function run(script, ...args) {
  return spawnSync(process.execPath, [join(root, script), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  }).status;
}

function step(name, work) {
  console.log(`\n=== ${name}`);
  const begun = performance.now();
  const { passed = 0, failed = 0, skipped = 0, note = '' } = work();
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  const outcome = failed > 0 ? 'FAILED' : 'ok';
  rows.push([name, `${((performance.now() - begun) / 1000).toFixed(1)} s`, outcome, note]);
}

/** A step that is a program: it counts only when it fails. */
const program = (name, ...command) => step(name, () => ({ failed: run(...command) === 0 ? 0 : 1 }));

/** A step that is a vitest project: it counts what vitest counted. */
const vitest = (project) =>
  step(project, () => {
    const path = join(reports, `${project}.json`);
    const status = run(
      'node_modules/vitest/vitest.mjs',
      ...['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${path}`],
    );
    if (!existsSync(path)) return { failed: 1, note: 'vitest wrote no report' };
    const report = JSON.parse(readFileSync(path, 'utf8'));
    const passed = report.numPassedTests;
    const skipped = report.numPendingTests + report.numTodoTests;
    // A file that does not even load fails the run without a failed test.
    const failed = status === 0 ? report.numFailedTests : Math.max(1, report.numFailedTests);
    return {
      passed,
      failed,
      skipped,
      note: [`${passed} passed`, failed && `${failed} failed`, skipped && `${skipped} skipped`]
        .filter(Boolean)
        .join(', '),
    };
  });

program('lint', 'node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.');
program('types', 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.json');
program('types in the browser', 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.browser.json');
program('size', 'node_modules/size-limit/bin.js');
vitest('unit');
vitest('integration');
if (findChromium()) vitest('browser');
else step('browser', () => ({ skipped: 1, note: 'skipped: no Chromium found (set CHROMIUM_PATH)' }));
program('build', 'scripts/build.mjs');
vitest('packaging');
rmSync(reports, { recursive: true, force: true });

console.log('\n=== summary');
const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
for (const row of rows) {
  console.log(
    row
      .map((cell, column) => (column === 1 ? cell.padStart(widths[1]) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exitCode = total.failed > 0 ? 1 : 0;
