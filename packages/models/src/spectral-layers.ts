// Layers whose kernels may be spectrally normalised, and singular vectors that are right from the first call on.
import type { NamedVariable, RandomStream } from '@gankit/core';
import { powerIteration, spectralNormalization } from '@gankit/engine/layers';
import * as tf from '@tensorflow/tfjs';

/** Decides the first singular vectors of every spectrally normalised layer, from its name; absent when there are none. */
export type SpectralSeeds = RandomStream | undefined;

function maybeNormalized(layer: tf.layers.Layer, name: string, seeds: SpectralSeeds): tf.layers.Layer {
  return seeds === undefined ? layer : spectralNormalization(layer, { name, seed: seeds.fork(name).uint32() });
}

/** A convolution of stride 1 that keeps height and width, its kernel still to be initialised. */
export function convolution(
  { name, filters, kernelSize }: { readonly name: string; readonly filters: number; readonly kernelSize: number },
  seeds?: SpectralSeeds,
): tf.layers.Layer {
  const layer = tf.layers.conv2d({ name, filters, kernelSize, padding: 'same', kernelInitializer: 'zeros' });
  return maybeNormalized(layer, name, seeds);
}

/** A dense layer, its kernel still to be initialised. */
export function dense(name: string, units: number, seeds?: SpectralSeeds): tf.layers.Layer {
  return maybeNormalized(tf.layers.dense({ name, units, kernelInitializer: 'zeros' }), name, seeds);
}

/** PyTorch's number of iterations before the first use (torch.nn.utils.parametrizations.spectral_norm). */
const firstIterations = 15;

/**
 * Brings the singular vectors near those of the initialised kernels, so that a network is right before its first training step.
 * @param variables A network's, with the names that `layersVariables` gives; dense and convolution kernels only.
 */
export function settleSpectralNorms(variables: readonly NamedVariable[]): void {
  const named = new Map(variables.map(({ name, variable }) => [name, variable]));
  for (const [name, u] of named) {
    if (!name.endsWith('.spectralNormalization.u')) continue;
    const layer = name.slice(0, -'u'.length);
    const [kernel, v] = [named.get(`${layer}kernel`)!, named.get(`${layer}v`)!];
    tf.tidy(() => {
      const matrix = tf.reshape(kernel, [-1, kernel.shape.at(-1)!]) as tf.Tensor2D;
      let vectors = { u: u as tf.Tensor as tf.Tensor1D, v: v as tf.Tensor as tf.Tensor1D };
      for (let iteration = 0; iteration < firstIterations; iteration++) vectors = powerIteration(matrix, vectors);
      u.assign(vectors.u);
      v.assign(vectors.v);
    });
  }
}
