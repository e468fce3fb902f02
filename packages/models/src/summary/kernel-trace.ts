// Watching the kernels that a computation really runs, so that any network can be counted or exported, also a plain function.
import * as tf from '@tensorflow/tfjs';

/** One kernel as it ran. The tensors are alive while the observer is called and belong to the computation. */
export interface KernelCall {
  /** The kernel's name in TensorFlow.js, for example `FusedConv2D`. */
  readonly name: string;
  /** Inputs by name; absent optional inputs are left out. */
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly outputs: readonly tf.Tensor[];
}

/**
 * Runs `computation` and tells `observe` of each kernel, in order. `tf.profile` gives names and shapes only; this gives the tensors
 * and the attributes as well. A kernel that another kernel runs inside itself is not told of, nor one that the observer runs.
 *
 * The computation must be synchronous, as every forward pass is.
 */
export function traceKernels<T>(computation: () => T, observe: (call: KernelCall) => void): T {
  const engine = tf.engine();
  const own = Object.getOwnPropertyDescriptor(engine, 'runKernel');
  const original = engine.runKernel;
  let depth = 0;
  engine.runKernel = ((name, inputs, attributes) => {
    if (depth > 0) return original.call(engine, name, inputs, attributes);
    depth++;
    try {
      const result = original.call(engine, name, inputs, attributes) as tf.Tensor | tf.Tensor[];
      observe({
        name,
        inputs: Object.fromEntries(Object.entries(inputs).filter(([, tensor]) => tensor != null)),
        attributes: (attributes ?? {}) as Readonly<Record<string, unknown>>,
        outputs: Array.isArray(result) ? result : [result],
      });
      return result;
    } finally {
      depth--;
    }
  }) as typeof engine.runKernel;
  try {
    return computation();
  } finally {
    if (own === undefined) Reflect.deleteProperty(engine, 'runKernel');
    else Object.defineProperty(engine, 'runKernel', own);
  }
}
