// A training step that every program here takes; returns the loss.
import * as tf from '@tensorflow/tfjs';

export function trainingStep(): number {
  return tf.tidy(() => {
    const x = tf.linspace(-1, 1, 8 * 12 * 12 * 16).reshape([8, 12, 12, 16]) as tf.Tensor4D;
    const w = tf.variable(tf.linspace(-1, 1, 3 * 3 * 16 * 32).reshape([3, 3, 16, 32]) as tf.Tensor4D);
    const optimizer = tf.train.sgd(1e-6);
    const loss = () => tf.mean(tf.square(tf.relu(tf.conv2d(x, w, 1, 'same')))) as tf.Scalar;
    optimizer.minimize(loss, false, [w]);
    const value = loss().dataSync()[0] as number;
    optimizer.dispose();
    w.dispose();
    return value;
  });
}
