import * as tf from '@tensorflow/tfjs';

/** Frees a tensor of a state and keeps the one that takes its place, also beyond the `tf.tidy` in which it was made. */
export function replaced<T extends tf.Tensor>(old: T | undefined, next: T): T {
  old?.dispose();
  return tf.keep(next);
}
