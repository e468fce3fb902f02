// `dispose` in the two forms in which a user may want it.

/** Platforms without the symbol have no `using` either; there the second form is found by nobody and does no harm. */
const disposeSymbol: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');

/** `dispose`, and the same under `Symbol.dispose`: `using generator = mlpGenerator(...)` frees it at the end of the block. */
export function disposable(dispose: () => void): { dispose(): void } & Disposable {
  return { dispose, [disposeSymbol]: dispose };
}

/**
 * Frees several parts at once: networks, optimisers, losses, penalties, negatives, averages; those without anything to free are
 * passed over, and a part that is named twice is freed once.
 */
export function disposeParts(...parts: readonly unknown[]): void {
  for (const part of new Set(parts)) {
    if (typeof (part as { dispose?: unknown } | undefined)?.dispose === 'function')
      (part as { dispose(): void }).dispose();
  }
}
