// Layers of tf.layers that no seed decides: what they draw in training cannot be repeated, and a resumed run goes another way.
import type * as tf from '@tensorflow/tfjs';
import { nestedLayers } from './nested-layers.ts';

/** A layer that draws from a source that no seed decides. */
export interface UnseededLayer {
  readonly name: string;
  /** Its class in tf.layers, for example `Dropout`. */
  readonly className: string;
  /** What to use in its place, in words that complete "use ... instead". */
  readonly replacement: string;
}

/** The fields of tf.layers' own layers that say how much they draw. */
interface DrawingLayer extends tf.layers.Layer {
  readonly rate?: number | undefined;
  readonly stddev?: number | undefined;
  readonly dropout?: number | undefined;
  readonly recurrentDropout?: number | undefined;
  readonly cell?: DrawingLayer | undefined;
  readonly cells?: readonly DrawingLayer[] | undefined;
}

const draws = (share: number | undefined) => share !== undefined && share > 0 && share < 1;

/** The replacements by class, and whether a layer of that class draws at all. */
const drawing: Readonly<Record<string, { draws(layer: DrawingLayer): boolean; replacement: string }>> = {
  Dropout: { draws: ({ rate }) => draws(rate), replacement: 'seededDropout' },
  SpatialDropout1D: {
    draws: ({ rate }) => draws(rate),
    replacement: 'seededDropout with noiseShape [null, 1, null]',
  },
  // At the same rate its factors have the same mean, 1, and the same variance, rate / (1 - rate).
  GaussianDropout: { draws: ({ rate }) => draws(rate), replacement: 'seededDropout' },
  AlphaDropout: { draws: ({ rate }) => draws(rate), replacement: 'seededDropout' },
  GaussianNoise: { draws: ({ stddev }) => stddev !== 0, replacement: 'seededGaussianNoise' },
  RandomWidth: { draws: () => true, replacement: 'images that have been resized' },
  RandomHeight: { draws: () => true, replacement: 'images that have been resized' },
};

/** Recurrent layers draw masks in their cells. */
function dropsInCell({ cell }: DrawingLayer): boolean {
  const cells = cell?.cells ?? (cell === undefined ? [] : [cell]);
  return cells.some(({ dropout, recurrentDropout }) => draws(dropout) || draws(recurrentDropout));
}

/**
 * The layers of a model, nested models and wrapped layers included, that draw from a source that no seed decides: dropout and noise of
 * tf.layers (with a seed they repeat one mask for ever) and recurrent layers with dropout. Those that draw nothing, at a rate of 0, are
 * not among them.
 */
export function unseededLayers(model: tf.LayersModel): UnseededLayer[] {
  return nestedLayers(model).flatMap((layer) => {
    const { name } = layer;
    const className = layer.getClassName();
    const known = Object.hasOwn(drawing, className) ? drawing[className] : undefined;
    if (known?.draws(layer)) return [{ name, className, replacement: known.replacement }];
    if (!dropsInCell(layer)) return [];
    return [{ name, className, replacement: 'the same layer without dropout, behind seededDropout,' }];
  });
}
