import * as tf from '@tensorflow/tfjs';
import type { Initializer } from '../initializers.js';
import { runFused } from './runFused.js';
import { theInput } from './theInput.js';

/** Options of {@link DenseMax}. */
export interface DenseMaxOptions {
  /** Number of outputs. */
  units: number;
  /** Default: Glorot's uniform one. */
  kernelInitializer?: Initializer;
  /** Default: zeros. */
  biasInitializer?: Initializer;
}

/**
 * The largest outputs of a dense layer over the points of a set: `yⱼ = maxᵢ (xᵢ W)ⱼ + bⱼ`, from [batch, points, features] to
 * [batch, units].
 *
 * The numbers and weights of `tf.layers.dense` and `tf.layers.globalMaxPooling1d`, at a third of their work: only one point of
 * a set attains each maximum, so the gradients are made of these points alone and not of products with a matrix that is 0
 * nearly everywhere. Of points with the same product the first one gets the gradient; `tf.max` gives it to each of them, so
 * there a point that comes twice counts twice.
 *
 * @param options Number of `units`, `kernelInitializer` and `biasInitializer`.
 *
 * @example
 * ```ts
 * import { DenseMax } from '@gradis/models';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const largest = new DenseMax({ units: 64 }).apply(tf.zeros([2, 1024, 3])) as tf.Tensor;
 * console.log(largest.shape); // → [ 2, 64 ]
 * ```
 */
export class DenseMax extends tf.layers.Layer {
  static readonly className = 'DenseMax';
  readonly #options: Required<DenseMaxOptions>;
  #kernel?: tf.LayerVariable;
  #bias?: tf.LayerVariable;

  constructor({
    units,
    kernelInitializer = tf.initializers.glorotUniform({}),
    biasInitializer = tf.initializers.zeros(),
  }: DenseMaxOptions) {
    super({});
    this.#options = { units, kernelInitializer, biasInitializer };
  }

  override build(inputShape: tf.Shape): void {
    const { units, kernelInitializer, biasInitializer } = this.#options;
    this.#kernel = this.addWeight('kernel', [inputShape.at(-1)!, units], 'float32', kernelInitializer);
    this.#bias = this.addWeight('bias', [units], 'float32', biasInitializer);
    super.build(inputShape);
  }

  override computeOutputShape([batch]: tf.Shape): tf.Shape {
    return [batch!, this.#options.units];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const kernel = this.#kernel!.read() as tf.Tensor2D;
      const attaining = attainingPoints(theInput(inputs) as tf.Tensor3D, kernel);
      return tf.add(tf.sum(tf.mul(attaining, tf.transpose(kernel)), 2), this.#bias!.read());
    });
  }

  override getConfig() {
    return { ...super.getConfig(), units: this.#options.units };
  }
}

/** For each set and unit, the point with the largest product with the unit's weights: [batch, units, features]. */
function attainingPoints(x: tf.Tensor3D, kernel: tf.Tensor2D): tf.Tensor {
  const [batch, points, features] = x.shape;
  const select = tf.customGrad((x, save) => {
    const firstRows = tf.range(0, batch * points, points, 'int32').reshape([batch, 1]);
    const rows = tf.add(firstRows, largestProducts(x as tf.Tensor3D, kernel)).flatten() as tf.Tensor1D;
    (save as tf.GradSaveFunc)([rows]);
    return {
      value: tf.gather((x as tf.Tensor).reshape([batch * points, features]), rows).reshape([batch, -1, features]),
      gradFunc: (dy: tf.Tensor, [rows]: tf.Tensor[]) => {
        const byPoint = dy.reshape([-1, features]);
        return tf.unsortedSegmentSum(byPoint, rows as tf.Tensor1D, batch * points).reshape([batch, points, features]);
      },
    };
  });
  return select(x);
}

/** For each set and unit, which point has the largest product: [batch, units], int32. */
function largestProducts(x: tf.Tensor3D, kernel: tf.Tensor2D): tf.Tensor {
  const [index] = runFused('LargestProducts', { x, w: kernel }) ?? [];
  if (index) return index;
  const [batch, points, features] = x.shape;
  const products = tf.matMul(x.reshape([batch * points, features]), kernel);
  return tf.argMax(products.reshape([batch, points, -1]), 1);
}
