// An optimiser in front of another: it changes the gradients and leaves everything else to the one behind it.
import { disposable, type Optimizer, type ParameterGradient } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** New gradients from old ones, in the same order. It runs inside a `tf.tidy`. */
export type GradientTransform = (gradients: readonly ParameterGradient[]) => readonly ParameterGradient[];

/** `optimizer`, given transformed gradients. Its name, counts, learning rate, state and disposal are those of `optimizer`. */
export function withTransformedGradients(optimizer: Optimizer, transform: GradientTransform): Optimizer & Disposable {
  return {
    get name() {
      return optimizer.name;
    },
    get iterations() {
      return optimizer.iterations;
    },
    get learningRate() {
      return optimizer.learningRate;
    },
    get learningRateFactor() {
      return optimizer.learningRateFactor ?? 1;
    },
    set learningRateFactor(factor) {
      optimizer.learningRateFactor = factor;
    },
    applyGradients: (gradients, step) => {
      // The inner optimiser keeps what it needs; everything else of this update dies with the tidy.
      tf.tidy(() => optimizer.applyGradients(transform(gradients), step));
    },
    saveState: () => optimizer.saveState(),
    loadState: (state) => optimizer.loadState(state),
    ...disposable(() => optimizer.dispose()),
  };
}
