import { readFileSync } from 'node:fs';

/** The version of the command. */
export function commandVersion(): string {
  // One folder above, from src and from dist.
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}
