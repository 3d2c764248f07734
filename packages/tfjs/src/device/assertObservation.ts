import type * as tf from '@tensorflow/tfjs';

/** Throws unless there is one score for each sample. What they are is not looked at. */
export function assertObservation(indices: tf.Tensor1D, scores: tf.Tensor1D): void {
  if (indices.rank === 1 && scores.rank === 1 && indices.size === scores.size) return;
  throw new RangeError(
    `indices have the shape [${indices.shape}] and scores [${scores.shape}]; both must be [B], one score for each sample.`,
  );
}
