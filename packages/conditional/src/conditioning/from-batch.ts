// Conditions that are computed from the real samples: descriptions, and images such as sketches or grey versions.
import { type Batch, type Conditioning, formatShape, GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

function fromBatch(
  name: string,
  kind: 'vectors' | 'images',
  rank: number,
  of: (batch: Batch) => tf.Tensor,
): Conditioning {
  return {
    name,
    gives: { real: [kind], fake: [kind] },
    condition(batch) {
      const told = tf.tidy(() => of(batch).clone());
      const samples = batch.data.shape[0]!;
      if (told.dtype !== 'float32' || told.rank !== rank || told.shape[0] !== samples) {
        throw new GanKitError(
          'invalid-shape',
          `The function given to ${name} must return float32 of rank ${rank} for ${samples} samples, not ${told.dtype} of shape ${formatShape(told.shape)}.`,
          { value: told.shape },
        );
      }
      return { real: { [kind]: told } };
    },
  };
}

/**
 * Both players are told a vector for each sample, computed from the batch: measurements, an embedding. (Vectors that come with the data
 * are told by `dataConditions('vectors')`.)
 * @param of float32 [batch, length] from the batch, which stays with the caller. Runs inside a `tf.tidy`.
 * @throws GanKitError `invalid-shape`, when it is used, for a result of another type, rank or batch.
 */
export function dataVectors(of: (batch: Batch) => tf.Tensor2D): Conditioning {
  return fromBatch('data-vectors', 'vectors', 2, of);
}

/**
 * Both players are told an image for each sample, computed from the batch: a sketch, a grey or a small version, a masked image. Generated
 * sample i then belongs to the same image as real sample i (pix2pix). (Images that come with the data, as the other half of pairs, are
 * told by `dataConditions('images')`.)
 * @param of float32 [batch, height, width, channels] in [-1, 1] from the batch, which stays with the caller. Runs inside a `tf.tidy`.
 * @throws GanKitError `invalid-shape`, when it is used, for a result of another type, rank or batch.
 */
export function imageCondition(of: (batch: Batch) => tf.Tensor4D): Conditioning {
  return fromBatch('image-condition', 'images', 4, of);
}
