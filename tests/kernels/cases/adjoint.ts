/** The gradient of a linear function by its definition: one basis vector at a time, in float64. */
import { type Array64, sizeOf } from '../harness/values.ts';

/** `sum_o dy_o d f_o / d x_i` for every `i`, where `f` is linear in `x`. */
export function adjoint(f: (x: Array64) => Array64, x: Array64, dy: Array64): Array64 {
  const data = new Float64Array(sizeOf(x.shape));
  const unit = { shape: x.shape, data: new Float64Array(data.length) };
  for (let i = 0; i < data.length; i++) {
    unit.data[i] = 1;
    const column = f(unit).data;
    let total = 0;
    for (let o = 0; o < column.length; o++) total += column[o]! * dy.data[o]!;
    data[i] = total;
    unit.data[i] = 0;
  }
  return { shape: x.shape, data };
}
