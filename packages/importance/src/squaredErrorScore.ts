import * as tf from '@tensorflow/tfjs';
import { squaredErrorGradient } from './outputGradients.js';
import { type NormOptions, rowNorm } from './rowNorm.js';

/**
 * Norm of the gradient of the mean squared error with respect to the outputs: `‖2(z − y)/D‖`, D outputs a sample.
 *
 * @param targets y, shape [batch, …]
 * @param outputs z, the same shape
 * @returns scores [batch]
 * @throws if the shapes differ
 * @example
 * ```ts
 * import { squaredErrorScore } from '@gradis/importance';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const scores = squaredErrorScore(tf.tensor2d([[0, 0]]), tf.tensor2d([[3, 4]]));
 * console.log(scores.dataSync()[0]); // → 5
 * ```
 * @see arXiv 2311.14468, the derivation of Eq. 5 with a squared error
 */
export function squaredErrorScore(targets: tf.Tensor, outputs: tf.Tensor, options: NormOptions = {}): tf.Tensor1D {
  return tf.tidy(() => rowNorm(squaredErrorGradient(targets, outputs), options));
}
