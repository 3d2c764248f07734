import * as tf from '@tensorflow/tfjs';

/**
 * Gradient at the pre-activation z from the gradient G at the output y = f(z): `δ = J_f(z)ᵀ G`, in terms of y.
 *
 * Activations whose derivative y does not tell (swish, mish, gelu) and unknown ones leave the gradient as it is: the
 * score is then that of the output.
 */
export function throughActivation(gradient: tf.Tensor, output: tf.Tensor, activation: string | undefined): tf.Tensor {
  switch (activation) {
    case 'softmax':
      return tf.mul(output, tf.sub(gradient, tf.sum(tf.mul(gradient, output), -1, true)));
    case 'logSoftmax':
      return tf.sub(gradient, tf.mul(tf.exp(output), tf.sum(gradient, -1, true)));
    case 'sigmoid':
      return tf.mul(gradient, tf.mul(output, tf.sub(1, output)));
    case 'hardSigmoid':
      return tf.mul(gradient, tf.mul(0.2, between(output, 0, 1)));
    case 'tanh':
      return tf.mul(gradient, tf.sub(1, tf.square(output)));
    case 'softplus':
      return tf.mul(gradient, tf.sub(1, tf.exp(tf.neg(output))));
    case 'softsign':
      return tf.mul(gradient, tf.square(tf.sub(1, tf.abs(output))));
    case 'elu':
      return tf.mul(gradient, tf.minimum(1, tf.add(output, 1)));
    case 'relu':
      return tf.mul(gradient, tf.step(output));
    case 'relu6':
      return tf.mul(gradient, between(output, 0, 6));
    default:
      return gradient;
  }
}

/** 1 where low < x < high, else 0. */
function between(x: tf.Tensor, low: number, high: number): tf.Tensor {
  return tf.logicalAnd(tf.greater(x, low), tf.less(x, high)).toFloat();
}
