/** Broadcasting as few loops as possible: axes that both operands walk in the same way are merged into one. */

export interface BroadcastPlan {
  shape: number[];
  /** Merged output lengths and, per operand, element strides (0 where it is repeated). */
  lengths: number[];
  strides: [number[], number[]];
}

/**
 * @returns undefined when the shapes do not fit together or need more loops than the kernels have.
 */
export function planBroadcast(a: readonly number[], b: readonly number[]): BroadcastPlan | undefined {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  const lengths: number[] = [];
  const stridesA: number[] = [];
  const stridesB: number[] = [];
  let strideA = 1;
  let strideB = 1;
  // From the last axis to the first; the lists are reversed at the end.
  for (let back = 1; back <= rank; back++) {
    const lengthA = a[a.length - back] ?? 1;
    const lengthB = b[b.length - back] ?? 1;
    if (lengthA !== lengthB && lengthA !== 1 && lengthB !== 1) return undefined;
    const length = lengthA === 1 ? lengthB : lengthA;
    shape.push(length);
    if (length !== 1) {
      const stepA = lengthA === 1 ? 0 : strideA;
      const stepB = lengthB === 1 ? 0 : strideB;
      const last = lengths.length - 1;
      const inner = lengths[last] ?? 0;
      if (last >= 0 && stepA === (stridesA[last] ?? 0) * inner && stepB === (stridesB[last] ?? 0) * inner) {
        lengths[last] = inner * length;
      } else {
        lengths.push(length);
        stridesA.push(stepA);
        stridesB.push(stepB);
      }
    }
    strideA *= lengthA;
    strideB *= lengthB;
  }
  if (lengths.length === 0) {
    lengths.push(1);
    stridesA.push(1);
    stridesB.push(1);
  }
  if (lengths.length > MAXIMUM_LOOPS) return undefined;
  return {
    shape: shape.reverse(),
    lengths: lengths.reverse(),
    strides: [stridesA.reverse(), stridesB.reverse()],
  };
}

/** As many as the C sources provide for (MAX_RANK). */
const MAXIMUM_LOOPS = 8;
