// Keeps the state of an optimiser, once for all update rules: named slots, step counts, exact save and restore, lifetimes.
import {
  checkInteger,
  checkNumber,
  checkSameShape,
  GanKitError,
  type Json,
  type Optimizer,
  type ParameterGradient,
  restoreTensor,
  type Scheduled,
  type State,
  storeTensors,
  valueAt,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { disposableOptimizer } from './disposable-optimizer.ts';
import { mismatch, savedValues } from './saved-values.ts';
import type { AdjustableOptimizer, UpdateRule } from './update-rule.ts';

interface ParameterState<Slot extends string> {
  step: number;
  shape: readonly number[];
  slots: Record<Slot, tf.Tensor>;
}

class RuleOptimizer<Slot extends string> implements Optimizer {
  readonly #rule: UpdateRule<Slot>;
  readonly #schedule: Scheduled;
  #assignedRate: number | undefined;
  #learningRateFactor = 1;
  #iterations = 0;
  /** The training step that the last update was told; `undefined` when it was told none. */
  #step: number | undefined;
  #parameters = new Map<string, ParameterState<Slot>>();
  #disposed = false;

  constructor(rule: UpdateRule<Slot>, learningRate: Scheduled) {
    if (typeof learningRate !== 'function') checkNumber('The learning rate', learningRate, 0);
    this.#rule = rule;
    this.#schedule = learningRate;
  }

  get name(): string {
    return this.#rule.name;
  }

  get iterations(): number {
    return this.#iterations;
  }

  get learningRate(): number {
    return this.#rateAt(this.#step);
  }

  set learningRate(rate: number) {
    checkNumber('The learning rate', rate, 0);
    this.#assignedRate = rate;
  }

  /** @param step The training step; the updates made so far when nobody tells it. */
  #rateAt(step = this.#iterations): number {
    return this.#learningRateFactor * (this.#assignedRate ?? valueAt(this.#schedule, step));
  }

  get learningRateFactor(): number {
    return this.#learningRateFactor;
  }

  set learningRateFactor(factor: number) {
    checkNumber('learningRateFactor', factor, 0);
    this.#learningRateFactor = factor;
  }

  applyGradients(gradients: readonly ParameterGradient[], step?: number): void {
    if (this.#disposed) throw new GanKitError('conflict', `This ${this.name} optimiser was disposed; make a new one.`);
    if (step !== undefined) checkInteger('step', step, 0);
    this.#check(gradients);
    const learningRate = this.#rateAt(step);
    checkNumber(`The learning rate of step ${step ?? this.#iterations}`, learningRate, 0);
    this.#step = step;
    for (const parameter of gradients) this.#updateParameter(parameter, learningRate);
    this.#iterations++;
  }

  /** Everything is checked before anything is changed: a refused update leaves no half-updated network. */
  #check(gradients: readonly ParameterGradient[]): void {
    const seen = new Set<string>();
    for (const { name, variable, gradient } of gradients) {
      if (seen.has(name)) {
        throw new GanKitError('invalid-argument', `Two gradients are named '${name}'; names must differ.`, {
          value: name,
        });
      }
      seen.add(name);
      checkSameShape(`The gradient of '${name}'`, gradient.shape, 'the variable', variable.shape);
      const known = this.#parameters.get(name);
      if (known !== undefined) {
        checkSameShape(`The optimiser's state of '${name}'`, known.shape, 'the variable', variable.shape);
      }
    }
  }

  #updateParameter({ name, variable, gradient }: ParameterGradient, learningRate: number): void {
    const parameter = this.#parameters.get(name) ?? this.#addParameter(name, variable);
    const step = parameter.step + 1;
    tf.tidy(() => {
      const before = parameter.slots;
      const after = this.#rule.update({ value: variable, gradient, slots: before, step, learningRate });
      variable.assign(after.value);
      const slots = { ...before };
      for (const slot of this.#rule.slots) {
        if (after.slots[slot] === before[slot]) continue;
        // A rule may hand back the gradient itself, which belongs to the caller: keep a reference of our own.
        slots[slot] = tf.keep(after.slots[slot] === gradient ? gradient.clone() : after.slots[slot]);
        before[slot].dispose();
      }
      parameter.slots = slots;
    });
    parameter.step = step;
  }

  #addParameter(name: string, variable: tf.Variable): ParameterState<Slot> {
    const slots = {} as Record<Slot, tf.Tensor>;
    for (const slot of this.#rule.slots) slots[slot] = tf.keep(tf.zeros(variable.shape));
    const parameter = { step: 0, shape: variable.shape.slice(), slots };
    this.#parameters.set(name, parameter);
    return parameter;
  }

  /** Tensors are named `slot/parameter`, for example `first-moment/dense/kernel`. */
  async saveState(): Promise<State> {
    const steps: Record<string, number> = {};
    const tensors: Record<string, tf.Tensor> = {};
    for (const [name, parameter] of this.#parameters) {
      // Without slots a parameter has no history: its step count decides nothing.
      if (this.#rule.slots.length > 0) steps[name] = parameter.step;
      for (const slot of this.#rule.slots) tensors[`${slot}/${name}`] = parameter.slots[slot];
    }
    const values: Record<string, Json> = { optimizer: this.name, iterations: this.#iterations, steps };
    if (this.#step !== undefined) values['step'] = this.#step;
    if (this.#assignedRate !== undefined) values['learningRate'] = this.#assignedRate;
    if (this.#learningRateFactor !== 1) values['learningRateFactor'] = this.#learningRateFactor;
    return { tensors: await storeTensors(tensors), values };
  }

  loadState(state: State): void {
    const { iterations, step, steps, learningRate, learningRateFactor } = savedValues(state, this.name);
    const tensors = state.tensors ?? {};
    if (this.#rule.slots.length === 0 && Object.keys(steps).length > 0) {
      throw mismatch(this.name, 'it has a history of each parameter, which these options do not keep');
    }
    const expected = new Set(Object.keys(steps).flatMap((name) => this.#rule.slots.map((slot) => `${slot}/${name}`)));
    for (const name of expected) {
      if (tensors[name] === undefined) throw mismatch(this.name, `it lacks '${name}'`);
    }
    for (const name of Object.keys(tensors)) {
      if (!expected.has(name)) throw mismatch(this.name, `it has '${name}', which these options do not keep`);
    }
    for (const [name, parameter] of this.#parameters) {
      for (const slot of this.#rule.slots) {
        const stored = tensors[`${slot}/${name}`];
        if (stored !== undefined) {
          checkSameShape(`The saved '${slot}/${name}'`, stored.shape, 'the variable', parameter.shape);
        }
      }
    }
    this.#disposeSlots();
    for (const [name, step] of Object.entries(steps)) {
      const slots = {} as Record<Slot, tf.Tensor>;
      for (const slot of this.#rule.slots) slots[slot] = tf.keep(restoreTensor(tensors[`${slot}/${name}`]!));
      const shape = slots[this.#rule.slots[0]!].shape;
      this.#parameters.set(name, { step, shape, slots });
    }
    this.#iterations = iterations;
    this.#step = step;
    this.#assignedRate = learningRate;
    this.#learningRateFactor = learningRateFactor;
  }

  #disposeSlots(): void {
    for (const parameter of this.#parameters.values()) {
      for (const slot of this.#rule.slots) parameter.slots[slot].dispose();
    }
    this.#parameters = new Map();
  }

  dispose(): void {
    this.#disposeSlots();
    this.#disposed = true;
  }
}

/**
 * An optimiser made of an update rule. Write a rule of your own and pass it here: names, state, checks and lifetimes are done.
 *
 * @param learningRate A number of at least 0, or a function that gives one: of the training step that `applyGradients` is told, from 0,
 *   or else of the updates made so far.
 * @throws GanKitError `invalid-argument` for a learning rate that is negative or not finite.
 */
export function optimizerFromRule<Slot extends string>(
  rule: UpdateRule<Slot>,
  learningRate: Scheduled,
): AdjustableOptimizer {
  return disposableOptimizer(new RuleOptimizer(rule, learningRate));
}
