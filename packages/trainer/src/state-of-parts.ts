// The state of a part that is made of other parts: each keeps its own names, under a prefix.
import {
  GanKitError,
  isStateful,
  type Json,
  RandomStream,
  type State,
  type Stateful,
  type StoredTensor,
} from '@gankit/core';

const separator = '/';

/** A random stream's state as plain JSON. */
function randomJson(random: RandomStream): Json {
  const { words, path } = random.saveState();
  return { words: [...words], path };
}

/**
 * Saves and loads several parts as one. Random streams are parts, too; a part without state is passed over, so that a wrapper
 * need not know whether what it wraps has any.
 *
 * @param parts By the names that they have in the saved state, without `/`.
 * @throws GanKitError `incompatible`, from `loadState`, when the state lacks a part that has state, or has one that is unknown.
 */
export function stateOfParts(parts: Readonly<Record<string, unknown>>): Stateful {
  const stateful = Object.entries(parts).filter(
    (entry): entry is [string, RandomStream | Stateful] => entry[1] instanceof RandomStream || isStateful(entry[1]),
  );
  return {
    async saveState() {
      const tensors: Record<string, StoredTensor> = {};
      const values: Record<string, Json> = {};
      for (const [name, part] of stateful) {
        if (part instanceof RandomStream) {
          values[name] = randomJson(part);
          continue;
        }
        const state = await part.saveState();
        for (const [key, tensor] of Object.entries(state.tensors ?? {})) tensors[name + separator + key] = tensor;
        values[name] = state.values ?? {};
      }
      return { tensors, values };
    },
    loadState({ tensors = {}, values = {} }) {
      const names = stateful.map(([name]) => name);
      const saved = Object.keys(values);
      const wrong = [
        ...saved.filter((name) => !names.includes(name)),
        ...names.filter((name) => !saved.includes(name)),
      ];
      if (wrong.length > 0) {
        throw new GanKitError(
          'incompatible',
          `The saved state holds ${listed(saved)}, this part needs ${listed(names)}; it belongs to another configuration.`,
          { value: wrong },
        );
      }
      for (const [name, part] of stateful) {
        if (part instanceof RandomStream) {
          part.loadState(values[name] as unknown as ReturnType<RandomStream['saveState']>);
          continue;
        }
        const prefix = name + separator;
        const own = Object.entries(tensors).filter(([key]) => key.startsWith(prefix));
        const state: State = {
          tensors: Object.fromEntries(own.map(([key, tensor]) => [key.slice(prefix.length), tensor])),
          values: values[name] as Readonly<Record<string, Json>>,
        };
        part.loadState(state);
      }
    },
  };
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.map((name) => `'${name}'`).join(', ');
}
