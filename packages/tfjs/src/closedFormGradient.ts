import { crossEntropyResidual, squaredErrorGradient } from '@gradis/importance';
import * as tf from '@tensorflow/tfjs';

/** Gradient of a loss at the pre-activation, from the targets and the outputs after the activation. [batch, units] */
export type PreActivationGradient = (targets: tf.Tensor, outputs: tf.Tensor) => tf.Tensor;

/**
 * The gradient at the pre-activation for the pairs of compiled loss and final activation where it is a difference:
 * no automatic differentiation, and exact where TF.js clips probabilities. Undefined for other pairs.
 */
export function closedFormGradient(
  loss: string | undefined,
  activation: string | undefined,
): PreActivationGradient | undefined {
  switch (`${activation} ${loss}`) {
    case 'softmax sparseCategoricalCrossentropy':
    case 'softmax categoricalCrossentropy':
      return crossEntropyResidual;
    case 'sigmoid binaryCrossentropy':
      return (y, p) => tf.div(tf.sub(p, y), p.shape[1] ?? 1);
    case 'linear meanSquaredError':
      return squaredErrorGradient;
    default:
      return undefined;
  }
}
