// Where slopes are measured between the data and the fakes.
import { checkSameShape, type PenaltyContext } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { stopGradient } from '../stop-gradient.ts';

/**
 * Points on the lines between real and generated samples: x + u (G(z) - x), one u per sample, uniform in [0, 1). They are constants to
 * every gradient.
 *
 * A label cannot be interpolated. When real and generated samples are told different things (`sampledLabels`), judge the points under the
 * condition of the real samples, `discriminate`'s default: a bound on the slope holds under every condition, and those of the data are
 * the ones that count. The line then joins samples of two conditions, which no transport between them follows: a bound from above
 * (`oneSided`, or a slope of 0) still says what it should, while a slope of exactly 1 is only asked for where both are told the same.
 *
 * @param samples Real and generated samples, both float32 [batch, ...shape], and the stream that u is drawn from: it moves `random` on.
 *   A penalty's context has all three.
 * @returns float32 [batch, ...shape]; the caller owns it.
 * @throws GanKitError `incompatible` when the two batches differ in shape.
 */
export function interpolate({ real, fake, random }: Pick<PenaltyContext, 'real' | 'fake' | 'random'>): tf.Tensor {
  checkSameShape('real', real.shape, 'fake', fake.shape);
  return tf.tidy(() => {
    const start = stopGradient(real);
    const u = random.uniformTensor(real.shape.map((size, axis) => (axis === 0 ? size : 1)));
    return tf.add(start, tf.mul(u, tf.sub(stopGradient(fake), start)));
  });
}
