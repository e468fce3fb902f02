/** A process that takes one step of the DCGAN and ends. */

import * as tf from '@tensorflow/tfjs';
import { dcgan28Fused } from './dcgan-28-fused.ts';

await tf.setBackend('onnx');
const program = dcgan28Fused();
program.step();
program.losses();
