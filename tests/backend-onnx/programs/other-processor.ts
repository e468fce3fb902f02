// Prints what operations on every path of the backend give here: { channelBlock, helperThreads, results }, the latter in base64.
import { backendInfo } from '@gankit/backend-onnx';
import * as tf from '@tensorflow/tfjs';

const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);
const results: Record<string, string> = {};
const keep = (name: string, tensor: tf.Tensor) => {
  results[name] = Buffer.from((tensor.dataSync() as Float32Array).buffer).toString('base64');
};

function layer(name: string, image: number[], filter: number[], stride: number): void {
  const convolve = (x: tf.Tensor, w: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, 'same');
  const [x, w] = [random(image, 1), random(filter, 2)];
  const y = convolve(x, w);
  const [dx, dw] = tf.grads(convolve)([x, w], random(y.shape, 3) as tf.Tensor4D);
  keep(name, y);
  keep(`${name}, gradient by the image`, dx as tf.Tensor);
  keep(`${name}, gradient by the filter`, dw as tf.Tensor);
}

await tf.setBackend('onnx');
tf.tidy(() => {
  layer('3x3 in tiles', [12, 16, 16, 32], [3, 3, 32, 32], 1);
  layer('4x4, stride 2, in tiles', [12, 28, 28, 32], [4, 4, 32, 32], 2);
  layer('3x3 in blocks', [2, 12, 10, 32], [3, 3, 32, 32], 1);
  layer('5x5 to few channels', [4, 14, 14, 32], [5, 5, 32, 3], 1);
  layer('4x4 from one channel', [4, 28, 28, 1], [4, 4, 1, 64], 2);
  const [a, b] = [random([200, 300], 5) as tf.Tensor2D, random([300, 170], 6) as tf.Tensor2D];
  keep('a matrix product', tf.matMul(a, b));
  keep('element-wise', tf.tanh(tf.softplus(tf.mul(a, tf.sigmoid(a)))));
});
const { channelBlock, helperThreads } = backendInfo();
console.log(JSON.stringify({ channelBlock, helperThreads, results }));
