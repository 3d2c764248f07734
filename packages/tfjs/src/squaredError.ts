import { squaredErrorGradient } from '@gradis/importance';
import * as tf from '@tensorflow/tfjs';
import type { DifferentiatedLoss } from './Objective.js';

/**
 * Mean squared error of each sample over its outputs: `ℓ = (1/D) Σⱼ (zⱼ − yⱼ)²`.
 *
 * @param targets shape [batch, …]
 * @param outputs the same shape
 */
export function squaredError(targets: tf.Tensor, outputs: tf.Tensor): DifferentiatedLoss {
  return {
    losses: () => tf.mean(tf.square(tf.sub(outputs, targets)).reshape([outputs.shape[0] ?? 1, -1]), 1) as tf.Tensor1D,
    gradient: () => squaredErrorGradient(targets, outputs),
  };
}
