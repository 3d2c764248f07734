import * as tf from '@tensorflow/tfjs';
import type { BlockLayout } from './BlockLayout.js';

/** A value for each place of the blocks, in a tensor of their own memory: those of the items, and another in the padding. */
export function blockValues({ size, padding }: BlockLayout, values: ArrayLike<number>, atPadding = 0): tf.Tensor1D {
  const places = new Float32Array(size + padding).fill(atPadding, size);
  places.set(values);
  return tf.tensor1d(places);
}

/** Sum of each block. [blocks] */
export function blockSums({ blocks, width }: BlockLayout, values: tf.Tensor1D): tf.Tensor1D {
  return tf.tidy(() => tf.sum(tf.reshape(values, [blocks, width]), 1));
}

/** The same with other values at some places; the same place may occur more than once with the same value. [blocks · width] */
export function replaceValues(values: tf.Tensor1D, column: tf.Tensor2D, replacements: tf.Tensor): tf.Tensor1D {
  return tf.tidy(() => tf.tensorScatterUpdate(values, column, tf.reshape(replacements, [-1])));
}
