import * as tf from '@tensorflow/tfjs';

/**
 * Initialisers that keep the variance of the signal. The uniform ones, because TF.js cuts its normal ones off at two standard
 * deviations without making up for the variance that is lost.
 */
const INITIALIZERS = {
  relu: tf.initializers.heUniform,
  elu: tf.initializers.heUniform,
  swish: tf.initializers.heUniform,
  gelu: tf.initializers.heUniform,
  selu: tf.initializers.leCunUniform,
  tanh: tf.initializers.glorotUniform,
  sigmoid: tf.initializers.glorotUniform,
  linear: tf.initializers.glorotUniform,
};

/** What TF.js draws the first values of a weight with. */
export type Initializer = ReturnType<typeof tf.initializers.zeros>;

/** Activation of a hidden layer. */
export type Activation = keyof typeof INITIALIZERS;

/** Throws unless there is an initialiser for the activation, as there is for every {@link Activation}. */
export function checkActivation(activation: Activation): void {
  if (!Object.hasOwn(INITIALIZERS, activation)) {
    const known = Object.keys(INITIALIZERS).join(', ');
    throw new RangeError(`activation is "${activation}"; it must be one of ${known}.`);
  }
}

/**
 * Hands out the settings of one layer after another: its activation, an initialiser that suits it, and a seed of its own
 * derived from the model's.
 */
export function layerSettings(seed: number) {
  const nextSeed = layerSeeds(seed);
  return (activation: Activation) => ({
    activation,
    kernelInitializer: INITIALIZERS[activation]({ seed: nextSeed() }),
  });
}

/**
 * Uniform on ±√(6 / fan-in) / ω₀: what goes into a sine of n such weights times ω₀ has a standard deviation of 1, if it comes
 * from a sine.
 */
export function sineUniform(frequency: number, seed?: number): Initializer {
  return tf.initializers.varianceScaling({ scale: 2 / frequency ** 2, mode: 'fanIn', distribution: 'uniform', seed });
}

/**
 * Hands out one seed after another, derived from the model's: a well-mixed 32-bit hash of that and a count (two rounds of
 * MurmurHash3's finaliser), so that neighbours are unrelated.
 */
export function layerSeeds(seed: number): () => number {
  let count = 0;
  return () => mix(mix(seed) + count++);
}

function mix(value: number): number {
  let hash = (value + 0x9e3779b9) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
