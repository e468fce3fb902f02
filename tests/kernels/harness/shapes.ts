/** Shapes and indices with one entry changed, added or left out; and the shape of what is broadcast. */

export function replaced(list: readonly number[], at: number, value: number): number[] {
  return list.map((own, i) => (i === at ? value : own));
}

export function inserted(list: readonly number[], at: number, value: number): number[] {
  return [...list.slice(0, at), value, ...list.slice(at)];
}

export function without(list: readonly number[], at: number): number[] {
  return list.filter((_, i) => i !== at);
}

/** No axis of size 0. */
export function filled(shape: readonly number[]): number[] {
  return shape.map((size) => Math.max(1, size));
}

/** The common shape of two operands; an axis of size 1 takes the size of the other, which may be 0. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const [own, other] = [a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1];
    return own === 1 ? other : own;
  });
}
