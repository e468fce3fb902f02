// State of tf.layers models beyond their weights, such as where the stream of dropout masks stands.
import { GanKitError, isStateful, type Json, type State, type Stateful, type StoredTensor } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';
import { placedLayers } from './placed-layers.ts';

/** The entries of `record` whose names start with `prefix`, without it. */
function entriesUnder<T>(record: Readonly<Record<string, T>>, prefix: string): Record<string, T> {
  const entries = Object.entries(record).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length), value]));
}

/**
 * The state of those layers of a model, nested models included, that implement `Stateful`, under the layer's place, for example
 * `4.seededDropout.words`; nothing when there are none. For the player that owns the model.
 */
export function layersState(model: tf.LayersModel): Partial<Stateful> {
  const parts = placedLayers(model).flatMap(({ layer, place }) => {
    const candidate: unknown = layer;
    return isStateful(candidate) ? [{ prefix: `${place}.`, part: candidate }] : [];
  });
  if (parts.length === 0) return {};
  return {
    async saveState(): Promise<State> {
      // All are asked before the first of them is waited for: the whole is of one moment.
      const states = await Promise.all(parts.map(({ part }) => part.saveState()));
      const tensors: Record<string, StoredTensor> = {};
      const values: Record<string, Json> = {};
      for (const [index, { prefix }] of parts.entries()) {
        const state = states[index]!;
        for (const [name, tensor] of Object.entries(state.tensors ?? {})) tensors[prefix + name] = tensor;
        for (const [name, value] of Object.entries(state.values ?? {})) values[prefix + name] = value;
      }
      return { tensors, values };
    },
    loadState({ tensors = {}, values = {} }) {
      const states = parts.map(({ prefix, part }) => {
        const state = { tensors: entriesUnder(tensors, prefix), values: entriesUnder(values, prefix) };
        if (Object.keys(state.tensors).length + Object.keys(state.values).length === 0) {
          throw new GanKitError(
            'incompatible',
            `The saved state has nothing for '${prefix.slice(0, -1)}' of the model '${model.name}'; it belongs to another architecture.`,
          );
        }
        return { part, state };
      });
      for (const { part, state } of states) part.loadState(state);
    },
  };
}
