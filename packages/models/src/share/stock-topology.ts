// The topology of a generator in layers of TensorFlow.js alone, so that whoever has nothing else can load it.
import { GanKitError } from '@gankit/core';
import { SpectralNormalization } from '@gankit/engine/layers';
import type * as tf from '@tensorflow/tfjs';

interface LayerConfig {
  readonly class_name: string;
  readonly name?: string;
  readonly config: Readonly<Record<string, unknown>> & { readonly name: string };
  readonly inbound_nodes?: unknown;
}

/** Classes of this house; each is known to `tf.loadLayersModel` only where its package was imported. */
const ours = new Set([
  'GanBatchNormalization',
  'ConditionalBatchNormalization',
  'Blur',
  'EqualizedDense',
  'EqualizedConv2D',
  'GroupNormalization',
  'InstanceNormalization',
  'MinibatchStandardDeviation',
  'PixelNormalization',
  'PixelShuffle',
  'SelfAttention',
  'GroupedConv2D',
  'ExpandBasis',
  'ReduceBasis',
  'GlobalSumPooling',
]);

/** The stock layer that does in evaluation what a layer of ours does, and the activation that follows it. */
function stockOf({
  class_name: kind,
  config,
}: LayerConfig): readonly [LayerConfig, LayerConfig | undefined] | undefined {
  const { name, trainable } = config;
  if (kind === 'SeededDropout') {
    return [{ class_name: 'Dropout', config: { name, trainable, rate: config['rate'] } }, undefined];
  }
  if (kind === 'SpectralNormalization') {
    // Its weights are written with the norm divided out.
    const inner = config['layer'] as LayerConfig;
    return [{ class_name: inner.class_name, config: { ...inner.config, name } }, undefined];
  }
  if (kind !== 'GanBatchNormalization') return undefined;
  const { momentum, epsilon, center, scale, activation } = config;
  const normalization = {
    class_name: 'BatchNormalization',
    config: { name, trainable, axis: -1, momentum, epsilon, center, scale },
  };
  const after = `${name}-activation`;
  if (activation === 'linear') return [normalization, undefined];
  if (activation === 'relu') return [normalization, { class_name: 'ReLU', config: { name: after, trainable } }];
  const { leaky_relu: alpha } = activation as { readonly leaky_relu: number };
  return [normalization, { class_name: 'LeakyReLU', config: { name: after, trainable, alpha } }];
}

/** References to layers, `[name, node, tensor, arguments]`, after some got another layer behind them. */
function renamed(references: unknown, names: ReadonlyMap<string, string>): unknown {
  if (!Array.isArray(references)) return references;
  if (typeof references[0] === 'string' && typeof references[1] === 'number') {
    return [names.get(references[0]) ?? references[0], ...references.slice(1)];
  }
  return references.map((inner) => renamed(inner, names));
}

function stockLayers(
  layers: readonly LayerConfig[],
  generator: string,
): { readonly layers: LayerConfig[]; readonly names: Map<string, string> } {
  const names = new Map<string, string>();
  const all = layers.flatMap((layer): LayerConfig[] => {
    const inner = layer.config['layers'];
    if (inner !== undefined)
      return [{ ...layer, config: stockModel(layer.config, generator) as LayerConfig['config'] }];
    const stock = stockOf(layer);
    if (stock === undefined && ours.has(layer.class_name)) {
      throw new GanKitError(
        'incompatible',
        `${generator} has the layer '${layer.config.name}' (${layer.class_name}), which TensorFlow.js alone does not know; export it as a .onnx file, or keep it with saveGenerator.`,
        { value: layer.class_name },
      );
    }
    if (stock === undefined) return [layer];
    const [first, second] = stock;
    const { inbound_nodes: inbound } = layer;
    const isFunctional = inbound !== undefined;
    const placed = { ...first, ...(isFunctional && { name: first.config.name, inbound_nodes: inbound }) };
    if (second === undefined) return [placed];
    names.set(first.config.name, second.config.name);
    const behind = isFunctional && { name: second.config.name, inbound_nodes: [[[first.config.name, 0, 0, {}]]] };
    return [placed, { ...second, ...behind }];
  });
  return { layers: all, names };
}

function stockModel(config: Readonly<Record<string, unknown>>, generator: string): Readonly<Record<string, unknown>> {
  const { layers, names } = stockLayers(config['layers'] as LayerConfig[], generator);
  const behind = new Set(names.values());
  const wired = layers.map((layer) => {
    if (layer.inbound_nodes === undefined || behind.has(layer.config.name)) return layer;
    return { ...layer, inbound_nodes: renamed(layer.inbound_nodes, names) };
  });
  return {
    ...config,
    layers: wired,
    ...('output_layers' in config && { output_layers: renamed(config['output_layers'], names) }),
  };
}

/**
 * The topology of a saved model in stock layers: batch normalisation with its activation becomes the stock layer and an activation
 * behind it, seeded dropout the stock one, a spectrally normalised layer the layer itself (with {@link stockWeights}). The weights keep their
 * names.
 * @param generator What it is called, for the sentence.
 * @throws GanKitError `incompatible` for a layer that no stock layer can stand for.
 */
export function stockTopology(topology: unknown, generator: string): unknown {
  const parsed = (typeof topology === 'string' ? JSON.parse(topology) : topology) as Record<string, unknown>;
  const root = (parsed['model_config'] ?? parsed) as { readonly config: Readonly<Record<string, unknown>> };
  const model = { ...root, config: stockModel(root.config, generator) };
  return 'model_config' in parsed ? { ...parsed, model_config: model } : model;
}

/** Every spectrally normalised layer of a model, also of models within it. */
function spectralLayers(model: tf.LayersModel): SpectralNormalization[] {
  return model.layers.flatMap((layer) => {
    if (layer instanceof SpectralNormalization) return [layer];
    return 'layers' in layer ? spectralLayers(layer as tf.LayersModel) : [];
  });
}

/** The weights of a saved model for its {@link stockTopology}: kernels over their spectral norms, without the vectors behind those. */
export function stockWeights(
  model: tf.LayersModel,
  specs: readonly tf.io.WeightsManifestEntry[],
  data: ArrayBuffer,
): { readonly specs: tf.io.WeightsManifestEntry[]; readonly bytes: Uint8Array } {
  const spectral = new Map(spectralLayers(model).map((layer) => [layer.name, layer]));
  const kept: tf.io.WeightsManifestEntry[] = [];
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const spec of specs) {
    const length = 4 * spec.shape.reduce((product, size) => product * size, 1);
    const [layerName = '', weight = ''] = spec.name.split(/\/(?=[^/]*$)/);
    const layer = spectral.get(layerName);
    const bytes = new Uint8Array(data, at, length);
    at += length;
    if (layer !== undefined && (weight === 'u' || weight === 'v')) continue;
    kept.push(spec);
    if (layer === undefined || !/kernel$/.test(weight)) parts.push(bytes);
    else {
      const kernel = layer.normalizedKernel();
      parts.push(new Uint8Array((kernel.dataSync() as Float32Array).slice().buffer));
      kernel.dispose();
    }
  }
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return { specs: kept, bytes: joined };
}
