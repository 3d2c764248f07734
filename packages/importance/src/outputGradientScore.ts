import * as tf from '@tensorflow/tfjs';
import { type NormOptions, rowNorm } from './rowNorm.js';

/** Loss of each sample: targets and outputs of shape [batch, …] in, [batch] out; no weights, no reduction over the batch. */
export type PerSampleLoss = (targets: tf.Tensor, outputs: tf.Tensor) => tf.Tensor1D;

/**
 * Norm of the gradient of any per-sample loss with respect to the network's output, by automatic differentiation of the
 * loss alone: `‖∂(Σᵢ ℓᵢ)/∂z row i‖`. The network itself is not differentiated.
 *
 * @param loss differentiable in its second argument; each value must depend on its own row of the outputs only
 * @param targets y, shape [batch, …]
 * @param outputs z, shape [batch, …]
 * @returns scores [batch]
 * @throws if the loss does not give one value a sample
 * @example
 * ```ts
 * import { outputGradientScore } from '@gradis/importance';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const absoluteError = (y: tf.Tensor, z: tf.Tensor) => tf.sum(tf.abs(tf.sub(z, y)), 1) as tf.Tensor1D;
 * const scores = outputGradientScore(absoluteError, tf.zeros([1, 4]), tf.ones([1, 4]));
 * console.log(scores.dataSync()[0]); // → 2
 * ```
 * @see arXiv 2311.14468, section 4
 */
export function outputGradientScore(
  loss: PerSampleLoss,
  targets: tf.Tensor,
  outputs: tf.Tensor,
  options: NormOptions = {},
): tf.Tensor1D {
  return tf.tidy(() => rowNorm(outputGradient(loss, targets, outputs), options));
}

/**
 * The gradient of which `outputGradientScore` takes the norm: `∂(Σᵢ ℓᵢ)/∂z`.
 *
 * @returns the shape of the outputs
 * @throws if the loss does not give one value a sample
 * @example
 * ```ts
 * import { outputGradient } from '@gradis/importance';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const square = (_: tf.Tensor, z: tf.Tensor) => tf.sum(tf.square(z), 1) as tf.Tensor1D;
 * console.log(outputGradient(square, tf.zeros([1, 1]), tf.tensor2d([[3]])).dataSync()[0]); // → 6
 * ```
 */
export function outputGradient(loss: PerSampleLoss, targets: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
  const summed = (z: tf.Tensor): tf.Scalar => {
    const losses = loss(targets, z);
    if (losses.rank !== 1 || losses.shape[0] !== outputs.shape[0]) {
      throw new Error(
        `the loss gave shape [${losses.shape}] for ${outputs.shape[0]} samples; it must give one value a sample, [batch].`,
      );
    }
    return losses.sum();
  };
  return tf.tidy(() => tf.grad(summed)(outputs));
}
