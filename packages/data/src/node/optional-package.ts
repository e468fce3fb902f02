// Packages that only some data need: told by name when they are missing.
import { GanKitError } from '@gankit/core';

/**
 * What an optional package exports.
 * @param what What it is needed for, as the beginning of the sentence: `Zip files are read by`.
 * @throws GanKitError `file` that says what to install.
 */
export async function optionalPackage<T>(what: string, name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new GanKitError('file', `${what} ${name}, which does not load; run 'npm install ${name}'.`, { cause });
  }
}
