import * as tf from '@tensorflow/tfjs';
import { areClassIndices, labelDistribution } from './labels.js';

/**
 * Gradient of softmax cross-entropy from the probabilities p = softmax(z) of a model that ends in a softmax layer:
 * `δ = p·Σy − y`.
 *
 * @param labels class indices [batch] or [batch, 1], or a distribution [batch, classes]
 * @param probabilities p, shape [batch, classes]
 * @returns δ at the logits, shape [batch, classes]
 * @throws if the shapes do not fit
 * @example
 * ```ts
 * import { crossEntropyResidual } from '@gradis/importance';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const gradient = crossEntropyResidual(tf.tensor1d([1], 'int32'), tf.tensor2d([[0.25, 0.75]]));
 * console.log(Array.from(gradient.dataSync())); // → [ 0.25, -0.25 ]
 * ```
 */
export function crossEntropyResidual(labels: tf.Tensor, probabilities: tf.Tensor): tf.Tensor2D {
  return tf.tidy(() => {
    const y = labelDistribution(labels, probabilities);
    // Rows of class indices sum to 1 by themselves.
    const expected = areClassIndices(labels, y.shape[1]) ? probabilities : tf.mul(probabilities, tf.sum(y, 1, true));
    return tf.sub(expected, y) as tf.Tensor2D;
  });
}
