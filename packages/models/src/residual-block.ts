// The residual blocks of SNGAN (Miyato 2018, appendix B.4), SAGAN and BigGAN, as functions on symbolic tensors of tf.layers.
import '@gankit/engine/gradients';
import { checkOptions } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { type Normalization, normalizedActivation } from './normalization.ts';
import { convolution, type SpectralSeeds } from './spectral-layers.ts';

/** Layers one after the other. */
export function applyLayers(x: tf.SymbolicTensor, ...layers: readonly tf.layers.Layer[]): tf.SymbolicTensor {
  return layers.reduce((value, layer) => layer.apply(value) as tf.SymbolicTensor, x);
}

/** The sum of two paths, as a layer called `name`. */
export function addPaths(name: string, a: tf.SymbolicTensor, b: tf.SymbolicTensor): tf.SymbolicTensor {
  return tf.layers.add({ name }).apply([a, b]) as tf.SymbolicTensor;
}

export interface GeneratorBlockOptions {
  /** The block's output is the layer of this name, its parts are `<name>-conv-1` and so on. */
  readonly name: string;
  /** Channels of the output and between the two convolutions. */
  readonly channels: number;
  /** Whether height and width double (nearest neighbour); true by default. */
  readonly upsample?: boolean | undefined;
  /** What precedes each ReLU; `batch` by default. A conditional one goes here. */
  readonly normalization?: Normalization | undefined;
  /** Spectral normalisation of the convolutions, with first singular vectors from this stream; none when absent. */
  readonly spectralSeeds?: SpectralSeeds | undefined;
}

/**
 * A block of the generator: normalisation, ReLU, upsampling, 3x3 convolution, normalisation, ReLU, 3x3 convolution, added to the
 * input, which is upsampled and, when its channels differ or it is upsampled, goes through a 1x1 convolution. Kernels start as
 * zeros: initialise them.
 * @param x [batch, height, width, channels].
 */
export function generatorBlock(x: tf.SymbolicTensor, options: GeneratorBlockOptions): tf.SymbolicTensor {
  checkOptions('generatorBlock', options, {
    name: 'required',
    channels: 'required',
    upsample: 'optional',
    normalization: 'optional',
    spectralSeeds: 'optional',
  });
  const { name, channels, upsample = true, normalization = 'batch', spectralSeeds } = options;
  const conv = (part: string, kernelSize: number) =>
    convolution({ name: `${name}-${part}`, filters: channels, kernelSize }, spectralSeeds);
  const up = (part: string) => (upsample ? [tf.layers.upSampling2d({ size: [2, 2], name: `${name}-${part}` })] : []);
  const residual = applyLayers(
    x,
    ...normalizedActivation(normalization, 'relu', `${name}-relu-1`),
    ...up('up'),
    conv('conv-1', 3),
    ...normalizedActivation(normalization, 'relu', `${name}-relu-2`),
    conv('conv-2', 3),
  );
  const projected = upsample || x.shape.at(-1) !== channels;
  // A 1x1 convolution and nearest-neighbour upsampling change places without changing the result: this order costs a quarter.
  const shortcut = applyLayers(x, ...(projected ? [conv('shortcut', 1)] : []), ...up('shortcut-up'));
  return addPaths(name, residual, shortcut);
}

export interface DiscriminatorBlockOptions {
  /** The block's output is the layer of this name, its parts are `<name>-conv-1` and so on. */
  readonly name: string;
  /** Channels of the output. */
  readonly channels: number;
  /** Channels between the two convolutions; those of the input when absent, in the first block those of the output. */
  readonly hiddenChannels?: number | undefined;
  /** Whether height and width are halved by average pooling; true by default. */
  readonly downsample?: boolean | undefined;
  /** Whether the input is the image itself: no ReLU before the first convolution. False by default. */
  readonly first?: boolean | undefined;
  /** Spectral normalisation of the convolutions, with first singular vectors from this stream; none when absent. */
  readonly spectralSeeds?: SpectralSeeds | undefined;
}

/**
 * A block of the discriminator: ReLU, 3x3 convolution, ReLU, 3x3 convolution, average pooling, added to the input, which is pooled
 * and, when its channels differ or it is pooled, goes through a 1x1 convolution. Kernels start as zeros: initialise them.
 * @param x [batch, height, width, channels].
 */
export function discriminatorBlock(x: tf.SymbolicTensor, options: DiscriminatorBlockOptions): tf.SymbolicTensor {
  checkOptions('discriminatorBlock', options, {
    name: 'required',
    channels: 'required',
    hiddenChannels: 'optional',
    downsample: 'optional',
    first: 'optional',
    spectralSeeds: 'optional',
  });
  const { name, channels, downsample = true, first = false, spectralSeeds } = options;
  const inputs = x.shape.at(-1)!;
  const { hiddenChannels = first ? channels : inputs } = options;
  const conv = (part: string, filters: number, kernelSize: number) =>
    convolution({ name: `${name}-${part}`, filters, kernelSize }, spectralSeeds);
  const relu = (part: string) => tf.layers.reLU({ name: `${name}-${part}` });
  const pool = (part: string) =>
    downsample ? [tf.layers.averagePooling2d({ poolSize: 2, strides: 2, name: `${name}-${part}` })] : [];
  const residual = applyLayers(
    x,
    ...(first ? [] : [relu('relu-1')]),
    conv('conv-1', hiddenChannels, 3),
    relu('relu-2'),
    conv('conv-2', channels, 3),
    ...pool('pool'),
  );
  const projected = downsample || inputs !== channels;
  // Average pooling and a 1x1 convolution change places without changing the result: this order costs a quarter.
  const shortcut = applyLayers(x, ...pool('shortcut-pool'), ...(projected ? [conv('shortcut', channels, 1)] : []));
  return addPaths(name, residual, shortcut);
}
