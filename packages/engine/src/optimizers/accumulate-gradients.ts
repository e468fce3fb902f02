// Gradient accumulation: one update from the mean gradient of several batches, for batches that do not fit into memory.
import {
  checkInteger,
  checkSameShape,
  GanKitError,
  type Optimizer,
  type ParameterGradient,
  restoreTensor,
  type State,
  storeTensors,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { disposableOptimizer } from './disposable-optimizer.ts';

const prefix = 'accumulated-gradient/';

class AccumulatingOptimizer implements Optimizer {
  readonly #optimizer: Optimizer;
  readonly #batches: number;
  #sums = new Map<string, tf.Tensor>();
  #collected = 0;

  constructor(optimizer: Optimizer, batches: number) {
    checkInteger('batches', batches, 1);
    this.#optimizer = optimizer;
    this.#batches = batches;
  }

  get name(): string {
    return this.#optimizer.name;
  }

  get iterations(): number {
    return this.#optimizer.iterations;
  }

  get learningRate(): number {
    return this.#optimizer.learningRate;
  }

  get learningRateFactor(): number {
    return this.#optimizer.learningRateFactor ?? 1;
  }

  set learningRateFactor(factor: number) {
    this.#optimizer.learningRateFactor = factor;
  }

  applyGradients(gradients: readonly ParameterGradient[], step?: number): void {
    if (this.#collected + 1 === this.#batches) this.#checkComplete(gradients);
    for (const { name, gradient, variable } of gradients) {
      checkSameShape(`The gradient of '${name}'`, gradient.shape, 'the variable', variable.shape);
    }
    for (const { name, gradient } of gradients) {
      const sum = this.#sums.get(name);
      this.#sums.set(name, tf.keep(sum === undefined ? gradient.clone() : tf.add(sum, gradient)));
      sum?.dispose();
    }
    this.#collected++;
    if (this.#collected < this.#batches) return;
    try {
      tf.tidy(() => {
        const means = gradients.map((parameter) => ({
          ...parameter,
          gradient: tf.div(this.#sums.get(parameter.name)!, this.#batches),
        }));
        this.#optimizer.applyGradients(means, step);
      });
    } finally {
      this.#disposeSums();
    }
  }

  /** A parameter that had a gradient in an earlier batch must be here in the last one: its variable is known only from there. */
  #checkComplete(gradients: readonly ParameterGradient[]): void {
    const present = new Set(gradients.map(({ name }) => name));
    for (const name of this.#sums.keys()) {
      if (!present.has(name)) {
        throw new GanKitError(
          'invalid-argument',
          `'${name}' had a gradient in an earlier batch but none in the last; pass the same parameters each time.`,
          { value: name },
        );
      }
    }
  }

  async saveState(): Promise<State> {
    const accumulatedBatches = this.#collected;
    const sums = storeTensors(Object.fromEntries([...this.#sums].map(([name, sum]) => [prefix + name, sum])));
    const inner = this.#optimizer.saveState();
    const [{ tensors, values }, own] = await Promise.all([inner, sums]);
    return { tensors: { ...tensors, ...own }, values: { ...values, accumulatedBatches } };
  }

  loadState(state: State): void {
    const { accumulatedBatches, ...values } = state.values ?? {};
    if (
      !Number.isInteger(accumulatedBatches) ||
      (accumulatedBatches as number) < 0 ||
      (accumulatedBatches as number) >= this.#batches
    ) {
      throw new GanKitError(
        'incompatible',
        `The saved state holds ${String(accumulatedBatches)} accumulated batches, which does not fit an accumulation of ` +
          `${this.#batches}; use the number that it was saved with.`,
        { value: accumulatedBatches },
      );
    }
    const entries = Object.entries(state.tensors ?? {});
    this.#optimizer.loadState({
      tensors: Object.fromEntries(entries.filter(([name]) => !name.startsWith(prefix))),
      values,
    });
    this.#disposeSums();
    for (const [name, stored] of entries) {
      if (name.startsWith(prefix)) this.#sums.set(name.slice(prefix.length), tf.keep(restoreTensor(stored)));
    }
    this.#collected = accumulatedBatches as number;
  }

  #disposeSums(): void {
    for (const sum of this.#sums.values()) sum.dispose();
    this.#sums.clear();
    this.#collected = 0;
  }

  dispose(): void {
    this.#disposeSums();
    this.#optimizer.dispose();
  }
}

/**
 * An optimiser that collects the gradients of `batches` calls and gives `optimizer` their mean in the last of them, with the training
 * step of that call; in the calls before, nothing changes and `iterations`, which counts updates, stands still. A run that is saved in
 * between goes on exactly. It owns `optimizer`.
 * Put clipping inside, `accumulateGradients(clipByGlobalNorm(adam(), 1), 4)`, to clip the mean; outside, to clip each batch.
 *
 * @param batches Calls for each update, a whole number of at least 1.
 * @throws GanKitError `invalid-argument` for another number of batches.
 */
export function accumulateGradients(optimizer: Optimizer, batches: number): Optimizer & Disposable {
  return disposableOptimizer(new AccumulatingOptimizer(optimizer, batches));
}
