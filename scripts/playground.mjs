// `npm run playground`: serves the web page while one works on it. Arguments go to Vite: `npm run playground -- --port 8080`.
import './bootstrap.mjs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../apps/playground', import.meta.url));
const { status } = spawnSync(
  process.execPath,
  [join(folder, 'node_modules/vite/bin/vite.js'), ...process.argv.slice(2)],
  {
    cwd: folder,
    stdio: 'inherit',
  },
);
process.exit(status ?? 1);
