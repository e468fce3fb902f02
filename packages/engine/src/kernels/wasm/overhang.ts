/**
 * The padding of a convolution in numbers, at the end as much as its last window reaches: with a rounding mode other than 'floor' a
 * window may hang over the padding that was asked for.
 */
interface Geometry {
  readonly padInfo: { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number };
  readonly inHeight: number;
  readonly inWidth: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly effectiveFilterHeight: number;
  readonly effectiveFilterWidth: number;
}

export interface Paddings {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
  /** Whether a window reaches farther than was asked for. */
  readonly overhangs: boolean;
}

export function paddingsOf(info: Geometry): Paddings {
  const { top, bottom, left, right } = info.padInfo;
  const down = (info.outHeight - 1) * info.strideHeight + info.effectiveFilterHeight - info.inHeight - top;
  const across = (info.outWidth - 1) * info.strideWidth + info.effectiveFilterWidth - info.inWidth - left;
  return {
    top,
    left,
    bottom: Math.max(bottom, down),
    right: Math.max(right, across),
    overhangs: down > bottom || across > right,
  };
}
