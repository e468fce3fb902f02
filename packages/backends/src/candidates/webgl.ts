// The GPU through WebGL: only where it computes in 32 bits.
import * as tf from '@tensorflow/tfjs';
import type { BackendCandidate } from '../candidate.ts';
import { floatBits } from '../float-bits.ts';

export const webgl: BackendCandidate = {
  name: 'webgl',
  registeredName: 'webgl',
  async prepare() {
    if (tf.findBackendFactory('webgl') === null) {
      throw new Error('WebGL is not available here; enable hardware acceleration in the browser');
    }
  },
  refuse() {
    // Training in half precision ends in NaN losses; phones often have nothing else.
    if (floatBits() === 32) return undefined;
    return 'this device renders 16-bit floats only, in which training ends in NaN; use wasm here';
  },
};
