/**
 * Operations whose value does not change with their input, almost everywhere: comparisons, logic, rounding to integers.
 * tfjs has no gradient for most of them, so that `tf.where(x.greater(0), ...)` as a function of x throws, and a wrong one
 * for `floorDiv` and for `cast` to int32 or bool, which it treats as division and as the identity.
 */
import * as tf from '@tensorflow/tfjs';
import { type Gradient, zeroGradient } from './gradient.ts';

const comparisons = ['Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual'];
const connectives = ['LogicalAnd', 'LogicalOr', 'LogicalXor', 'FloorDiv'];
const unary = ['LogicalNot', 'All', 'Any', 'IsNan', 'IsInf', 'IsFinite', 'ArgMax', 'ArgMin'];

const cast: Gradient = {
  kernelName: 'Cast',
  inputsToSave: [],
  gradFunc: (dy, _saved, attributes) => ({
    x: () => (attributes['dtype'] === 'int32' || attributes['dtype'] === 'bool' ? tf.zerosLike(dy) : dy.clone()),
  }),
};

export const piecewiseConstantGradients: readonly Gradient[] = [
  ...[...comparisons, ...connectives].map(
    (kernelName): Gradient => ({
      kernelName,
      inputsToSave: ['a', 'b'],
      gradFunc: (_dy, [a, b]) => ({ a: () => zeroGradient(a!), b: () => zeroGradient(b!) }),
    }),
  ),
  ...unary.map(
    (kernelName): Gradient => ({
      kernelName,
      inputsToSave: ['x'],
      gradFunc: (_dy, [x]) => ({ x: () => zeroGradient(x!) }),
    }),
  ),
  cast,
];
