// What generators and discriminators of tf.layers models share: named variables, starting weights, state, the end.
import { type ConditionNeed, formatShape, GanKitError, type Network, type Stateful } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';
import { checkLayers } from './check-layers.ts';
import { layersState } from './layers-state.ts';
import { asVariables, namedWeights } from './layers-variables.ts';
import { lifetime } from './lifetime.ts';
import { placedLayers } from './placed-layers.ts';
import { type StartingWeights, startingWeightNames, startWeights } from './starting-weights.ts';

/** What every adapter for tf.layers models takes. */
export interface FromLayersOptions extends StartingWeights {
  /** The name for messages; the model's own when absent. */
  readonly name?: string | undefined;
  /**
   * What it must be told about each sample, for layers that do not say so themselves in a field `needs`; nothing more than those say
   * when absent.
   */
  readonly needs?: readonly ConditionNeed[] | undefined;
}

/** The names of {@link FromLayersOptions}, for `checkOptions`. */
export const fromLayersNames = { ...startingWeightNames, name: 'optional', needs: 'optional' } as const;

/** A model as an owner of variables, and the check for passes through it. */
export interface LayersNetwork {
  readonly network: Network & Disposable & Partial<Stateful>;
  /** @throws GanKitError `conflict` when the model was disposed. */
  checkAlive(): void;
}

/** What the layers of a model say that they must be told. */
function declaredNeeds(model: tf.LayersModel): ConditionNeed[] {
  return placedLayers(model).flatMap(({ layer }) => {
    const { needs } = layer as { readonly needs?: unknown };
    return Array.isArray(needs) ? (needs as ConditionNeed[]) : [];
  });
}

/**
 * The network that a model is. It owns the model: its end is the end of every weight.
 * @param kind What is made of it: streams are forked under it.
 * @throws GanKitError `incompatible` for what {@link checkLayers} refuses and for weights of one name.
 */
export function layersNetwork(
  kind: 'generator' | 'discriminator',
  model: tf.LayersModel,
  options: FromLayersOptions,
): LayersNetwork {
  const { name = model.name, needs = [] } = options;
  checkLayers(model);
  const weights = namedWeights(model);
  startWeights(kind, options.name, asVariables(weights, model), options);
  const isGone = () => weights.some(({ variable }) => variable.isDisposed);
  const life = lifetime(
    name,
    () => {
      if (!isGone()) model.dispose();
      // A nested model counts its users in its own way, and may keep its weights.
      for (const { variable } of weights) if (!variable.isDisposed) variable.dispose();
    },
    isGone,
  );
  const network: LayersNetwork['network'] = {
    name,
    needs: [...new Set([...needs, ...declaredNeeds(model)])],
    get variables() {
      life.check();
      return asVariables(weights, model);
    },
    ...layersState(model),
    ...life.end,
  };
  return { network, checkAlive: life.check };
}

/**
 * The shape without the batch axis of the only one of a model's inputs or outputs.
 * @throws GanKitError `incompatible` when there are more of them, or none, or its shape is not fixed.
 */
export function fixedShape(
  model: tf.LayersModel,
  side: 'input' | 'output',
  tensors: readonly tf.SymbolicTensor[],
): number[] {
  const [first, ...others] = tensors;
  const shape = first?.shape.slice(1) ?? [];
  if (first === undefined) {
    throw new GanKitError(
      'incompatible',
      `The model '${model.name}' has no ${side} yet; give its first layer an inputShape.`,
    );
  }
  if (others.length > 0 || shape.some((size) => size === null)) {
    throw new GanKitError(
      'incompatible',
      `The model '${model.name}' must have one ${side} of a fixed shape, not ${tensors.map((tensor) => formatShape(tensor.shape)).join(' and ')}.`,
    );
  }
  return shape as number[];
}
