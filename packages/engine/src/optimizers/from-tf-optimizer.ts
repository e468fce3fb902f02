// Lets any optimiser of `tf.train` stand where one of ours can, with state that is named and exact.
import {
  checkNumber,
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
import type { AdjustableOptimizer } from './update-rule.ts';

/** An accumulator as every optimiser of `tf.train` keeps it: a list, in the order of the parameters. */
interface Accumulator {
  originalName: string;
  variable: tf.Variable;
}

/** The protected fields of `tf.train` optimisers that are read here; their own save and restore loses bits (beta powers). */
interface Internals {
  learningRate: number;
  iterations_?: number | undefined;
  setLearningRate?(rate: number): void;
  /** SGD and momentum keep the negated rate as a tensor, which momentum's own `dispose` forgets. */
  c?: tf.Tensor | undefined;
}

class AdaptedOptimizer implements Optimizer {
  readonly name: string;
  readonly #optimizer: tf.Optimizer;
  readonly #internals: Internals;
  /** tf.train knows parameters by position: the order of first appearance is kept for good. */
  #order: string[] = [];
  #learningRateFactor = 1;

  constructor(optimizer: tf.Optimizer) {
    this.#optimizer = optimizer;
    this.#internals = optimizer as unknown as Internals;
    this.name = optimizer.getClassName().toLowerCase();
  }

  get iterations(): number {
    return this.#optimizer.iterations;
  }

  get learningRate(): number {
    return this.#internals.learningRate;
  }

  set learningRate(rate: number) {
    checkNumber('The learning rate', rate, 0);
    if (this.#internals.setLearningRate === undefined) this.#internals.learningRate = rate;
    else this.#internals.setLearningRate(rate);
  }

  get learningRateFactor(): number {
    return this.#learningRateFactor;
  }

  /** tf.train holds one rate: the factor's change goes into it at once. */
  set learningRateFactor(factor: number) {
    if (!(factor > 0)) throw new GanKitError('invalid-argument', `learningRateFactor must be over 0, not ${factor}.`);
    this.learningRate *= factor / this.#learningRateFactor;
    this.#learningRateFactor = factor;
  }

  applyGradients(gradients: readonly ParameterGradient[]): void {
    const byName = new Map(gradients.map((parameter) => [parameter.name, parameter]));
    for (const { name, variable, gradient } of gradients) {
      checkSameShape(`The gradient of '${name}'`, gradient.shape, 'the variable', variable.shape);
    }
    for (const name of this.#order) {
      if (!byName.has(name)) {
        throw new GanKitError(
          'invalid-argument',
          `'${name}' has no gradient this time; tf.train optimisers know parameters by position, pass the same ones each time.`,
          { value: name },
        );
      }
    }
    this.#order.push(...[...byName.keys()].filter((name) => !this.#order.includes(name)));
    const ordered = this.#order.map((name) => {
      const { variable, gradient } = byName.get(name)!;
      return { name: variable.name, tensor: gradient };
    });
    this.#optimizer.applyGradients(ordered);
  }

  #accumulators(): [string, Accumulator[]][] {
    return Object.entries(this.#optimizer).filter((entry): entry is [string, Accumulator[]] => Array.isArray(entry[1]));
  }

  /** Variables that belong to the optimiser as a whole: powers of beta, a step count. */
  #ownVariables(): [string, tf.Variable][] {
    return Object.entries(this.#optimizer).filter(
      (entry): entry is [string, tf.Variable] => entry[1] instanceof tf.Variable,
    );
  }

  async saveState(): Promise<State> {
    const tensors: Record<string, tf.Tensor> = Object.fromEntries(this.#ownVariables());
    for (const [field, accumulators] of this.#accumulators()) {
      for (const [index, { variable }] of accumulators.entries()) tensors[`${field}/${this.#order[index]}`] = variable;
    }
    const values = {
      optimizer: this.name,
      iterations: this.iterations,
      parameters: [...this.#order],
      learningRate: this.learningRate,
      learningRateFactor: this.#learningRateFactor,
    };
    return { tensors: await storeTensors(tensors), values };
  }

  loadState(state: State): void {
    const { optimizer, iterations, parameters, learningRate, learningRateFactor = 1 } = state.values ?? {};
    if (
      optimizer !== this.name ||
      typeof iterations !== 'number' ||
      typeof learningRate !== 'number' ||
      typeof learningRateFactor !== 'number' ||
      !Array.isArray(parameters) ||
      !parameters.every((name) => typeof name === 'string')
    ) {
      throw new GanKitError(
        'incompatible',
        `The saved state of '${String(optimizer)}' does not fit this '${this.name}' optimiser; use the one that it was saved with.`,
        { value: optimizer },
      );
    }
    const names: readonly string[] = parameters;
    const tensors = state.tensors ?? {};
    const own = this.#ownVariables();
    const accumulators = this.#accumulators();
    const fields = new Set([...own, ...accumulators].map(([field]) => field));
    for (const name of Object.keys(tensors)) {
      if (!fields.has(name.split('/', 1)[0]!)) {
        throw new GanKitError('incompatible', `The saved state has '${name}', which '${this.name}' does not keep.`);
      }
    }
    for (const [field, variable] of own) {
      const stored = tensors[field];
      if (stored === undefined) throw new GanKitError('incompatible', `The saved state has no '${field}'.`);
      const tensor = restoreTensor(stored);
      variable.assign(tensor);
      tensor.dispose();
    }
    for (const [field, list] of accumulators) {
      tf.dispose(list.map(({ variable }) => variable));
      // An optimiser without momentum keeps some of its lists empty: then nothing was saved under that name.
      const saved = names.filter((name) => tensors[`${field}/${name}`] !== undefined);
      const restored = saved.map((name): Accumulator => {
        const tensor = restoreTensor(tensors[`${field}/${name}`]!);
        const variable = tf.variable(tensor, false);
        tensor.dispose();
        return { originalName: `${name}/${field}`, variable };
      });
      list.splice(0, list.length, ...restored);
    }
    this.#order = [...names];
    this.#internals.iterations_ = iterations;
    if (learningRate !== this.learningRate) this.learningRate = learningRate;
    this.#learningRateFactor = learningRateFactor as number;
  }

  dispose(): void {
    this.#optimizer.dispose();
    if (this.#internals.c?.isDisposed === false) this.#internals.c.dispose();
  }
}

/**
 * An optimiser of `tf.train` behind the common interface: `fromTfOptimizer(tf.train.adamax(0.002))`. It owns `optimizer`. State is
 * keyed by parameter name and restored to the bit, Adam's powers of beta included, which `setWeights` recomputes.
 * Every update must bring the same parameters (their order may differ). Its learning rate follows no schedule: assign another one.
 */
export function fromTfOptimizer(optimizer: tf.Optimizer): AdjustableOptimizer {
  return disposableOptimizer(new AdaptedOptimizer(optimizer));
}
