import * as tf from '@tensorflow/tfjs';

/** The scores, with 0 for those that are not finite: whoever waits to be told of them must still get valid draws. */
export function finiteScores(scores: tf.Tensor1D): tf.Tensor1D {
  return tf.where(tf.isFinite(scores), scores, tf.zerosLike(scores));
}
