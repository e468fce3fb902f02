// Writes the names that the command completes and shows in its help: it answers before any registry is loaded. A test compares them.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { partNames } from '../apps/cli/src/part-names.ts';

const path = fileURLToPath(new URL('../apps/cli/src/part-names.json', import.meta.url));
await writeFile(path, `${JSON.stringify(partNames(), undefined, 2)}\n`);
