import * as tf from '@tensorflow/tfjs';
import { indexColumn } from './device/exactIntegers.js';

/**
 * Rows of x at these indices, none of which is looked at on the host.
 *
 * `tf.gather` reads the indices back on wasm and TensorFlow to check them, and is a hundred times slower on wasm. On cpu it
 * reads nothing, and is the faster one.
 */
export function gatherRows(x: tf.Tensor, indices: tf.Tensor1D): tf.Tensor {
  if (tf.getBackend() === 'cpu') return tf.gather(x, indices);
  return tf.gatherND(x, indexColumn(indices, x.shape[0] ?? 0).int);
}
