// `pnpm bench` runs everything and writes docs/performance.md; `pnpm bench dcgan-28 mlp` runs those alone and writes nothing.
import { register } from 'tsx/esm/api';

register();
const { runBenchmarks } = await import('./report.ts');
await runBenchmarks(process.argv.slice(2));
process.exit(0);
