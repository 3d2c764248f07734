import * as tf from '@tensorflow/tfjs';
import { softmaxCrossEntropyGradient } from './outputGradients.js';
import { type NormOptions, rowNorm } from './rowNorm.js';

/**
 * Norm of the gradient of softmax cross-entropy with respect to the logits: `‖softmax(z)·Σy − y‖`.
 *
 * For this loss it is also the upper bound of the gradient norm at the last pre-activation.
 *
 * @param labels class indices [batch] or [batch, 1], or a distribution [batch, classes] (one-hot or soft; need not sum to 1)
 * @param logits pre-activations z, shape [batch, classes]; never the output of a softmax layer
 * @returns scores [batch]; within [0, √2] for labels that sum to 1
 * @throws if the shapes do not fit
 * @example
 * ```ts
 * import { softmaxCrossEntropyScore } from '@gradis/importance';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const logits = tf.tensor2d([[0, 0], [9, 0]]);
 * const scores = softmaxCrossEntropyScore(tf.tensor1d([0, 0], 'int32'), logits);
 * console.log(Array.from(scores.dataSync(), (s) => s.toFixed(4))); // → [ '0.7071', '0.0002' ]
 * ```
 * @see arXiv 2311.14468, Eq. 5 and 12; arXiv 1803.00942, Eq. 20
 */
export function softmaxCrossEntropyScore(labels: tf.Tensor, logits: tf.Tensor, options: NormOptions = {}): tf.Tensor1D {
  return tf.tidy(() => rowNorm(softmaxCrossEntropyGradient(labels, logits), options));
}
