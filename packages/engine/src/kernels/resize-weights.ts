/** Which entries of the input, and with which weights, a resized axis reads: as the forward kernels of tfjs compute it. */

/** The two options of `tf.image.resizeNearestNeighbor` and `tf.image.resizeBilinear`. */
export interface Resize {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** What output `o` of an axis resized from `input` to `output` entries reads: pairs of input index and weight. */
export type AxisWeights = (
  o: number,
  input: number,
  output: number,
  resize: Resize,
) => [index: number, weight: number][];

function scaleOf(input: number, output: number, { alignCorners }: Resize): number {
  return alignCorners && output > 1 ? (input - 1) / (output - 1) : input / output;
}

export const nearestWeights: AxisWeights = (o, input, output, resize) => {
  const place = scaleOf(input, output, resize) * (resize.halfPixelCenters ? o + 0.5 : o);
  const nearest = resize.alignCorners ? Math.round(place) : Math.floor(place);
  return [[Math.min(input - 1, Math.max(0, nearest)), 1]];
};

export const bilinearWeights: AxisWeights = (o, input, output, resize) => {
  const scale = scaleOf(input, output, resize);
  const place = resize.halfPixelCenters ? scale * (o + 0.5) - 0.5 : scale * o;
  const low = Math.max(0, Math.floor(place));
  const high = Math.min(input - 1, Math.max(0, Math.ceil(place)));
  return low === high
    ? [[low, 1]]
    : [
        [low, 1 - (place - low)],
        [high, place - low],
      ];
};
