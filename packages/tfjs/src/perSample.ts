import * as tf from '@tensorflow/tfjs';

/** A loss that a model may be compiled with: of any shape that has the batch first. */
type Loss = (targets: tf.Tensor, outputs: tf.Tensor) => tf.Tensor;

const { NONE } = tf.Reduction;

/** The functions of `tf.losses` reduce over the batch unless they are told not to, each in its own way. */
const unreduced = new Map<unknown, Loss>([
  [tf.losses.absoluteDifference, (y, z) => tf.losses.absoluteDifference(y, z, undefined, NONE)],
  [tf.losses.hingeLoss, (y, z) => tf.losses.hingeLoss(y, z, undefined, NONE)],
  [tf.losses.huberLoss, (y, z) => tf.losses.huberLoss(y, z, undefined, undefined, NONE)],
  [tf.losses.logLoss, (y, z) => tf.losses.logLoss(y, z, undefined, undefined, NONE)],
  [tf.losses.meanSquaredError, (y, z) => tf.losses.meanSquaredError(y, z, undefined, NONE)],
  [tf.losses.sigmoidCrossEntropy, (y, z) => tf.losses.sigmoidCrossEntropy(y, z, undefined, undefined, NONE)],
  [tf.losses.softmaxCrossEntropy, (y, z) => tf.losses.softmaxCrossEntropy(y, z, undefined, undefined, NONE)],
]);

/** The same loss, sample by sample, if it is one of `tf.losses`; else as it is. */
export function perSample(loss: Loss): Loss {
  return unreduced.get(loss) ?? loss;
}
