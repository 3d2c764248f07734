import * as tf from '@tensorflow/tfjs';
import { crossEntropyResidual } from './crossEntropyResidual.js';
import { areClassIndices, assertLabels, classIndices, labelDistribution } from './labels.js';

/** The kernel that computes both from class indices, where the backend has it. */
const KERNEL = 'SparseSoftmaxCrossEntropy';

/** Loss of each sample and its gradient at the logits. */
export interface LossWithGradient {
  /** ℓ, shape [batch]. */
  losses: tf.Tensor1D;
  /** δ, shape [batch, classes]. */
  gradient: tf.Tensor2D;
}

/**
 * Softmax cross-entropy of each sample with its gradient: `ℓ = Σⱼ yⱼ (log Σₖ exp zₖ − zⱼ)`, `δ = softmax(z)·Σy − y`.
 *
 * For class indices, one kernel on backends that have `SparseSoftmaxCrossEntropy`, such as those that
 * `@gradis/backends` starts; else both from one pass of exponentials. Not differentiable: the gradient is here.
 *
 * @param labels class indices [batch] or [batch, 1], or a distribution [batch, classes]
 * @param logits pre-activations z, shape [batch, classes]
 * @throws if the shapes do not fit
 * @see arXiv 2311.14468, Eq. 5
 * @example
 * ```ts
 * import { softmaxCrossEntropy } from '@gradis/importance';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const { losses, gradient } = softmaxCrossEntropy(tf.tensor1d([0], 'int32'), tf.tensor2d([[0, 0]]));
 * console.log(losses.dataSync()[0].toFixed(4), Array.from(gradient.dataSync())); // → 0.6931 [ -0.5, 0.5 ]
 * ```
 */
export function softmaxCrossEntropy(labels: tf.Tensor, logits: tf.Tensor): LossWithGradient {
  assertLabels(labels, logits);
  const isFused = areClassIndices(labels, logits.shape[1] as number) && tf.getKernel(KERNEL, tf.getBackend());
  const [losses, gradient] = tf.tidy(() => (isFused ? fused(labels, logits) : composed(labels, logits)));
  return { losses: losses as tf.Tensor1D, gradient: gradient as tf.Tensor2D };
}

function fused(labels: tf.Tensor, logits: tf.Tensor): tf.Tensor[] {
  return tf.engine().runKernel(KERNEL, { logits, labels: classIndices(labels, logits.shape[0] as number) });
}

function composed(labels: tf.Tensor, logits: tf.Tensor): tf.Tensor[] {
  const y = labelDistribution(labels, logits);
  const shifted = tf.sub(logits, tf.max(logits, 1, true));
  const powers = tf.exp(shifted);
  const partition = tf.sum(powers, 1, true);
  const losses = tf.sum(tf.mul(y, tf.sub(tf.log(partition), shifted)), 1);
  return [losses, crossEntropyResidual(labels, tf.div(powers, partition))];
}
