import * as tf from '@tensorflow/tfjs';
import type { Initializer } from '../initializers.js';
import { Orthogonal } from '../Orthogonal.js';
import { lstmSequence } from './lstmSequence.js';
import { theInput } from './theInput.js';

/** Options of {@link Lstm}. */
export interface LstmOptions {
  /** Number of cells. */
  units: number;
  /** Default: Glorot's uniform one. */
  kernelInitializer?: Initializer;
  /** Of the kernel [units, 4 · units] from the outputs of the step before. Default: orthogonal. */
  recurrentInitializer?: Initializer;
}

/**
 * Long short-term memory over a sequence [batch, time, features], up to its last output [batch, units]:
 * `(i, f, g, o) = xₜ W + hₜ₋₁ U + b`, `cₜ = σ(f) cₜ₋₁ + σ(i) tanh(g)`, `hₜ = σ(o) tanh(cₜ)`.
 *
 * The numbers, weights and their order of `tf.layers.lstm({ units, recurrentActivation: 'sigmoid' })`, which has two products
 * and a dozen kernels for every step: here are one product of all inputs with W, then hₜ₋₁ U and the cell for each step; with
 * `@gradis/wasm-training` all steps are one kernel. The bias starts at 1 for the forget gates f and at 0 elsewhere.
 *
 * @param options Number of `units`, `kernelInitializer` and `recurrentInitializer`.
 *
 * Gers, Schmidhuber and Cummins, Learning to Forget, 2000, eqs. 3 to 8; bias as in Jozefowicz, Zaremba and Sutskever, An
 * Empirical Exploration of Recurrent Network Architectures, 2015, section 2.2.
 *
 * @example
 * ```ts
 * import { Lstm } from '@gradis/models';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const last = new Lstm({ units: 16 }).apply(tf.zeros([2, 28, 8])) as tf.Tensor;
 * console.log(last.shape); // → [ 2, 16 ]
 * ```
 */
export class Lstm extends tf.layers.Layer {
  static readonly className = 'Lstm';
  readonly #options: Required<LstmOptions>;
  #kernel?: tf.LayerVariable;
  #recurrentKernel?: tf.LayerVariable;
  #bias?: tf.LayerVariable;

  constructor({
    units,
    kernelInitializer = tf.initializers.glorotUniform({}),
    recurrentInitializer = new Orthogonal(),
  }: LstmOptions) {
    super({});
    this.#options = { units, kernelInitializer, recurrentInitializer };
  }

  override build(inputShape: tf.Shape): void {
    const { units, kernelInitializer, recurrentInitializer } = this.#options;
    const gates = 4 * units;
    this.#kernel = this.addWeight('kernel', [inputShape.at(-1)!, gates], 'float32', kernelInitializer);
    this.#recurrentKernel = this.addWeight('recurrent_kernel', [units, gates], 'float32', recurrentInitializer);
    this.#bias = this.addWeight('bias', [gates], 'float32', tf.initializers.zeros());
    tf.tidy(() => {
      this.#bias!.write(tf.concat([tf.zeros([units]), tf.ones([units]), tf.zeros([2 * units])]));
    });
    super.build(inputShape);
  }

  override computeOutputShape([batch]: tf.Shape): tf.Shape {
    return [batch!, this.#options.units];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = theInput(inputs);
      const [batch, time, features] = x.shape as [number, number, number];
      const stepByStep = tf.transpose(x, [1, 0, 2]).reshape([time * batch, features]);
      // Not by tf.fused.matMul, whose gradient comes with that at x, which no first layer needs.
      const gates = tf.add(tf.matMul(stepByStep, this.#kernel!.read()), this.#bias!.read());
      return lstmSequence(gates.reshape([time, batch, 4 * this.#options.units]), this.#recurrentKernel!.read());
    });
  }

  override getConfig() {
    return { ...super.getConfig(), units: this.#options.units };
  }
}
