import * as tf from '@tensorflow/tfjs';
import { requirePositiveInteger, requirePositiveIntegers, requireSeed } from './checks.js';
import { layerSeeds } from './initializers.js';
import { Lstm } from './layers/Lstm.js';
import { Orthogonal } from './Orthogonal.js';

/** Options of {@link lstmClassifier}. */
export interface LstmClassifierOptions {
  /** Number of steps, and of features at each: `[28, 28]` for MNIST row by row, `[784, 1]` pixel by pixel. */
  inputShape: readonly [number, number];
  /** Number of classes. */
  classes: number;
  /** Number of cells. */
  units?: number;
  /** How the recurrent kernel starts. */
  recurrentInitializer?: RecurrentInitializer;
  /** Seed of the initialisation, an integer in [0, 2³² − 1]: same seed, same weights, bit for bit. */
  seed?: number;
}

/** How a recurrent kernel starts: with orthogonal rows, or uniform with Glorot's variance. */
export type RecurrentInitializer = keyof typeof RECURRENT;

const RECURRENT = {
  orthogonal: (args: { seed: number }) => new Orthogonal(args),
  glorot: tf.initializers.glorotUniform,
};

/**
 * A classifier of sequences by long short-term memory that ends in logits, uncompiled.
 *
 * An {@link Lstm} of u units over the sequence, and the logits of its last output: 4u (features + u + 1) + (u + 1) · classes
 * parameters, 81,674 for MNIST row by row. Kernels are initialised by Glorot, the biases of the forget gates are 1 and all
 * others 0.
 *
 * Its layer is not registered with TF.js: save its weights (`getWeights`), not the model.
 *
 * @param options Input shape, number of classes, `units` (128), `recurrentInitializer` ('orthogonal') and `seed` (0).
 * @returns A `tf.Sequential` from [batch, time, features] to logits [batch, classes]. Free it with `dispose()`.
 * @throws RangeError if a size is not an integer ≥ 1, or the initialiser or the seed is not among those allowed.
 *
 * Hochreiter and Schmidhuber, Long Short-Term Memory, 1997; Le, Jaitly and Hinton, A Simple Way to Initialize Recurrent
 * Networks of Rectified Linear Units, arXiv 1504.00941, section 4.2, for MNIST pixel by pixel.
 *
 * @example
 * ```ts
 * import { lstmClassifier } from '@gradis/models';
 *
 * const model = lstmClassifier({ inputShape: [28, 28], classes: 10, seed: 1 });
 * console.log(model.outputs[0].shape, model.countParams()); // → [ null, 10 ] 81674
 * model.dispose();
 * ```
 */
export function lstmClassifier({
  inputShape,
  classes,
  units = 128,
  recurrentInitializer = 'orthogonal',
  seed = 0,
}: LstmClassifierOptions): tf.Sequential {
  if (inputShape.length !== 2) {
    throw new RangeError(`inputShape is [${inputShape}]; it must be [time, features].`);
  }
  requirePositiveIntegers('inputShape', inputShape);
  requirePositiveInteger('classes', classes);
  requirePositiveInteger('units', units);
  if (!Object.hasOwn(RECURRENT, recurrentInitializer)) {
    const known = Object.keys(RECURRENT).join(', ');
    throw new RangeError(`recurrentInitializer is "${recurrentInitializer}"; it must be one of ${known}.`);
  }
  requireSeed(seed);

  const nextSeed = layerSeeds(seed);
  const glorot = () => tf.initializers.glorotUniform({ seed: nextSeed() });
  const model = tf.sequential({ name: 'lstmClassifier' });
  model.add(tf.layers.inputLayer({ inputShape: [...inputShape] }));
  model.add(
    new Lstm({
      units,
      kernelInitializer: glorot(),
      recurrentInitializer: RECURRENT[recurrentInitializer]({ seed: nextSeed() }),
    }),
  );
  model.add(tf.layers.dense({ units: classes, kernelInitializer: glorot() }));
  return model;
}
