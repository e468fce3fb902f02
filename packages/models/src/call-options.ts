import type { ForwardOptions } from '@gankit/core';

/** What a layer's `call` or a player's function is told: {@link ForwardOptions} with `updateState` filled in. */
export type CallOptions = ForwardOptions & { readonly updateState: boolean };

/**
 * What every layer of a model is told in its `call`, as its second argument: all of {@link ForwardOptions}, so that a layer of
 * yours can read `condition` or `step`.
 */
export function callOptions(options: ForwardOptions): CallOptions {
  return { ...options, updateState: options.updateState ?? options.training };
}
