/**
 * `tf.customGrad`, on which tfjs builds logSoftmax, softmax cross-entropy and the fused layers. What such a function saves
 * for its backward pass is a constant to the tape unless it is one of the inputs, so that the second derivative is silently
 * wrong. Here the function is run again from its saved inputs, on the tape, when its gradient is itself differentiated.
 */
import * as tf from '@tensorflow/tfjs';
import { convolutionGradients } from './convolution.ts';
import { type Attributes, sumToShape } from './gradient.ts';

type Engine = ReturnType<typeof tf.engine>;
type CustomGradient = Parameters<Engine['customGrad']>[0];
type Result = ReturnType<CustomGradient>;
type GradientFunction = Result['gradFunc'];
type Corrected = (dy: tf.Tensor, saved: tf.Tensor[], attributes: Attributes | undefined) => tf.Tensor[] | undefined;

/**
 * tfjs's own functions whose gradient needs more, by the scope that tfjs runs them in. Each returns the gradients of the
 * inputs, or nothing to leave them to tfjs.
 */
const corrections: Readonly<Record<string, Corrected>> = {
  // tfjs refuses a dilated fused convolution, which is what tf.layers.conv2d runs for a linear activation.
  fusedConv2d__op: (dy, [filter, x, , bias], attributes) => {
    if (attributes === undefined || [attributes['dilations']].flat().every((rate) => rate === 1)) return undefined;
    const gradients = convolutionGradients(dy, x!, filter!, attributes);
    const weights = [gradients.x(), gradients.filter()];
    return bias === undefined ? weights : [...weights, sumToShape(dy, bias.shape)];
  },
  // The loss is -sum(labels logSoftmax(logits)); tfjs gives the labels the negative gradient of the logits.
  softmaxCrossEntropy__op: (dy, [labels, logProbabilities]) => {
    const perExample = tf.expandDims(dy, -1);
    const probabilities = tf.exp(logProbabilities!);
    // Written so that labels need not sum to one.
    const total = tf.sum(labels!, -1, true);
    return [
      tf.neg(tf.mul(perExample, logProbabilities!)),
      tf.mul(perExample, tf.sub(tf.mul(probabilities, total), labels!)),
    ];
  },
};

/** Fused layers save their output, but use it only for activations that they do not fuse while a tape is on. */
const outputUnused = new Set(['fusedConv2d__op', 'fusedDepthwiseConv2d__op', 'fusedMatMul__op']);

/** Runs `f`, noting the attributes of the first kernel that it runs. */
function withAttributes<T>(engine: Engine, f: () => T): { result: T; attributes: Attributes | undefined } {
  const runKernel = engine.runKernel;
  let attributes: Attributes | undefined;
  engine.runKernel = ((name, inputs, attrs) => {
    attributes ??= attrs as unknown as Attributes;
    return runKernel.call(engine, name, inputs, attrs);
  }) as Engine['runKernel'];
  try {
    return { result: f(), attributes };
  } finally {
    engine.runKernel = runKernel;
  }
}

/** Replaces the engine's `customGrad` by one whose gradients can be differentiated. */
export function repairCustomGradients(engine: Engine): void {
  const original = engine.customGrad.bind(engine);
  engine.customGrad = ((f: CustomGradient) => {
    const scope = engine.state.activeScope?.name ?? '';
    const correct = corrections[scope];
    return (...inputs: tf.Tensor[]) => {
      const count = inputs.length;
      const differentiable: CustomGradient = (...parameters) => {
        const save = parameters[count] as (tensors: tf.Tensor[]) => void;
        const own = parameters.slice(0, count) as tf.Tensor[];
        let kept: tf.Tensor[] = [];
        const forward = () =>
          f(...own, (tensors: tf.Tensor[]) => {
            kept = tensors;
          });
        const { result, attributes } = correct
          ? withAttributes(engine, forward)
          : { result: forward(), attributes: undefined };
        const again = !outputUnused.has(scope) && kept.some((tensor) => !own.includes(tensor));
        save(again ? [...kept, ...own] : kept);
        const gradFunc = ((dy: tf.Tensor, saved: tf.Tensor[]) => {
          let values = saved.slice(0, kept.length);
          let gradient: GradientFunction = result.gradFunc;
          if (again && engine.isTapeOn()) {
            gradient = f(...saved.slice(kept.length), (tensors: tf.Tensor[]) => {
              values = tensors;
            }).gradFunc;
          }
          return correct?.(dy, values, attributes) ?? gradient(dy, values);
        }) as GradientFunction;
        return { value: result.value, gradFunc };
      };
      return original(differentiable)(...inputs);
    };
  }) as Engine['customGrad'];
}
