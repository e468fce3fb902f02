// The end of a player: freed once, refused afterwards.
import { disposable, GanKitError } from '@gankit/core';

/** `dispose` in both its forms, and a check for everything that needs the player alive. */
export interface Lifetime {
  /** To be spread into the player: `dispose()` and `using`. A second call does nothing. */
  readonly end: ReturnType<typeof disposable>;
  /** @throws GanKitError `conflict` when the player was disposed. */
  check(): void;
}

/**
 * @param name The player's, for the sentence.
 * @param free Frees what the player owns; called once at most.
 * @param isGone Whether somebody else has freed it; nobody could, when absent.
 */
export function lifetime(name: string, free: () => void, isGone: () => boolean = () => false): Lifetime {
  let ended = false;
  return {
    end: disposable(() => {
      if (ended) return;
      ended = true;
      free();
    }),
    check() {
      if (!ended && !isGone()) return;
      throw new GanKitError('conflict', `${name} was disposed and cannot be used any more; make a new one.`, {
        value: name,
      });
    },
  };
}
