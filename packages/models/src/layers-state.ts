// State of tf.layers models beyond their weights, such as where the stream of dropout masks stands.
import { GanKitError, isStateful, type Json, type State, type Stateful, type StoredTensor } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';
import { layerName } from './layers-variables.ts';

/** The entries of `record` whose names start with `prefix`, without it. */
function entriesUnder<T>(record: Readonly<Record<string, T>>, prefix: string): Record<string, T> {
  const entries = Object.entries(record).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length), value]));
}

/**
 * The state of those layers of a model that implement `Stateful`, under the layer's position and kind, for example
 * `4.seededDropout.words`; `undefined` when there are none. Spread it into the player that owns the model.
 */
export function layersState(model: tf.LayersModel): Stateful | undefined {
  const parts = model.layers.flatMap((layer, index) => {
    const candidate: unknown = layer;
    return isStateful(candidate) ? [{ prefix: `${layerName(layer, index)}.`, part: candidate }] : [];
  });
  if (parts.length === 0) return undefined;
  return {
    async saveState(): Promise<State> {
      const tensors: Record<string, StoredTensor> = {};
      const values: Record<string, Json> = {};
      for (const { prefix, part } of parts) {
        const state = await part.saveState();
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
