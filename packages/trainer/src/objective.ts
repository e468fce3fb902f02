// What both updates share: one summed objective, its gradient, one step of one optimiser.
import {
  type Constraint,
  type Discriminator,
  GanKitError,
  type NamedVariable,
  type Network,
  type Optimizer,
  type ParameterGradient,
  type Penalty,
  type PenaltyContext,
  valueAt,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** What an update measured, still on the backend. Whoever made the update disposes it. */
export interface Measurements {
  /** The objective, penalties included: a scalar. */
  readonly loss: tf.Scalar;
  /** D(x), the mean probability of "real" given to real samples; absent when the update did not look at any. */
  readonly realScore?: tf.Scalar;
  /** D(G(z)), the mean probability of "real" given to generated samples. */
  readonly fakeScore: tf.Scalar;
  /** The penalties that were evaluated, by name, weighted as they went into the objective. */
  readonly penalties: Readonly<Record<string, tf.Scalar>>;
}

/** The player that is updated, its optimiser, and what is added to its loss or done to its variables. */
export interface PlayerOptions {
  readonly network: Network;
  readonly optimizer: Optimizer;
  readonly penalties: readonly Penalty[];
  readonly constraints: readonly Constraint[];
  readonly step: number;
  /** Updates that this player has made. */
  readonly update: number;
}

/** The player's loss, and what its penalties look at; evaluated on the tape. */
export interface Evaluation {
  readonly loss: tf.Scalar;
  readonly context: PenaltyContext;
}

/**
 * The mean probability of "real" that a verdict stands for: sigmoid of a logit, softmax of two units, exp of minus an energy.
 * A scalar from 0 to 1.
 */
export function meanScore(discriminator: Discriminator, logits: tf.Tensor): tf.Scalar {
  return tf.tidy(() => {
    if (discriminator.verdict === 'two-class') return logits.softmax().slice([0, 0], [-1, 1]).mean() as tf.Scalar;
    return (discriminator.verdict === 'energy' ? logits.neg().exp() : logits.sigmoid()).mean() as tf.Scalar;
  });
}

/** The penalties whose turn it is. */
export function duePenalties(penalties: readonly Penalty[], update: number): readonly Penalty[] {
  return penalties.filter((penalty) => update % penalty.interval === 0);
}

/** The variables of a network that an optimiser may change. */
export function trainableVariables(network: Network): readonly NamedVariable[] {
  const trainable = network.variables.filter(({ trainable }) => trainable);
  if (trainable.length > 0) return trainable;
  throw new GanKitError(
    'incompatible',
    `The network '${network.name}' has no trainable variables, so it cannot learn.`,
  );
}

/** The value and the gradient of a scalar with respect to every named variable; zero where it does not depend on one. */
function gradientsOf(scalar: () => tf.Scalar, named: readonly NamedVariable[]) {
  const { value, grads } = tf.variableGrads(
    scalar,
    named.map(({ variable }) => variable),
  );
  const gradients = named.map(({ name, variable }) => {
    return { name, variable, gradient: grads[variable.name] ?? tf.zerosLike(variable) };
  });
  return { value, gradients };
}

/** a + factor * b for every variable. */
function addGradients(a: readonly ParameterGradient[], b: readonly ParameterGradient[], factor: tf.Scalar) {
  return a.map(({ gradient, ...of }, index) => ({ ...of, gradient: gradient.add(b[index]!.gradient.mul(factor)) }));
}

/**
 * Sums the player's loss and its due penalties, takes the gradient, makes one optimiser step and applies the constraints.
 * Call it inside `tf.tidy`.
 *
 * @param evaluate The loss and the penalties' context; run on the tape, once with `first`, and once more for every balanced
 *   penalty.
 */
export function minimize(
  { network, optimizer, penalties, constraints, step, update }: PlayerOptions,
  evaluate: (first: boolean) => Evaluation,
): Pick<Measurements, 'loss' | 'penalties'> {
  const due = duePenalties(penalties, update);
  const named = trainableVariables(network);
  const measured: Record<string, tf.Scalar> = {};
  const weightOf = (penalty: Penalty) => valueAt(penalty.weight, step) * penalty.interval;

  const objective = gradientsOf(() => {
    const { loss, context } = evaluate(true);
    const terms = due
      .filter((penalty) => penalty.balance === undefined)
      .map((penalty) => {
        const weighted: tf.Scalar = penalty.term(context).mul(weightOf(penalty));
        measured[penalty.name] = tf.keep(weighted.clone());
        return weighted;
      });
    return tf.addN([loss, ...terms]);
  }, named);

  let { value, gradients } = objective;
  for (const penalty of due) {
    if (penalty.balance === undefined) continue;
    const term = gradientsOf(() => penalty.term(evaluate(false).context), named);
    const factor: tf.Scalar = penalty.balance(objective.gradients, term.gradients).mul(weightOf(penalty));
    measured[penalty.name] = tf.keep(term.value.mul<tf.Scalar>(factor));
    value = value.add(measured[penalty.name]!);
    gradients = addGradients(gradients, term.gradients, factor);
  }
  optimizer.applyGradients(gradients);
  for (const constraint of constraints) constraint.apply(network.variables);
  return { loss: value, penalties: measured };
}
