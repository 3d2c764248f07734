import * as tf from '@tensorflow/tfjs';
import { requirePositiveInteger, requireSeed } from './checks.js';
import { layerSeeds, sineUniform } from './initializers.js';
import { SineDense } from './layers/SineDense.js';

/** Options of {@link siren}. */
export interface SirenOptions {
  /** Coordinates of a point: 2 for an image, 3 for a shape or a film. They should be in [−1, 1]. */
  coordinates: number;
  /** Values at a point: 3 for a colour. */
  outputs: number;
  /** Number of layers of sines. */
  depth?: number;
  /** Units of each of them. */
  width?: number;
  /** ω₀ > 0 of all of them: the higher, the finer the details. */
  frequency?: number;
  /** Seed of the initialisation, an integer in [0, 2³² − 1]: same seed, same weights, bit for bit. */
  seed?: number;
}

/**
 * A network of sines from the coordinates of a point to values such as a colour, uncompiled.
 *
 * Layers `sin(ω₀ (x W + b))` and a linear one. Kernels are uniform on ±1/n in the first layer of n inputs, and on
 * ±√(6/n) / ω₀ in all others, which keeps the distributions of activations alike through all layers. Biases are uniform on
 * ±1/√n in the sines, as in the authors' code, and 0 in the outputs. 264,707 parameters by default for 2 coordinates and 3
 * values.
 *
 * Its layer of sines is not registered with TF.js: save its weights (`getWeights`), not the model.
 *
 * @param options Number of coordinates and of outputs, `depth` (5), `width` (256), `frequency` (30) and `seed` (0).
 * @returns A `tf.Sequential` from [batch, coordinates] to values [batch, outputs]. Free it with `dispose()`.
 * @throws RangeError if a size is not an integer ≥ 1, the frequency not a positive number, or the seed not among those
 *   allowed.
 *
 * Sitzmann et al., Implicit Neural Representations with Periodic Activation Functions, arXiv 2006.09661, sections 3 and 3.2.
 *
 * @example
 * ```ts
 * import { siren } from '@gradis/models';
 *
 * const model = siren({ coordinates: 2, outputs: 3, seed: 1 });
 * console.log(model.outputs[0].shape, model.countParams()); // → [ null, 3 ] 264707
 * model.dispose();
 * ```
 */
export function siren({
  coordinates,
  outputs,
  depth = 5,
  width = 256,
  frequency = 30,
  seed = 0,
}: SirenOptions): tf.Sequential {
  for (const [name, value] of Object.entries({ coordinates, outputs, depth, width })) {
    requirePositiveInteger(name, value);
  }
  if (!(frequency > 0 && frequency < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`frequency is ${frequency}; it must be a positive number.`);
  }
  requireSeed(seed);

  const nextSeed = layerSeeds(seed);
  const uniform = (limit: number) => tf.initializers.randomUniform({ minval: -limit, maxval: limit, seed: nextSeed() });
  const model = tf.sequential({ name: 'siren' });
  model.add(tf.layers.inputLayer({ inputShape: [coordinates] }));
  for (let layer = 0; layer < depth; layer++) {
    const inputs = layer === 0 ? coordinates : width;
    const kernelInitializer = layer === 0 ? uniform(1 / inputs) : sineUniform(frequency, nextSeed());
    const biasInitializer = uniform(1 / Math.sqrt(inputs));
    model.add(new SineDense({ units: width, frequency, kernelInitializer, biasInitializer }));
  }
  model.add(tf.layers.dense({ units: outputs, kernelInitializer: sineUniform(frequency, nextSeed()) }));
  return model;
}
