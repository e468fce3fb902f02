/** The package's own error: it imports nothing but TensorFlow.js, so it cannot share one with its siblings. */

const marker = Symbol.for('gankit.backend-onnx.error');

/** What happened, with the offending value, and what to do next. Recognised across two copies of the package. */
export class OnnxBackendError extends Error {
  readonly [marker] = true;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'OnnxBackendError';
  }

  /** True for an error of this class, also when another copy of the package made it. */
  static isInstance(error: unknown): error is OnnxBackendError {
    return typeof error === 'object' && error !== null && marker in error;
  }
}
