import * as tf from '@tensorflow/tfjs';

/** 1 where x > 0, else 0. `tf.step` is one kernel on every backend but TensorFlow, where it is made of six. */
export function isPositive(x: tf.Tensor): tf.Tensor {
  return tf.getBackend() === 'tensorflow' ? tf.relu(tf.sign(x)) : tf.step(x);
}
