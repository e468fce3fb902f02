// Every public function that takes options refuses those that it does not know, and says which one is missing.
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import * as engine from './index.ts';
import * as layers from './layers/index.ts';

type Call = (options: object) => unknown;
const of = (call: unknown) => call as Call;

/** Each function, options that it accepts, and the options that must be there. */
const functions: Readonly<Record<string, [call: Call, accepted: object, required: string[]]>> = {
  adam: [of(engine.adam), { beta1: 0.5 }, []],
  adamW: [of(engine.adamW), { weightDecay: 0.1 }, []],
  sgd: [of(engine.sgd), { momentum: 0.5, learningRate: undefined }, []],
  rmsProp: [of(engine.rmsProp), { centered: true }, []],
  cosineRate: [of(engine.cosineRate), { from: 1, iterations: 5 }, ['from', 'iterations']],
  linearRate: [of(engine.linearRate), { from: 1, iterations: 5, hold: 2 }, ['from', 'iterations']],
  stepRate: [of(engine.stepRate), { from: 1, every: 5 }, ['from', 'every']],
  exponentialRate: [of(engine.exponentialRate), { from: 1, factor: 0.5 }, ['from', 'factor']],
  batchNormalization: [of(layers.batchNormalization), { momentum: 0.5, inputShape: [2] }, []],
  blur: [of(layers.blur), { inputShape: [4, 4, 1] }, []],
  equalizedDense: [of(layers.equalizedDense), { units: 3, name: 'a' }, ['units']],
  equalizedConv2d: [of(layers.equalizedConv2d), { filters: 3, kernelSize: 3 }, ['filters', 'kernelSize']],
  groupNormalization: [of(layers.groupNormalization), { groups: 2, trainable: false }, []],
  instanceNormalization: [of(layers.instanceNormalization), { epsilon: 1e-3 }, []],
  minibatchStandardDeviation: [of(layers.minibatchStandardDeviation), { groupSize: 2 }, []],
  pixelNormalization: [of(layers.pixelNormalization), { dtype: 'float32' }, []],
  pixelShuffle: [of(layers.pixelShuffle), { factor: 3 }, []],
  seededDropout: [of(layers.seededDropout), { rate: 0.5, seed: 1 }, ['rate']],
  seededGaussianNoise: [of(layers.seededGaussianNoise), { stddev: 0.5 }, ['stddev']],
  selfAttention: [of(layers.selfAttention), { reduction: 4 }, []],
  spectralNormalization: [
    (options) => layers.spectralNormalization(tf.layers.dense({ units: 1 }), options),
    { powerIterations: 2 },
    [],
  ],
};

it.each(Object.entries(functions))('%s', (name, [call, accepted, required]) => {
  call(accepted);
  expect(() => call({ ...accepted, entirelyUnknown: 1 })).toThrow(`${name} has no option 'entirelyUnknown'`);
  for (const option of required) {
    expect(() => call({ ...accepted, [option]: undefined })).toThrow(`${name} needs the option '${option}'`);
  }
  expect(() => call(null as unknown as object)).toThrow(`${name} needs an object of options, not null`);
});

it('a learning rate is a number or a function', () => {
  expect(() => engine.adam({ learningRate: '0.1' as unknown as number })).toThrow('The learning rate must be');
  expect(() => engine.adam(0.1 as unknown as object)).toThrow('adam needs an object of options, not 0.1');
});

it('layers come back from a file with fields that other versions wrote', () => {
  const config = { ...layers.pixelNormalization().getConfig(), futureField: 1 };
  const className = 'PixelNormalization';
  const [layerClass, fromConfig] = tf.serialization.SerializationMap.getMap().classNameMap[className]!;
  expect(fromConfig(layerClass, config).getClassName()).toBe(className);
});
