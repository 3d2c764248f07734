import { sigmoidCrossEntropyGradient } from '@gradis/importance';
import * as tf from '@tensorflow/tfjs';
import type { DifferentiatedLoss } from './Objective.js';

/**
 * Sigmoid cross-entropy of each sample, summed over its outputs: `ℓ = Σⱼ max(z, 0) − z·y + log(1 + exp(−|z|))`.
 *
 * The gradient at the logits, `δ = σ(z) − y`, serves both the scores and the backward pass; differentiating the
 * formula above term by term would go wrong at z = 0.
 *
 * @param labels targets in [0, 1], shape [batch, …]
 * @param logits pre-activations, the same shape
 */
export function sigmoidCrossEntropy(labels: tf.Tensor, logits: tf.Tensor): DifferentiatedLoss {
  const gradient = sigmoidCrossEntropyGradient(labels, logits);
  const elementwise = tf.customGrad((z, save) => {
    const logits = z as tf.Tensor;
    (save as tf.GradSaveFunc)([gradient]);
    return {
      value: tf.add(tf.sub(tf.relu(logits), tf.mul(logits, labels)), tf.log1p(tf.exp(tf.neg(tf.abs(logits))))),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => tf.mul(dy, saved),
    };
  });
  return {
    losses: () => tf.sum(elementwise(logits).reshape([logits.shape[0] ?? 1, -1]), 1) as tf.Tensor1D,
    gradient: () => gradient,
  };
}
