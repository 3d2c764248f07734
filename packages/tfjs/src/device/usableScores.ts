import * as tf from '@tensorflow/tfjs';

/** The sum of N scores, and what is computed from it, stays within float32. */
const LARGEST_TOTAL = 1e30;

/**
 * The scores within [0, 10³⁰/N], and 0 for those that are not finite: whoever waits to be told of them must still get valid
 * draws.
 *
 * @param size number of samples N
 */
export function usableScores(scores: tf.Tensor1D, size: number): tf.Tensor1D {
  const bounded = tf.clipByValue(scores, 0, LARGEST_TOTAL / size);
  return tf.where(tf.isFinite(scores), bounded, tf.zerosLike(scores));
}
