import * as tf from '@tensorflow/tfjs';

/** Weights `(1/(N p))^β`; none, which is 1, for β = 0. */
export function raisedWeights(importanceWeights: tf.Tensor1D, exponent: number): tf.Tensor1D | undefined {
  if (exponent === 0) return undefined;
  return exponent === 1 ? importanceWeights : (tf.pow(importanceWeights, exponent) as tf.Tensor1D);
}
