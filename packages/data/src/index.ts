export { type ArraySetOptions, arraySet } from './array-set.ts';
export { type ArraySourceOptions, arraySource } from './arrays/array-source.ts';
export { parseNpy } from './arrays/npy-array.ts';
export type { NumberArray, NumberData, NumberType } from './arrays/number-array.ts';
export { type BatchPosition, type BatchStreamOptions, batchStream } from './batch-stream.ts';
export { type CifarForm, type CifarRecords, parseCifar } from './cifar.ts';
export { type GridOfGaussiansOptions, gridOfGaussians } from './distributions/grid-of-gaussians.ts';
export { type PaintedDistributionOptions, paintedDistribution } from './distributions/painted-distribution.ts';
export {
  type PointDistribution,
  type PointDistributionOptions,
  type PointSampler,
  pointDistribution,
} from './distributions/point-distribution.ts';
export { type RingOfGaussiansOptions, ringOfGaussians } from './distributions/ring-of-gaussians.ts';
export { type SwissRollOptions, swissRoll } from './distributions/swiss-roll.ts';
export { type TwoMoonsOptions, twoMoons } from './distributions/two-moons.ts';
export { type DrawnSourceOptions, drawnSource } from './drawn-source.ts';
export { type IdxArray, parseIdx, parseIdxNumbers } from './idx.ts';
export { type ImageSetOptions, imageSet } from './image-set.ts';
export { type IndexedSourceOptions, indexedSource } from './indexed-source.ts';
export { encodeNpy } from './npy.ts';
export type { PicturePolicy } from './pictures/picture-policy.ts';
export type { PictureEntry, PictureStore } from './pictures/picture-store.ts';
export { type PictureSelection, selectPictures } from './pictures/select-pictures.ts';
export type { PairedImages, SampleConditions } from './sample-conditions.ts';
export type { Cell, RawColumn } from './tables/column-values.ts';
export { encodeTable, tableRows } from './tables/table-rows.ts';
export { type TablePolicy, type TableSetOptions, tableSet } from './tables/table-set.ts';
