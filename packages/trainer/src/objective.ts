// What all updates share: one summed objective, its gradient, one step of one optimiser.
import {
  type Constraint,
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
import type { WatchedMeasurements } from './measurements.ts';

/** The player that is updated, its optimiser, and what is added to its loss or done to its variables. */
export interface PlayerOptions {
  readonly network: Network;
  readonly optimizer: Optimizer;
  readonly penalties?: readonly Penalty[] | undefined;
  readonly constraints?: readonly Constraint[] | undefined;
  readonly step?: number | undefined;
  readonly update?: number | undefined;
  readonly watch?: boolean | undefined;
}

/** The player's loss, and what its penalties look at; evaluated on the tape. */
export interface Evaluation {
  readonly loss: tf.Scalar;
  readonly context: PenaltyContext;
}

/** An objective and its gradient, kept: whoever computed it disposes it with {@link disposeObjective}, except what it passes on. */
export interface Objective {
  readonly value: tf.Scalar;
  readonly gradients: readonly ParameterGradient[];
  readonly penalties: Readonly<Record<string, tf.Scalar>>;
}

/** Keeps the update ratio finite where all weights are zero. */
const smallestNorm = 1e-12;

/** The penalties whose turn it is. */
export function duePenalties({ penalties = [], step = 0, update = step }: PlayerOptions): readonly Penalty[] {
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
 * Sums the player's loss and its due penalties and takes the gradient.
 *
 * @param evaluate The loss and the penalties' context; run on the tape, once with `first`, and once more for every balanced
 *   penalty.
 */
export function objectiveOf(player: PlayerOptions, evaluate: (first: boolean) => Evaluation): Objective {
  const { network, step = 0 } = player;
  const due = duePenalties(player);
  const named = trainableVariables(network);
  const penalties: Record<string, tf.Scalar> = {};
  const weightOf = (penalty: Penalty) => valueAt(penalty.weight, step) * penalty.interval;

  return tf.tidy(() => {
    const objective = gradientsOf(() => {
      const { loss, context } = evaluate(true);
      const terms = due
        .filter((penalty) => penalty.balance === undefined)
        .map((penalty) => {
          const weighted: tf.Scalar = penalty.term(context).mul(weightOf(penalty));
          penalties[penalty.name] = tf.keep(weighted.clone());
          return weighted;
        });
      return tf.addN([loss, ...terms]);
    }, named);

    let { value, gradients } = objective;
    for (const penalty of due) {
      if (penalty.balance === undefined) continue;
      const term = gradientsOf(() => penalty.term(evaluate(false).context), named);
      const factor: tf.Scalar = penalty.balance(objective.gradients, term.gradients).mul(weightOf(penalty));
      const weighted = tf.keep(term.value.mul<tf.Scalar>(factor));
      penalties[penalty.name] = weighted;
      value = value.add(weighted);
      gradients = addGradients(gradients, term.gradients, factor);
    }
    // Kept, because a simultaneous update computes one player's objective inside the other's tape.
    for (const { gradient } of gradients) tf.keep(gradient);
    return { value: tf.keep(value), gradients, penalties };
  });
}

function norm(tensors: readonly tf.Tensor[]): tf.Scalar {
  return tf.sqrt(tf.addN(tensors.map((tensor) => tensor.square().sum<tf.Scalar>())));
}

/**
 * Makes one optimiser step, applies the constraints and disposes the gradients.
 * @returns What was watched, when that was asked for.
 */
export function applyObjective(player: PlayerOptions, { gradients }: Objective): WatchedMeasurements | undefined {
  const { network, optimizer, constraints = [], watch = false } = player;
  const before = watch ? gradients.map(({ variable }) => variable.clone()) : [];
  optimizer.applyGradients(gradients);
  for (const constraint of constraints) constraint.apply(network.variables);
  const watched = watch
    ? tf.tidy(() => ({
        gradientNorm: norm(gradients.map(({ gradient }) => gradient)),
        updateRatio: norm(gradients.map(({ variable }, index) => tf.sub(variable, before[index]!))).div<tf.Scalar>(
          norm(before).add(smallestNorm),
        ),
      }))
    : undefined;
  tf.dispose([...before, ...gradients.map(({ gradient }) => gradient)]);
  return watched;
}

/** Standard deviation over the batch, averaged over the positions of a sample. */
export function sampleDiversity(samples: tf.Tensor): tf.Scalar {
  return tf.tidy(() => tf.moments(samples, 0).variance.sqrt().mean<tf.Scalar>());
}
