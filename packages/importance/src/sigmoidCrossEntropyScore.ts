import * as tf from '@tensorflow/tfjs';
import { sigmoidCrossEntropyGradient } from './outputGradients.js';
import { type NormOptions, rowNorm } from './rowNorm.js';

/**
 * Norm of the gradient of sigmoid cross-entropy, summed over the outputs, with respect to the logits: `‖σ(z) − y‖`.
 *
 * @param labels targets y in [0, 1], shape [batch, …]
 * @param logits pre-activations z, the same shape; never the output of a sigmoid layer
 * @returns scores [batch]
 * @throws if the shapes differ
 * @example
 * ```ts
 * import { sigmoidCrossEntropyScore } from '@gradis/importance';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const scores = sigmoidCrossEntropyScore(tf.tensor2d([[1], [0]]), tf.tensor2d([[0], [0]]));
 * console.log(Array.from(scores.dataSync())); // → [ 0.5, 0.5 ]
 * ```
 * @see arXiv 2311.14468, the derivation of Eq. 5 with a logistic output
 */
export function sigmoidCrossEntropyScore(labels: tf.Tensor, logits: tf.Tensor, options: NormOptions = {}): tf.Tensor1D {
  return tf.tidy(() => rowNorm(sigmoidCrossEntropyGradient(labels, logits), options));
}
