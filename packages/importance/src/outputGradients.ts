import * as tf from '@tensorflow/tfjs';
import { assertSameShape } from './labels.js';
import { softmaxCrossEntropy } from './softmaxCrossEntropy.js';

/**
 * Gradient of softmax cross-entropy with respect to the logits: `δ = softmax(z)·Σy − y`.
 *
 * @param labels class indices [batch] or [batch, 1], or a distribution [batch, classes]
 * @param logits pre-activations z, shape [batch, classes]
 * @returns δ, shape [batch, classes]
 * @throws if the shapes do not fit
 * @see arXiv 2311.14468, Eq. 5
 * @example
 * ```ts
 * import { softmaxCrossEntropyGradient } from '@gradis/importance';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const gradient = softmaxCrossEntropyGradient(tf.tensor1d([0], 'int32'), tf.tensor2d([[0, 0]]));
 * console.log(Array.from(gradient.dataSync())); // → [ -0.5, 0.5 ]
 * ```
 */
export function softmaxCrossEntropyGradient(labels: tf.Tensor, logits: tf.Tensor): tf.Tensor2D {
  return tf.tidy(() => softmaxCrossEntropy(labels, logits).gradient);
}

/**
 * Gradient of sigmoid cross-entropy, summed over the outputs, with respect to the logits: `δ = σ(z) − y`.
 *
 * @param labels targets y in [0, 1], shape [batch, …]
 * @param logits pre-activations z, the same shape
 * @returns δ, the same shape
 * @throws if the shapes differ
 * @example
 * ```ts
 * import { sigmoidCrossEntropyGradient } from '@gradis/importance';
 * import * as tf from '@tensorflow/tfjs';
 *
 * console.log(sigmoidCrossEntropyGradient(tf.tensor2d([[1]]), tf.tensor2d([[0]])).dataSync()[0]); // → -0.5
 * ```
 */
export function sigmoidCrossEntropyGradient(labels: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  assertSameShape('labels', labels, 'logits', logits);
  return tf.tidy(() => tf.sub(tf.sigmoid(logits), labels));
}

/**
 * Gradient of the mean squared error with respect to the outputs: `δ = 2(z − y)/D`, D outputs a sample.
 *
 * @param targets y, shape [batch, …]
 * @param outputs z, the same shape
 * @returns δ, the same shape
 * @throws if the shapes differ
 * @example
 * ```ts
 * import { squaredErrorGradient } from '@gradis/importance';
 * import * as tf from '@tensorflow/tfjs';
 *
 * console.log(Array.from(squaredErrorGradient(tf.tensor2d([[0, 0]]), tf.tensor2d([[3, 4]])).dataSync())); // → [ 3, 4 ]
 * ```
 */
export function squaredErrorGradient(targets: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
  assertSameShape('targets', targets, 'outputs', outputs);
  const outputsPerSample = outputs.size / Math.max(1, outputs.shape[0] ?? 1);
  return tf.tidy(() => tf.mul(tf.sub(outputs, targets), 2 / Math.max(1, outputsPerSample)));
}
