/**
 * First and second derivatives by central differences in float64, of the scalar that the table differentiates:
 * `phi(inputs) = sum_i c_i (f_i + f_i^2 / 2)`. The square makes the gradient that flows back into `f` depend on the inputs, so
 * that the second derivative of a linear operation tests its adjoint's adjoint instead of being zero.
 */
import type { Array64 } from './array64.ts';

/** An operation of one or more arrays. */
export type Operation = (...inputs: Array64[]) => Array64;

const goldenRatio = 0.618033988749895;

/** Distinct numbers in (0, 1), evenly spread, the same on every run: multiples of the golden ratio, modulo 1. */
export function spread(i: number, shift: number): number {
  return ((i + 1) * goldenRatio + shift) % 1;
}

/** The weights `c` of `phi`, between 0.5 and 1.5. */
export function outputWeight(i: number): number {
  return Math.fround(0.5 + spread(i, 0.37));
}

/** The direction `v` of the second derivative, between -1 and 1, for entry `i` of input `k`. */
export function direction(i: number, k: number): number {
  return Math.fround(2 * spread(i, 0.11 + 0.29 * k) - 1);
}

export function phi(f: Operation, inputs: readonly Array64[]): number {
  const { data } = f(...inputs);
  let total = 0;
  for (let i = 0; i < data.length; i++) total += outputWeight(i) * (data[i]! + (data[i]! * data[i]!) / 2);
  return total;
}

/** Step of the first difference: truncation about 1e-10, rounding about 1e-11. */
const firstStep = 1e-5;
/** Step of the second difference: both errors about 1e-8. */
const secondStep = 1e-4;

function perturbed(f: Operation, inputs: readonly Array64[], k: number, i: number, by: number): number {
  const { data } = inputs[k]!;
  const value = data[i]!;
  data[i] = value + by;
  const result = phi(f, inputs);
  data[i] = value;
  return result;
}

/** `d phi / d input_k`, for every input. */
export function firstDerivative(f: Operation, inputs: readonly Array64[]): Float64Array[] {
  return inputs.map(({ data }, k) =>
    data.map(
      (_, i) => (perturbed(f, inputs, k, i, firstStep) - perturbed(f, inputs, k, i, -firstStep)) / (2 * firstStep),
    ),
  );
}

/** `d / d input_k` of the derivative of phi along `direction` in all inputs at once: a Hessian-vector product. */
export function secondDerivative(f: Operation, inputs: readonly Array64[]): Float64Array[] {
  const moved = (by: number) =>
    inputs.map(({ shape, data }, k) => ({ shape, data: data.map((value, i) => value + by * direction(i, k)) }));
  const [ahead, behind] = [moved(secondStep), moved(-secondStep)];
  return inputs.map(({ data }, k) =>
    data.map((_, i) => {
      const slope = (at: Array64[]) => perturbed(f, at, k, i, secondStep) - perturbed(f, at, k, i, -secondStep);
      return (slope(ahead) - slope(behind)) / (4 * secondStep * secondStep);
    }),
  );
}
