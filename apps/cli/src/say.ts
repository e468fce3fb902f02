// What the command says: sentences on stderr, for people; what was asked for on stdout, for programs.

let quiet = false;

/** From here on nothing is said but errors. */
export function beQuiet(): void {
  quiet = true;
}

/** Whether only errors are said. */
export function isQuiet(): boolean {
  return quiet;
}

/** Says a sentence. */
export function say(sentence: string): void {
  if (!quiet) process.stderr.write(`${sentence}\n`);
}

/** Writes one document to stdout. */
export function writeJson(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
}
