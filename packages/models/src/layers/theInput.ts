import type * as tf from '@tensorflow/tfjs';

/** The input of a layer that has only one: TF.js gives it alone or as a list. */
export function theInput(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
  return Array.isArray(inputs) ? inputs[0]! : inputs;
}
