import { labelDistribution, softmaxCrossEntropyGradient } from '@gradis/importance';
import * as tf from '@tensorflow/tfjs';
import type { DifferentiatedLoss } from './Objective.js';

/**
 * Softmax cross-entropy of each sample: `ℓ = Σⱼ yⱼ (log Σₖ exp zₖ − zⱼ)`.
 *
 * The gradient at the logits, `δ = softmax(z)·Σy − y`, is computed once and serves both the scores and the backward pass.
 *
 * @param labels class indices [batch] or [batch, 1], or a distribution [batch, classes]
 * @param logits pre-activations [batch, classes]
 */
export function softmaxCrossEntropy(labels: tf.Tensor, logits: tf.Tensor): DifferentiatedLoss {
  const y = labelDistribution(labels, logits);
  const gradient = softmaxCrossEntropyGradient(labels, logits);
  return {
    losses: () => lossWithGradient(y, gradient)(logits),
    gradient: () => gradient,
  };
}

function lossWithGradient(y: tf.Tensor, gradient: tf.Tensor): (logits: tf.Tensor) => tf.Tensor1D {
  return tf.customGrad((z, save) => {
    const logits = z as tf.Tensor;
    const shifted = tf.sub(logits, tf.max(logits, 1, true));
    const logPartition = tf.log(tf.sum(tf.exp(shifted), 1, true));
    const value = tf.sum(tf.mul(y, tf.sub(logPartition, shifted)), 1) as tf.Tensor1D;
    (save as tf.GradSaveFunc)([gradient]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => tf.mul(tf.expandDims(dy, 1), saved),
    };
  }) as (logits: tf.Tensor) => tf.Tensor1D;
}
