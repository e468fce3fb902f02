// Where each layer of a model stands, however deep it lies: the places that weights and states are named after.
import * as tf from '@tensorflow/tfjs';

/** A layer and its place in the model. */
export interface PlacedLayer {
  readonly layer: tf.layers.Layer;
  /** The same in every process: `3.batchNormalization`, in a nested model `0.sequential.2.dense`. */
  readonly place: string;
  /** The layers right inside it. */
  readonly inner: readonly tf.layers.Layer[];
}

/** A layer's position in a list and its kind, for example `3.batchNormalization`. */
function positioned(layer: tf.layers.Layer, index: number): [place: string, layer: tf.layers.Layer] {
  const kind = layer.getClassName();
  return [`${index}.${kind.charAt(0).toLowerCase()}${kind.slice(1)}`, layer];
}

const isLayer = (value: unknown): value is tf.layers.Layer => value instanceof tf.layers.Layer;

/** The layers right inside a model or another layer, each with what its place adds; nothing where it is the only one. */
function inside(holder: object): [place: string, layer: tf.layers.Layer][] {
  // The fields in which models, wrappers and recurrent layers of tf.layers keep other layers.
  const { layers, cells, forwardLayer, backwardLayer, layer, cell } = holder as Record<string, unknown>;
  for (const list of [layers, cells]) if (Array.isArray(list) && list.every(isLayer)) return list.map(positioned);
  // A bidirectional wrapper runs two copies of its layer and never the layer itself.
  if (isLayer(forwardLayer) && isLayer(backwardLayer)) {
    return [
      ['forward', forwardLayer],
      ['backward', backwardLayer],
    ];
  }
  return [layer, cell].filter(isLayer).map((only) => ['', only]);
}

/**
 * The layers of a model in its own order, each followed by those inside it: of nested models, of `timeDistributed`, `bidirectional` and
 * `spectralNormalization`, the cells of recurrent layers. A layer that is used in several places is listed at the first.
 */
export function placedLayers(model: tf.LayersModel): PlacedLayer[] {
  const found = new Map<tf.layers.Layer, PlacedLayer>();
  const visit = (parts: readonly [string, tf.layers.Layer][], outer: string): void => {
    for (const [name, layer] of parts) {
      if (found.has(layer)) continue;
      const place = [outer, name].filter((part) => part !== '').join('.');
      const within = inside(layer);
      found.set(layer, { layer, place, inner: within.map(([, inner]) => inner) });
      visit(within, place);
    }
  };
  visit(inside(model), '');
  return [...found.values()];
}
