import { type ErrorCode, GanKitError } from '@gankit/core/error';

export const exitCodes = { success: 0, failure: 1, usage: 2, hungUp: 129, interrupted: 130, terminated: 143 } as const;

/** Errors that a different command line would have avoided. */
const usageErrors: readonly ErrorCode[] = ['invalid-argument', 'unknown-name', 'incompatible', 'another-run'];

/**
 * Says what went wrong on stderr, a sentence for each fault; the stack follows with `debug`, or when the error is one that GANKit did not
 * throw on purpose and so is worth a report.
 * @returns The exit code.
 */
export function reportError(error: unknown, debug: boolean): number {
  const expected = GanKitError.isInstance(error);
  const message = error instanceof Error ? error.message : String(error);
  // What has several faults says a sentence for each; a stray line break in another's message is none.
  const sentences = expected ? message.split('\n') : [message.replaceAll(/\s*\n\s*/g, ' ')];
  for (const sentence of sentences) process.stderr.write(`gankit: ${sentence}\n`);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  else if (!expected) process.stderr.write('gankit: this is a fault of GANKit; run again with --debug to see where.\n');
  return expected && usageErrors.includes(error.code) ? exitCodes.usage : exitCodes.failure;
}
