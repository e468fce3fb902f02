// What an axis shows, and where it is marked.

/** What an axis shows, from its least to its greatest number. */
export type AxisRange = readonly [low: number, high: number];

/** From the least to the greatest of some numbers, never of no width; what is not finite is passed over. */
export function rangeOf(values: readonly number[]): AxisRange {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [0, 1];
  if (low < high) return [low, high];
  // A half below and above, so that a number over 0 stays over 0.
  const room = low === 0 ? 0.5 : Math.abs(low) / 2;
  return [low - room, high + room];
}

/** Round numbers between two ends, about `count` of them. */
export function axisTicks([low, high]: AxisRange, count = 7): number[] {
  const rough = (high - low) / count;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * magnitude).find((candidate) => candidate >= rough) ?? rough;
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, index) => (first + index) * step);
}

/** Powers of ten between two ends over 0, at most eight; round numbers where there are fewer than two powers. */
export function logTicks([low, high]: AxisRange): number[] {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  if (last - first < 1) return axisTicks([low, high]).filter((tick) => tick > 0);
  const every = Math.ceil((last - first + 1) / 8);
  return Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, index) => 10 ** (first + index * every));
}
