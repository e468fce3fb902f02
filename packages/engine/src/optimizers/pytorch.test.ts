// The arithmetic, against 100 updates recorded from PyTorch by fixtures/optimizers/record.py.
import type { Optimizer } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import recorded from '../../fixtures/optimizers/pytorch.json' with { type: 'json' };
import { adam } from './adam.ts';
import { adamW } from './adam-w.ts';
import { clipByGlobalNorm } from './clip-by-global-norm.ts';
import { clipByValue } from './clip-by-value.ts';
import { rmsProp } from './rms-prop.ts';
import { sgd } from './sgd.ts';

const makers: Readonly<Record<keyof typeof recorded.values, () => Optimizer>> = {
  sgd: () => sgd({ learningRate: 0.05 }),
  'sgd-decay': () => sgd({ learningRate: 0.05, weightDecay: 0.1 }),
  'sgd-momentum': () => sgd({ learningRate: 0.02, momentum: 0.9 }),
  'sgd-nesterov-decay': () => sgd({ learningRate: 0.02, momentum: 0.9, nesterov: true, weightDecay: 0.05 }),
  adam: () => adam({ learningRate: 0.01 }),
  'adam-gan': () => adam({ learningRate: 0.0002, beta1: 0.5 }),
  'adam-beta1-0': () => adam({ learningRate: 0.01, beta1: 0, beta2: 0.9 }),
  'adam-decay': () => adam({ learningRate: 0.01, weightDecay: 0.1 }),
  'adam-amsgrad': () => adam({ learningRate: 0.01, amsgrad: true }),
  adamw: () => adamW({ learningRate: 0.01 }),
  'adamw-decay-amsgrad': () => adamW({ learningRate: 0.01, weightDecay: 0.3, beta1: 0.5, beta2: 0.9, amsgrad: true }),
  rmsprop: () => rmsProp({ learningRate: 0.005 }),
  'rmsprop-momentum': () => rmsProp({ learningRate: 0.002, momentum: 0.9, decay: 0.9 }),
  'rmsprop-centered-decay': () => rmsProp({ learningRate: 0.005, centered: true, weightDecay: 0.1 }),
  'adam-global-norm': () => clipByGlobalNorm(adam({ learningRate: 0.01 }), 0.5),
  'sgd-value-clip': () => clipByValue(sgd({ learningRate: 0.05 }), 0.3),
};

it.each(Object.entries(makers))('%s equals PyTorch to 1e-6 over 100 updates', (name, make) => {
  const variable = tf.variable(tf.tensor1d(recorded.start));
  const [a, b] = [tf.tensor1d(recorded.a), tf.tensor1d(recorded.b)];
  const optimizer = make();
  const trace: Readonly<Record<string, number[]>> = recorded.values[name as keyof typeof recorded.values];
  for (let step = 1; step <= 100; step++) {
    const gradient = tf.tidy(() => a.mul(variable).add(b.mul(3).mul(tf.cos(tf.mul(variable, 3)))));
    optimizer.applyGradients([{ name: 'x', variable, gradient }]);
    gradient.dispose();
    const expected = trace[step];
    if (expected === undefined) continue;
    const values = variable.dataSync();
    const error = Math.max(...expected.map((value, index) => Math.abs(value - values[index]!)));
    expect(error, `after ${step} updates`).toBeLessThan(1e-6);
  }
});
