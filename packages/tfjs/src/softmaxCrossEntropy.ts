import { softmaxCrossEntropy as lossWithGradient } from '@gradis/importance';
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
  const { losses, gradient } = lossWithGradient(labels, logits);
  return { losses: () => differentiable(losses, gradient)(logits), gradient: () => gradient };
}

/** The losses as a function of the logits: another tensor than that on the tape, which knows only its own way to the logits. */
function differentiable(losses: tf.Tensor1D, gradient: tf.Tensor): (logits: tf.Tensor) => tf.Tensor1D {
  return tf.customGrad((_logits, save) => {
    (save as tf.GradSaveFunc)([gradient]);
    const gradFunc = (dy: tf.Tensor, [saved]: tf.Tensor[]) => tf.mul(tf.expandDims(dy, 1), saved);
    return { value: losses.clone(), gradFunc };
  }) as (logits: tf.Tensor) => tf.Tensor1D;
}
