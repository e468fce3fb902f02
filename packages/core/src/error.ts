// The one error class of the project. A marker instead of `instanceof` lets two copies of the package know each other's errors.

const marker = Symbol.for('gankit.error');

/**
 * What kind of thing went wrong; programs branch on this, people read the message.
 *
 * - `invalid-argument`: a value that no call could accept (negative batch size, unknown option).
 * - `invalid-shape`: a tensor or network whose shape does not fit its place.
 * - `unknown-name`: a loss, model, data set or backend that does not exist.
 * - `invalid-data`: a file or stream whose contents are not what they claim to be.
 * - `file`: a path that cannot be read or written.
 * - `conflict`: the action would overwrite or contradict existing work.
 * - `incompatible`: two parts that do not fit together.
 * - `another-run`: a change that a run which has begun cannot make; a new one can.
 * - `numerical`: NaN or Inf where a number was needed.
 * - `backend`: a TensorFlow.js backend that is absent, or computes wrong numbers.
 */
export type ErrorCode =
  | 'invalid-argument'
  | 'invalid-shape'
  | 'unknown-name'
  | 'invalid-data'
  | 'file'
  | 'conflict'
  | 'incompatible'
  | 'another-run'
  | 'numerical'
  | 'backend';

/** Extra facts for programs: the offending value, the path, what would have been accepted. */
export interface ErrorDetails {
  /** The error that led to this one. */
  readonly cause?: unknown | undefined;
  /** The value that was refused. */
  readonly value?: unknown | undefined;
  /** The file or folder it is about. */
  readonly path?: string | undefined;
}

/**
 * Every error that GANKit throws on purpose.
 *
 * The message is one sentence that says what happened, with the offending value, and what to do next.
 */
export class GanKitError extends Error {
  override readonly name = 'GanKitError';
  readonly code: ErrorCode;
  readonly value: unknown;
  readonly path: string | undefined;
  readonly [marker] = true;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.value = details.value;
    this.path = details.path;
  }

  /** Whether `error` is a GANKit error, also one that another copy of this package made. */
  static isInstance(error: unknown): error is GanKitError {
    return typeof error === 'object' && error !== null && (error as Record<symbol, unknown>)[marker] === true;
  }
}
