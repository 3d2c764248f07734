import * as tf from '@tensorflow/tfjs';
import { runFused } from './runFused.js';
import { theInput } from './theInput.js';

const LINEAR = 2 * Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715 * LINEAR;

/**
 * The Gaussian error linear unit in its tanh form, `x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³)))`.
 *
 * Composed as `x · σ(x (a + b x²))`, the same number: the powers and the error function of `gelu_new` and `gelu` of TF.js
 * take two to four times as long on wasm. With `@gradis/wasm-training` it is one kernel.
 *
 * Hendrycks and Gimpel, Gaussian Error Linear Units, arXiv 1606.08415, section 2.
 *
 * @example
 * ```ts
 * import { Gelu } from '@gradis/models';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const y = new Gelu({}).apply(tf.tensor1d([-1, 0, 1])) as tf.Tensor;
 * console.log(Array.from(y.dataSync()).map((value) => value.toFixed(3))); // → [ '-0.159', '0.000', '0.841' ]
 * ```
 */
export class Gelu extends tf.layers.Layer {
  static readonly className = 'Gelu';

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = theInput(inputs);
      return runFused('Gelu', { x }, { approximate: 'tanh' })?.[0] ?? composed(x);
    });
  }
}

function composed(x: tf.Tensor): tf.Tensor {
  const slope = tf.add(tf.mul(tf.square(x), CUBIC), LINEAR);
  return tf.mul(x, tf.sigmoid(tf.mul(x, slope)));
}
