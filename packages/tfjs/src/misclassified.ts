import { areClassIndices } from '@gradis/importance';
import * as tf from '@tensorflow/tfjs';

/**
 * 1 where the largest output is not that of the right class, else 0.
 *
 * @param labels class indices [batch] or [batch, 1], or a distribution [batch, classes], whose largest entry is the class
 * @param outputs logits or probabilities [batch, classes]
 * @returns [batch], float32
 * @example
 * ```ts
 * import { misclassified } from '@gradis/tfjs';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const outputs = tf.tensor2d([[2, 1], [2, 1]]);
 * console.log(Array.from(misclassified(tf.tensor1d([0, 1], 'int32'), outputs).dataSync())); // → [ 0, 1 ]
 * ```
 */
export function misclassified(labels: tf.Tensor, outputs: tf.Tensor): tf.Tensor1D {
  return tf.tidy(() => {
    const classes = areClassIndices(labels, outputs.shape[1] ?? 1)
      ? labels.reshape([outputs.shape[0] ?? 1]).toInt()
      : labels.argMax(1).toInt();
    return tf.notEqual(outputs.argMax(1).toInt(), classes).toFloat() as tf.Tensor1D;
  });
}
