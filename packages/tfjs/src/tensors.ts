import * as tf from '@tensorflow/tfjs';

/** One tensor, or one for each input or output of the model. */
export type Tensors = tf.Tensor | tf.Tensor[];

/** The tensors as a list. */
export function toList(tensors: Tensors): tf.Tensor[] {
  return Array.isArray(tensors) ? tensors : [tensors];
}

/** The only tensor of a model with one input or output; throws if there are more. */
export function theOnly(tensors: Tensors, what: string): tf.Tensor {
  const [tensor, ...others] = toList(tensors);
  if (!tensor || others.length > 0) {
    throw new Error(`the model has ${others.length + 1} ${what}; write an objective of your own for more than one.`);
  }
  return tensor;
}

/** A list of one as the tensor itself: what tf.LayersModel expects and gives. */
export function unwrap(tensors: tf.Tensor[]): Tensors {
  return tensors.length === 1 ? tensors[0] : tensors;
}

/** Whether tensors of the current backend can be read without waiting. WebGPU cannot in Node. */
export function canReadSynchronously(): boolean {
  return tf.getBackend() !== 'webgpu';
}
