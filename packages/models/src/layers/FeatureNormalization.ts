import * as tf from '@tensorflow/tfjs';
import { runFused } from './runFused.js';
import { standardize } from './standardize.js';
import { theInput } from './theInput.js';

const EPSILON = 1e-6;

/**
 * Layer normalisation over the last axis, `γ · (x − mean) / √(variance + 10⁻⁶) + β`.
 *
 * The layer of TF.js copies mean, variance, γ and β to the size of x, and is 40 times slower on wasm. With
 * `@gradis/wasm-training` this is one kernel each way.
 *
 * Ba, Kiros and Hinton, Layer Normalization, arXiv 1607.06450, eq. 4.
 *
 * @example
 * ```ts
 * import { FeatureNormalization } from '@gradis/models';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const y = new FeatureNormalization({}).apply(tf.tensor2d([[1, 3]])) as tf.Tensor;
 * console.log(Array.from(y.dataSync()).map((value) => value.toFixed(3))); // → [ '-1.000', '1.000' ]
 * ```
 */
export class FeatureNormalization extends tf.layers.Layer {
  static readonly className = 'FeatureNormalization';
  #gamma?: tf.LayerVariable;
  #beta?: tf.LayerVariable;

  override build(inputShape: tf.Shape): void {
    const features = [inputShape.at(-1)!];
    this.#gamma = this.addWeight('gamma', features, 'float32', tf.initializers.ones());
    this.#beta = this.addWeight('beta', features, 'float32', tf.initializers.zeros());
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = theInput(inputs);
      const scale = this.#gamma!.read();
      const offset = this.#beta!.read();
      const fused = runFused('LayerNorm', { x, scale, offset }, { epsilon: EPSILON });
      return fused?.[0] ?? tf.add(tf.mul(standardize(x, [-1], EPSILON).values, scale), offset);
    });
  }
}
