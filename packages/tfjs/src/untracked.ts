import * as tf from '@tensorflow/tfjs';

/** A tensor that counts as a constant in the gradient under way, although it was computed from what does not. */
export function untracked<T extends tf.Tensor>(compute: () => T): T {
  const constant = tf.customGrad(() => ({ value: tf.clone(compute()), gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy) }));
  return constant(tf.scalar(0)) as T;
}
