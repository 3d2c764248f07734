import * as tf from '@tensorflow/tfjs';
import { type Initializer, sineUniform } from '../initializers.js';
import { theInput } from './theInput.js';

/** Options of {@link SineDense}. */
export interface SineDenseOptions {
  /** Number of outputs. */
  units: number;
  /** ω₀ > 0. */
  frequency?: number;
  /** Default: uniform on ±√(6 / fan-in) / ω₀. */
  kernelInitializer?: Initializer;
  /** Default: zeros. */
  biasInitializer?: Initializer;
}

/**
 * A dense layer of sines over the last axis, `y = sin(ω₀ (x W + b))`.
 *
 * W and b are multiplied by ω₀, and not what they give, which has more values by the size of the batch. With the kernel's
 * default initialiser and inputs from sines, what goes into the sines has a standard deviation of 1.
 *
 * @param options Number of `units`, `frequency` (30), `kernelInitializer` and `biasInitializer`.
 *
 * Sitzmann et al., Implicit Neural Representations with Periodic Activation Functions, arXiv 2006.09661, section 3.2.
 *
 * @example
 * ```ts
 * import { SineDense } from '@gradis/models';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const layer = new SineDense({ units: 1, frequency: Math.PI / 2, kernelInitializer: tf.initializers.ones() });
 * const y = layer.apply(tf.tensor2d([[0], [1], [3]])) as tf.Tensor;
 * console.log(Array.from(y.dataSync())); // → [ 0, 1, -1 ]
 * ```
 */
export class SineDense extends tf.layers.Layer {
  static readonly className = 'SineDense';
  readonly #options: Required<SineDenseOptions>;
  #kernel?: tf.LayerVariable;
  #bias?: tf.LayerVariable;

  constructor({
    units,
    frequency = 30,
    kernelInitializer = sineUniform(frequency),
    biasInitializer = tf.initializers.zeros(),
  }: SineDenseOptions) {
    super({});
    this.#options = { units, frequency, kernelInitializer, biasInitializer };
  }

  override build(inputShape: tf.Shape): void {
    const { units, kernelInitializer, biasInitializer } = this.#options;
    this.#kernel = this.addWeight('kernel', [inputShape.at(-1)!, units], 'float32', kernelInitializer);
    this.#bias = this.addWeight('bias', [units], 'float32', biasInitializer);
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return [...inputShape.slice(0, -1), this.#options.units];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const { units, frequency } = this.#options;
      const x = theInput(inputs);
      const rows = x.reshape([-1, x.shape.at(-1)!]) as tf.Tensor2D;
      const kernel = tf.mul(this.#kernel!.read(), frequency) as tf.Tensor2D;
      const bias = tf.mul(this.#bias!.read(), frequency);
      const phases = tf.fused.matMul({ a: rows, b: kernel, bias });
      return tf.sin(phases).reshape([...x.shape.slice(0, -1), units]);
    });
  }

  override getConfig() {
    const { units, frequency } = this.#options;
    return { ...super.getConfig(), units, frequency };
  }
}
