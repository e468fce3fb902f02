// Ends the process from inside a gradient, with tensors alive.
import * as tf from '@tensorflow/tfjs';
import '../../../packages/backend-onnx/src/index.ts';
import { trainingStep } from './step.ts';

await tf.setBackend('onnx');
trainingStep();
tf.tidy(() =>
  tf.grad((x) => {
    const y = tf.sum(tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D));
    console.log('leaving');
    process.exit(3);
    return y;
  })(tf.ones([300, 300])),
);
