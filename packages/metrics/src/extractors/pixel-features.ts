// Pixels as features: what is left of a picture at 8 x 8. It needs no training and suits any pictures, and sees colours and layout alone.
import { checkInteger, checkOptions } from '@gankit/core';
import type { FeatureExtractor } from './feature-extractor.ts';
import { modelFeatures } from './model-features.ts';

export interface PixelFeaturesOptions {
  /** Height and width that pictures are resized to; 8 when absent. */
  readonly side?: number | undefined;
  /** 1 for gray, 3 (the default) for RGB. */
  readonly channels?: 1 | 3 | undefined;
}

/**
 * The pixels of a small copy of each picture.
 *
 * Distances between them say how alike colours and layout are, not whether a picture looks real: use it for pictures that no extractor was
 * trained on, beside a look at the samples.
 */
export function pixelFeatures(options: PixelFeaturesOptions = {}): FeatureExtractor {
  checkOptions('pixelFeatures', options, { side: 'optional', channels: 'optional' });
  const { side = 8, channels = 3 } = options;
  checkInteger('side', side);
  return modelFeatures({
    name: 'pixels',
    version: '1',
    checksum: 'none',
    input: { height: side, width: side, channels },
    dimensions: side * side * channels,
    run: (images) => ({ features: images }),
  });
}
