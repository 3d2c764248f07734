import * as tf from '@tensorflow/tfjs';
import { runFused } from './runFused.js';
import { standardize } from './standardize.js';
import { theInput } from './theInput.js';

const EPSILON = 1e-5;
const MOMENTUM = 0.9;

/** A normalised batch, with the statistics it had. */
interface Normalized {
  y: tf.Tensor;
  mean: tf.Tensor;
  variance: tf.Tensor;
}

/**
 * Batch normalisation by the last axis, [batch, …, channels]: `γ · (x − mean) / √(variance + 10⁻⁵) + β` for each channel.
 *
 * In training with mean and variance of the batch, of which it keeps moving averages (0.9 of the old, 0.1 of the new) for
 * inference. The same as tf.layers.batchNormalization with these settings, under whose name it is saved and loaded, but its
 * gradient takes a thirtieth of the time on wasm; and with `@gradis/wasm-training` each way is one kernel.
 *
 * Ioffe and Szegedy, Batch Normalization, arXiv 1502.03167, algorithms 1 and 2.
 *
 * @example
 * ```ts
 * import { BatchNormalization } from '@gradis/models';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const y = new BatchNormalization({}).apply(tf.tensor2d([[1], [3]]), { training: true }) as tf.Tensor;
 * console.log(Array.from(y.dataSync()).map((value) => value.toFixed(3))); // → [ '-1.000', '1.000' ]
 * ```
 */
export class BatchNormalization extends tf.layers.Layer {
  static readonly className = 'BatchNormalization';
  #gamma?: tf.LayerVariable;
  #beta?: tf.LayerVariable;
  #movingMean?: tf.LayerVariable;
  #movingVariance?: tf.LayerVariable;

  override build(inputShape: tf.Shape): void {
    const add = (name: string, initializer: ReturnType<typeof tf.initializers.ones>, isTrained = true) =>
      this.addWeight(name, [inputShape.at(-1)!], 'float32', initializer, undefined, isTrained);
    this.#gamma = add('gamma', tf.initializers.ones());
    this.#beta = add('beta', tf.initializers.zeros());
    this.#movingMean = add('moving_mean', tf.initializers.zeros(), false);
    this.#movingVariance = add('moving_variance', tf.initializers.ones(), false);
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], { training = false }: { training?: boolean } = {}): tf.Tensor {
    return tf.tidy(() => {
      const x = theInput(inputs);
      const scale = this.#gamma!.read();
      const offset = this.#beta!.read();
      if (!training) return tf.add(tf.mul(this.#byAverages(x), scale), offset);
      const { y, mean, variance } = fused(x, scale, offset) ?? composed(x, scale, offset);
      follow(this.#movingMean!, mean);
      follow(this.#movingVariance!, variance);
      return y;
    });
  }

  override getConfig() {
    return { ...super.getConfig(), axis: -1, epsilon: EPSILON, momentum: MOMENTUM };
  }

  #byAverages(x: tf.Tensor): tf.Tensor {
    return tf.mul(tf.sub(x, this.#movingMean!.read()), tf.rsqrt(tf.add(this.#movingVariance!.read(), EPSILON)));
  }
}

function fused(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor): Normalized | undefined {
  const outputs = runFused('BatchNorm', { x, scale, offset }, { epsilon: EPSILON });
  if (!outputs) return undefined;
  const [y, mean, variance] = outputs as [tf.Tensor, tf.Tensor, tf.Tensor];
  return { y, mean, variance };
}

function composed(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor): Normalized {
  const axes = x.shape.slice(0, -1).map((_, axis) => axis);
  const { values, mean, variance } = standardize(x, axes, EPSILON);
  return { y: tf.add(tf.mul(values, scale), offset), mean, variance };
}

/** Moves an average by a tenth of the way to the value of this batch. */
function follow(average: tf.LayerVariable, value: tf.Tensor): void {
  tf.tidy(() => {
    const before = average.read();
    average.write(tf.add(before, tf.mul(tf.sub(value.reshape(before.shape), before), 1 - MOMENTUM)));
  });
}
