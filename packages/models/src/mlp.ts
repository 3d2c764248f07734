import * as tf from '@tensorflow/tfjs';
import { requirePositiveInteger, requirePositiveIntegers, requireSeed } from './checks.js';
import { type Activation, checkActivation, layerSettings } from './initializers.js';

/** Options of {@link mlp}. */
export interface MlpOptions {
  /** Shape of one sample: `[784]`, or `[28, 28, 1]`, which is flattened. */
  inputShape: readonly number[];
  /** Number of outputs: classes of a classification, values of a regression. */
  outputs: number;
  /** Units of each hidden layer; `[]` gives a linear model. */
  hidden?: readonly number[];
  /** Activation of the hidden layers. */
  activation?: Activation;
  /** Seed of the initialisation, an integer in [0, 2³² − 1]: same seed, same weights, bit for bit. */
  seed?: number;
}

/**
 * A multilayer perceptron that ends in logits, uncompiled.
 *
 * With layer widths n₀ (values in one sample), n₁, …, n_L (outputs) it has Σ (nₗ₋₁ + 1) · nₗ parameters: 269,322 for
 * MNIST with the default hidden layers. Kernels are initialised by He for ReLU and its relatives, by LeCun for SELU, by
 * Glorot for the others and for the logits; biases are 0.
 *
 * @param options Input shape, number of outputs, `hidden` ([256, 256]), `activation` ('relu') and `seed` (0).
 * @returns A `tf.Sequential` from [batch, …inputShape] to logits [batch, outputs]. Free it with `dispose()`.
 * @throws RangeError if a size is not an integer ≥ 1, or the activation or the seed is not among those allowed.
 *
 * He et al., Delving Deep into Rectifiers, 2015, eq. 10; Glorot and Bengio, 2010, eq. 16.
 *
 * @example
 * ```ts
 * import { mlp } from '@gradis/models';
 *
 * const model = mlp({ inputShape: [28, 28, 1], outputs: 10, seed: 1 });
 * console.log(model.outputs[0].shape, model.countParams()); // → [ null, 10 ] 269322
 * model.dispose();
 * ```
 */
export function mlp({
  inputShape,
  outputs,
  hidden = [256, 256],
  activation = 'relu',
  seed = 0,
}: MlpOptions): tf.Sequential {
  requirePositiveInteger('The number of dimensions of inputShape', inputShape.length);
  requirePositiveIntegers('inputShape', inputShape);
  requirePositiveInteger('outputs', outputs);
  requirePositiveIntegers('hidden', hidden);
  checkActivation(activation);
  requireSeed(seed);

  const settings = layerSettings(seed);
  const model = tf.sequential({ name: 'mlp' });
  model.add(tf.layers.inputLayer({ inputShape: [...inputShape] }));
  if (inputShape.length > 1) model.add(tf.layers.flatten());
  for (const units of hidden) model.add(tf.layers.dense({ units, ...settings(activation) }));
  model.add(tf.layers.dense({ units: outputs, ...settings('linear') }));
  return model;
}
