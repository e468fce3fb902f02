// What all updates share: one summed objective, its gradient, one step of one optimiser.
import {
  type Communicator,
  type Constraint,
  GanKitError,
  globalNorm,
  meanGradients,
  meanOverRanks,
  type NamedVariable,
  type Network,
  type Optimizer,
  type ParameterGradient,
  type Penalty,
  type PenaltyContext,
  valueAt,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import type { Keep } from './kept-tensors.ts';
import type { WatchedMeasurements } from './measurements.ts';

/** The player that is updated, its optimiser, and what is added to its loss or done to its variables. */
export interface PlayerOptions {
  readonly network: Pick<Network, 'name' | 'variables'>;
  readonly optimizer: Optimizer;
  readonly penalties?: readonly Penalty[] | undefined;
  readonly constraints?: readonly Constraint[] | undefined;
  readonly step?: number | undefined;
  readonly update?: number | undefined;
  readonly watch?: boolean | undefined;
  readonly communicator?: Communicator | undefined;
}

/** The player's loss, and what its penalties look at; evaluated on the tape. */
export interface Evaluation {
  readonly loss: tf.Scalar;
  readonly context: PenaltyContext;
}

/** An objective and its gradient, kept: the gradients are disposed by {@link applyObjective}, the rest by whoever measured it. */
export interface Objective {
  /** The loss without penalties. */
  readonly adversarialLoss: tf.Scalar;
  readonly gradients: readonly ParameterGradient[];
  /** Weight times term of each penalty that was evaluated. */
  readonly penalties: Readonly<Record<string, tf.Scalar>>;
}

/** Keeps the update ratio finite where all weights are zero. */
const smallestNorm = 1e-12;

/** The penalties whose turn it is. */
export function duePenalties({
  penalties = [],
  step = 0,
  update = step,
}: Pick<PlayerOptions, 'penalties' | 'step' | 'update'>): readonly Penalty[] {
  return penalties.filter(({ interval = 1 }) => update % interval === 0);
}

/** The variables of a network that an optimiser may change. */
export function trainableVariables(network: Pick<Network, 'name' | 'variables'>): readonly NamedVariable[] {
  const trainable = network.variables.filter(({ trainable }) => trainable);
  if (trainable.length > 0) return trainable;
  throw new GanKitError(
    'incompatible',
    `The network '${network.name}' has no trainable variables, so it cannot learn.`,
  );
}

/**
 * The value and the gradient of a scalar with respect to every named variable; zero where it does not depend on one. Of several processes
 * each has a scalar of its own, and the gradient is that of their mean.
 */
function gradientsOf(scalar: () => tf.Scalar, named: readonly NamedVariable[], communicator: Communicator | undefined) {
  const { value, grads } = tf.variableGrads(
    scalar,
    named.map(({ variable }) => variable),
  );
  const gradients = named.map(({ name, variable }) => {
    return { name, variable, gradient: grads[variable.name] ?? tf.zerosLike(variable) };
  });
  return { value, gradients: meanGradients(gradients, communicator) };
}

/** a + factor * b for every variable. */
function addGradients(a: readonly ParameterGradient[], b: readonly ParameterGradient[], factor: tf.Scalar) {
  return a.map(({ gradient, ...of }, index) => ({ ...of, gradient: gradient.add(b[index]!.gradient.mul(factor)) }));
}

/**
 * Sums the player's loss and its due penalties and takes the gradient. A lazy penalty weighs `interval` times as much in it.
 *
 * @param evaluate The loss and the penalties' context; run on the tape, once with `first`, and once more for every balanced
 *   penalty.
 * @param keep Takes what outlives the tape.
 */
export function objectiveOf(player: PlayerOptions, evaluate: (first: boolean) => Evaluation, keep: Keep): Objective {
  const { network, step = 0, communicator } = player;
  const due = duePenalties(player);
  const named = trainableVariables(network);
  const penalties: Record<string, tf.Scalar> = {};
  const weigh = ({ name, weight, interval = 1 }: Penalty, term: tf.Scalar, factor: tf.Scalar | number = 1) => {
    const weighted = term.mul<tf.Scalar>(tf.mul(factor, valueAt(weight, step)));
    penalties[name] = keep(tf.clone(meanOverRanks(weighted, communicator)));
    return weighted.mul<tf.Scalar>(interval);
  };

  return tf.tidy(() => {
    let adversarialLoss: tf.Scalar | undefined;
    const objective = gradientsOf(
      () => {
        const { loss, context } = evaluate(true);
        adversarialLoss = keep(tf.clone(loss));
        const terms = due
          .filter((penalty) => penalty.balance === undefined)
          .map((penalty) => weigh(penalty, penalty.term(context)));
        return tf.addN([loss, ...terms]);
      },
      named,
      communicator,
    );

    let { gradients } = objective;
    for (const penalty of due) {
      if (penalty.balance === undefined) continue;
      const { weight, interval = 1 } = penalty;
      const term = gradientsOf(() => penalty.term(evaluate(false).context), named, communicator);
      const factor = penalty.balance(objective.gradients, term.gradients);
      weigh(penalty, term.value, factor);
      gradients = addGradients(gradients, term.gradients, factor.mul(valueAt(weight, step) * interval));
    }
    // Kept, because a simultaneous update computes one player's objective inside the other's tape.
    for (const { gradient } of gradients) keep(gradient);
    return { adversarialLoss: adversarialLoss!, gradients, penalties };
  });
}

/**
 * Which variable each optimiser moved first: one optimiser that serves two networks mixes up their states where names and shapes agree,
 * in silence.
 */
const firstVariable = new WeakMap<Optimizer, tf.Variable>();

function checkOwnOptimizer({ optimizer, network }: PlayerOptions): void {
  const variables = network.variables.filter(({ trainable }) => trainable);
  const first = firstVariable.get(optimizer);
  if (first === undefined || first.isDisposed) firstVariable.set(optimizer, variables[0]!.variable);
  else if (!variables.some(({ variable }) => variable === first)) {
    throw new GanKitError(
      'conflict',
      `The optimiser '${optimizer.name}' that updates ${network.name} has updated another network before; give each network an optimiser of its own.`,
    );
  }
}

/**
 * Makes one optimiser step, applies the constraints and disposes the gradients.
 * @returns What was watched, when that was asked for; kept.
 */
export function applyObjective(
  player: PlayerOptions,
  gradients: readonly ParameterGradient[],
  keep: Keep,
): WatchedMeasurements | undefined {
  const { network, optimizer, constraints = [], watch = false, step } = player;
  checkOwnOptimizer(player);
  return tf.tidy(() => {
    const before = watch ? gradients.map(({ variable }) => variable.clone()) : [];
    const { iterations } = optimizer;
    optimizer.applyGradients(gradients, step);
    for (const constraint of constraints) constraint.apply(network.variables);
    const watched = watch
      ? {
          gradientNorm: keep(globalNorm(gradients.map(({ gradient }) => gradient))),
          // An optimiser that collects gradients for a later update has changed nothing yet.
          ...(optimizer.iterations > iterations && {
            updateRatio: keep(
              globalNorm(gradients.map(({ variable }, index) => tf.sub(variable, before[index]!))).div<tf.Scalar>(
                globalNorm(before).add(smallestNorm),
              ),
            ),
          }),
        }
      : undefined;
    tf.dispose(gradients.map(({ gradient }) => gradient));
    return watched;
  });
}

/** Standard deviation over the batch, averaged over the positions of a sample. */
export function sampleDiversity(samples: tf.Tensor, communicator: Communicator | undefined): tf.Scalar {
  return tf.tidy(() => {
    const mean = meanOverRanks(tf.mean(samples, 0), communicator);
    const variance = meanOverRanks(tf.mean(tf.squaredDifference(samples, mean), 0), communicator);
    return variance.sqrt().mean<tf.Scalar>();
  });
}
