// Plain JavaScript: always there, slow. It comes with the @tensorflow/tfjs package.
import * as tf from '@tensorflow/tfjs';
import type { BackendCandidate } from '../candidate.ts';

export const cpu: BackendCandidate = {
  name: 'cpu',
  registeredName: 'cpu',
  async prepare() {
    if (tf.findBackendFactory('cpu') === null) {
      throw new Error("the 'cpu' backend is not registered; import '@tensorflow/tfjs', not only its core");
    }
  },
};
