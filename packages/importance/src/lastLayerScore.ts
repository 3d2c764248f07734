import * as tf from '@tensorflow/tfjs';
import { rowNorm } from './rowNorm.js';

/**
 * Exact gradient norm with respect to the kernel and bias of the last dense layer: `‖δ‖·√(‖h‖² + 1)`.
 *
 * @param outputGradient δ, gradient of the loss at the layer's pre-activation, shape [batch, units]
 * @param features h, the inputs of that layer, shape [batch, features]
 * @returns scores [batch]
 * @throws if the batches differ
 * @example
 * ```ts
 * import { lastLayerScore } from '@gradis/importance';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const scores = lastLayerScore(tf.tensor2d([[3, 4]]), tf.tensor2d([[2, 2, 0, 4]]));
 * console.log(scores.dataSync()[0]); // → 25
 * ```
 * @see arXiv 2311.14468, Fig. 5 ("DLIS weights")
 */
export function lastLayerScore(outputGradient: tf.Tensor, features: tf.Tensor): tf.Tensor1D {
  if (outputGradient.shape[0] !== features.shape[0]) {
    throw new Error(
      `outputGradient has ${outputGradient.shape[0]} rows and features ${features.shape[0]}; ` +
        'both must have one row a sample.',
    );
  }
  return tf.tidy(() => {
    const featureNorm = features
      .reshape([features.shape[0] ?? 1, -1])
      .square()
      .sum(1)
      .add(1)
      .sqrt();
    return rowNorm(outputGradient).mul(featureNorm) as tf.Tensor1D;
  });
}
