// Every layer of a model, however deep it lies.
import type * as tf from '@tensorflow/tfjs';

/** The fields in which models and wrapping layers of tf.layers keep other layers. */
interface LayerHolder {
  readonly layers?: readonly tf.layers.Layer[] | undefined;
  readonly layer?: tf.layers.Layer | undefined;
  readonly forwardLayer?: tf.layers.Layer | undefined;
  readonly backwardLayer?: tf.layers.Layer | undefined;
}

function layersWithin(holder: tf.LayersModel | tf.layers.Layer): readonly tf.layers.Layer[] {
  const { layers = [], layer, forwardLayer, backwardLayer } = holder as LayerHolder;
  // A bidirectional wrapper runs two copies of its layer and never the layer itself.
  const wrapped = forwardLayer === undefined ? [layer] : [forwardLayer, backwardLayer];
  return [...layers, ...wrapped.filter((each) => each !== undefined)];
}

/**
 * The layers of a model in its own order, each followed by those inside it: of a nested model, of `timeDistributed`, `bidirectional`,
 * `spectralNormalization` and whatever else wraps one. A layer that is used in several places is listed once.
 */
export function nestedLayers(model: tf.LayersModel): tf.layers.Layer[] {
  const found = new Set<tf.layers.Layer>();
  const visit = (layer: tf.layers.Layer): void => {
    found.add(layer);
    layersWithin(layer).forEach(visit);
  };
  layersWithin(model).forEach(visit);
  return [...found];
}
