/**
 * What is changed on the engine object that all copies of TensorFlow.js in a process share. Two of its public methods are
 * wrapped: `runKernel`, so that repaired kernels are in place on a backend before the first of them runs, whatever was
 * imported first; and `customGrad`.
 */
import * as tf from '@tensorflow/tfjs';
import { ensureKernels } from '../kernels/index.ts';
import { repairCustomGradients } from './custom-gradient.ts';

type Engine = ReturnType<typeof tf.engine>;

const marker = Symbol.for('gankit.engine');

/** The tape reads every input of a kernel; batch normalisation without scale or offset leaves theirs undefined. */
function withScaleAndOffset(inputs: tf.NamedTensorMap): tf.NamedTensorMap {
  const { mean, scale, offset } = inputs;
  return { ...inputs, scale: scale ?? tf.ones(mean!.shape), offset: offset ?? tf.zeros(mean!.shape) };
}

/** Wraps the engine's methods, once. */
export function repairEngine(engine: Engine = tf.engine()): void {
  const marked = engine as Engine & { [marker]?: boolean | undefined };
  if (marked[marker]) return;
  marked[marker] = true;
  repairCustomGradients(engine);

  const original = engine.runKernel;
  let checked: string | undefined;
  engine.runKernel = ((kernelName, inputs, attributes) => {
    if (engine.backendName !== checked) {
      // Reading the backend starts the default one if none was chosen; runKernel would do so next.
      if (engine.backendName === undefined || engine.backendName === null) void engine.backend;
      checked = engine.backendName;
      ensureKernels(checked);
    }
    const complete = kernelName === 'FusedBatchNorm' && (!inputs['scale'] || !inputs['offset']);
    return original.call(engine, kernelName, complete ? withScaleAndOffset(inputs) : inputs, attributes);
  }) as Engine['runKernel'];
}
