// Many parts, one state: each part's tensors and values under its name.
import { GanKitError } from './error.ts';
import type { Network } from './network.ts';
import {
  isStateful,
  type Json,
  restoreVariable,
  type State,
  type Stateful,
  type StoredTensor,
  storeTensors,
} from './state.ts';

const separator = '/';

/** Parts by name. Names never contain a slash. */
export type StatefulParts = Readonly<Record<string, Stateful>>;

/**
 * The states of several parts as one: tensors are named `part/tensor`, values stand under the part's name. All parts are asked
 * before the first of them is waited for, so that the whole is of one moment; see {@link Stateful.saveState}.
 */
export async function saveParts(parts: StatefulParts): Promise<State> {
  const asked = Object.entries(parts).map(([part, stateful]) => {
    if (part.includes(separator)) {
      throw new GanKitError('invalid-argument', `A part's name cannot contain a slash, as '${part}' does.`, {
        value: part,
      });
    }
    return stateful.saveState();
  });
  const states = await Promise.all(asked);
  const tensors: Record<string, StoredTensor> = {};
  const values: Record<string, Json> = {};
  for (const [index, part] of Object.keys(parts).entries()) {
    const state = states[index]!;
    for (const [name, tensor] of Object.entries(state.tensors ?? {})) tensors[part + separator + name] = tensor;
    values[part] = state.values ?? {};
  }
  return { tensors, values };
}

/**
 * Puts a state of {@link saveParts} back into the same parts.
 * @throws GanKitError `incompatible` when a part is missing from the state, or the state has a part that is not there.
 */
export function loadParts(parts: StatefulParts, state: State): void {
  const saved = Object.keys(state.values ?? {});
  const present = Object.keys(parts);
  const missing = present.filter((part) => !saved.includes(part));
  const unknown = saved.filter((part) => !present.includes(part));
  if (missing.length + unknown.length > 0) {
    const list = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');
    const differences = [
      ...(missing.length === 0 ? [] : [`it lacks ${list(missing)}`]),
      ...(unknown.length === 0 ? [] : [`it has ${list(unknown)}, which this run does not`]),
    ];
    throw new GanKitError(
      'incompatible',
      `The saved state belongs to a run of other parts: ${differences.join('; ')}. Use the parts that it was saved with.`,
    );
  }
  for (const [part, stateful] of Object.entries(parts)) stateful.loadState(partState(state, part));
}

/** The state of one part in a state of {@link saveParts}; empty when it has no such part. */
export function partState(state: State, part: string): State {
  const prefix = part + separator;
  const tensors = Object.entries(state.tensors ?? {}).filter(([name]) => name.startsWith(prefix));
  return {
    tensors: Object.fromEntries(tensors.map(([name, tensor]) => [name.slice(prefix.length), tensor])),
    values: (state.values?.[part] ?? {}) as Readonly<Record<string, Json>>,
  };
}

const ownPrefix = 'state/';

/**
 * A network's whole state: every variable, and what it saves itself when it is {@link Stateful} (dropout masks, augmentation
 * probabilities).
 */
export function networkState(network: Network): Stateful {
  return {
    async saveState() {
      const own = isStateful(network) ? network.saveState() : undefined;
      const tensors: Record<string, StoredTensor> = await storeTensors(
        Object.fromEntries(network.variables.map(({ name, variable }) => [name, variable])),
      );
      if (own === undefined) return { tensors };
      const { tensors: ownTensors = {}, values } = await own;
      for (const [name, tensor] of Object.entries(ownTensors)) tensors[ownPrefix + name] = tensor;
      return { tensors, values: { state: values ?? {} } };
    },
    loadState({ tensors = {}, values = {} }) {
      const known = new Set(network.variables.map(({ name }) => name));
      const extra = Object.keys(tensors).find((name) => !known.has(name) && !name.startsWith(ownPrefix));
      if (extra !== undefined) {
        throw new GanKitError(
          'incompatible',
          `The saved state has '${extra}', which ${network.name} does not; it belongs to another architecture.`,
          { value: extra },
        );
      }
      for (const { name, variable } of network.variables) restoreVariable(variable, tensors[name], name);
      if (!isStateful(network)) return;
      const own = Object.entries(tensors).filter(([name]) => name.startsWith(ownPrefix));
      network.loadState({
        tensors: Object.fromEntries(own.map(([name, tensor]) => [name.slice(ownPrefix.length), tensor])),
        values: (values['state'] ?? {}) as Readonly<Record<string, Json>>,
      });
    },
  };
}

/** A random stream, or anything else with a plain JSON state, as a part of a checkpoint. */
export function valueState<T>(part: { saveState(): T; loadState(state: T): void }): Stateful {
  return {
    saveState: async () => ({ values: { state: part.saveState() as Json } }),
    loadState: ({ values }) => part.loadState(values?.['state'] as T),
  };
}
