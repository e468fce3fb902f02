/** Prints the table of kernels in markdown, or writes it between the markers of README.md: `tsx packages/engine/kernel-table.ts [--write]`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { kernelFaultsMarkdown, withKernelTable } from './src/kernels/faults.ts';

if (process.argv.includes('--write')) {
  const readme = new URL('./README.md', import.meta.url);
  writeFileSync(readme, withKernelTable(readFileSync(readme, 'utf8')));
} else {
  console.log(kernelFaultsMarkdown());
}
