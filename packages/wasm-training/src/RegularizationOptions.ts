import * as tf from '@tensorflow/tfjs';
import type { VariableUpdate } from './optimizerSlots.js';

/** What an optimiser does besides its formula. */
export interface RegularizationOptions {
  /**
   * λ ≥ 0: each step also multiplies the weights by 1 − α λ, apart from the gradient ("decoupled", as in AdamW). Default 0.
   *
   * Loshchilov and Hutter, "Decoupled Weight Decay Regularization" (2019), Algorithms 1 and 2.
   */
  weightDecay?: number;
  /** Which variables decay; biases and scales of normalisation are often left out. Default: all. */
  decays?: (variable: tf.Variable) => boolean;
  /**
   * Most that the Euclidean norm of all gradients together may be, > 0; where it is more, all are scaled down to it.
   * Default: no limit.
   *
   * Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks" (2013), Algorithm 1.
   */
  clipNorm?: number;
}

const NAMES = ['weightDecay', 'decays', 'clipNorm'];

/** @throws RangeError if a number is not one of those allowed, or an option has another name */
export function checkRegularization(options: RegularizationOptions): void {
  const { weightDecay = 0, clipNorm } = options;
  const unknown = Object.keys(options).find((name) => !NAMES.includes(name));
  if (unknown !== undefined)
    throw new RangeError(`There is no option '${unknown}'; the options are ${NAMES.join(', ')}.`);
  if (!(weightDecay >= 0 && weightDecay < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`weightDecay is ${weightDecay}; it must be a number ≥ 0.`);
  }
  if (clipNorm !== undefined && !(clipNorm > 0)) {
    throw new RangeError(`clipNorm is ${clipNorm}; it must be a number > 0, or left out.`);
  }
}

/** What a step multiplies the values of a variable by. */
export function decayOf(
  { weightDecay = 0, decays = () => true }: RegularizationOptions,
  learningRate: number,
  variable: tf.Variable,
): number {
  return weightDecay > 0 && decays(variable) ? 1 - learningRate * weightDecay : 1;
}

/** Decays the variables that have a gradient, by a kernel for each. */
export function decay(updates: VariableUpdate[], options: RegularizationOptions, learningRate: number): void {
  for (const { variable, gradient } of updates) {
    const factor = decayOf(options, learningRate, variable);
    if (gradient && factor !== 1) variable.assign(tf.mul(variable, factor));
  }
}

/** @throws RangeError unless it is a number > 0 */
export function checkLearningRate(learningRate: number): void {
  if (typeof learningRate === 'number' && learningRate > 0) return;
  const given = typeof learningRate === 'number' ? learningRate : JSON.stringify(learningRate);
  throw new RangeError(`learningRate is ${given}; it must be a number > 0.`);
}
