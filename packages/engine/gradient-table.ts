/**
 * Prints the gradient table in markdown, or writes it between the markers of README.md:
 * `tsx packages/engine/gradient-table.ts [--write]`. Stock TensorFlow.js runs first, before the repairs are imported.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import '@tensorflow/tfjs-backend-wasm';
import { type BackendRows, gradientTableMarkdown, withTable } from './src/gradients/table/markdown.ts';
import { runGradientTable } from './src/gradients/table/run.ts';

async function run(): Promise<BackendRows[]> {
  const results: BackendRows[] = [];
  for (const backendName of ['cpu', 'wasm']) {
    results.push({ backendName, rows: await runGradientTable(backendName) });
  }
  return results;
}

const stock = await run();
await import('./src/gradients/index.ts');
const table = gradientTableMarkdown(stock, await run());
if (process.argv.includes('--write')) {
  const readme = new URL('./README.md', import.meta.url);
  writeFileSync(readme, withTable(readFileSync(readme, 'utf8'), table));
} else {
  console.log(table);
}
