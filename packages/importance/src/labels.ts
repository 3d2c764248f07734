import * as tf from '@tensorflow/tfjs';

/**
 * Whether labels are class indices rather than a distribution over the classes.
 *
 * @param labels [batch] or [batch, 1] are class indices, [batch, classes] is a distribution
 * @param classes number of classes
 * @example
 * ```ts
 * import { areClassIndices } from '@gradis/importance';
 * import * as tf from '@tensorflow/tfjs';
 *
 * console.log(areClassIndices(tf.zeros([8, 1]), 10), areClassIndices(tf.zeros([8, 10]), 10)); // → true false
 * ```
 */
export function areClassIndices(labels: tf.Tensor, classes: number): boolean {
  return labels.rank === 1 || (labels.rank === 2 && labels.shape[1] === 1 && classes > 1);
}

/**
 * Labels as a distribution over the classes: class indices become one-hot rows, anything else must have the shape of
 * the logits already.
 *
 * @param labels class indices [batch] or [batch, 1], each in [0, classes), or a distribution [batch, classes]
 * @param logits whatever the labels are to be compared with, shape [batch, classes]
 * @returns shape [batch, classes], float32; a class index out of range gives a row of zeros
 * @throws if the shapes do not fit
 * @example
 * ```ts
 * import { labelDistribution } from '@gradis/importance';
 * import * as tf from '@tensorflow/tfjs';
 *
 * console.log(labelDistribution(tf.tensor1d([1], 'int32'), tf.zeros([1, 3])).arraySync()); // → [ [ 0, 1, 0 ] ]
 * ```
 */
export function labelDistribution(labels: tf.Tensor, logits: tf.Tensor): tf.Tensor2D {
  assertLabels(labels, logits);
  const [batch, classes] = logits.shape as [number, number];
  if (!areClassIndices(labels, classes)) return labels.toFloat() as tf.Tensor2D;
  // Cast apart: the wasm backend writes the bits of integers, whatever type the one-hot rows are to have.
  return tf.oneHot(classIndices(labels, batch), classes).toFloat() as tf.Tensor2D;
}

/** Class indices of one sample each, int32. [batch] or [batch, 1] → [batch] */
export function classIndices(labels: tf.Tensor, batch: number): tf.Tensor1D {
  const indices = labels.dtype === 'int32' ? labels : labels.toInt();
  return (indices.rank === 1 ? indices : indices.reshape([batch])) as tf.Tensor1D;
}

/** Throws unless the logits are [batch, classes] and the labels class indices or a distribution that fits them. */
export function assertLabels(labels: tf.Tensor, logits: tf.Tensor): void {
  const [batch, classes] = logits.shape;
  if (logits.rank !== 2 || batch === undefined || classes === undefined) {
    throw new Error(
      `logits have shape [${logits.shape}]; softmax cross-entropy expects [batch, classes]. ` +
        'Use outputGradientScore for another shape.',
    );
  }
  if (!areClassIndices(labels, classes)) {
    assertSameShape('labels', labels, 'logits', logits);
  } else if (labels.shape[0] !== batch) {
    throw new Error(`labels hold ${labels.shape[0]} class indices for ${batch} rows of logits; give one for each row.`);
  }
}

/** Throws unless both tensors have the same shape. */
export function assertSameShape(name: string, x: tf.Tensor, otherName: string, other: tf.Tensor): void {
  if (!tf.util.arraysEqual(x.shape, other.shape)) {
    throw new Error(`${name} have shape [${x.shape}], ${otherName} [${other.shape}]; the two must be the same.`);
  }
}
