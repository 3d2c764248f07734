import * as tf from '@tensorflow/tfjs';

/** Integers up to this one are exact in float32. */
export const LARGEST_EXACT_FLOAT = 2 ** 24;

/** Indices are int32. */
const LARGEST_SIZE = 2 ** 31 - 1;

/**
 * Whether float32 can hold every index. Then indices are computed in it: TensorFlow computes with int32 in host memory, for
 * which it would have to wait for the GPU.
 */
export function fitsFloat(size: number): boolean {
  return size <= LARGEST_EXACT_FLOAT;
}

/**
 * Throws unless the size is a number of samples that the backend can tell apart: WebGPU and WebGL compute with int32 in
 * float32.
 */
export function assertSize(size: number): void {
  if (!Number.isInteger(size) || size < 1 || size > LARGEST_SIZE) {
    throw new RangeError(`size is ${size}; it must be an integer in [1, ${LARGEST_SIZE}].`);
  }
  const backend = tf.getBackend();
  if (fitsFloat(size) || !backend.startsWith('webg')) return;
  throw new RangeError(
    `size is ${size}; the backend ${backend} computes with integers in float32, which is exact up to 2²⁴ = ` +
      `${LARGEST_EXACT_FLOAT} samples. Use tensorflow or wasm.`,
  );
}

/** Indices as a column of floats, if float32 can hold them, and of integers. */
export function indexColumn(indices: tf.Tensor1D, size: number): { float?: tf.Tensor2D; int: tf.Tensor2D } {
  if (!fitsFloat(size)) return { int: tf.reshape(indices, [-1, 1]) };
  const float = tf.reshape(tf.cast(indices, 'float32'), [-1, 1]) as tf.Tensor2D;
  return { float, int: tf.cast(float, 'int32') };
}
