// Numbers of a run over time, thinned out as they grow, so that a long run costs no more than a short one.
import type { CurvePoint } from './protocol.ts';

/** More points than a chart has pixels. */
const mostPoints = 3000;

/**
 * Adds points; every second of the older ones goes when there are too many.
 * @returns Whether any were taken away.
 */
export function addPoints(points: CurvePoint[], more: readonly CurvePoint[]): boolean {
  points.push(...more);
  if (points.length <= mostPoints) return false;
  let kept = 0;
  for (let index = 0; index < points.length; index += 2) points[kept++] = points[index]!;
  points.length = kept;
  return true;
}
