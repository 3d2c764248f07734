import * as tf from '@tensorflow/tfjs';

/** A hundred roundings of float32: more than there are in the sums over a few dozen values that the layers in tests make. */
export const ROUNDING = 100 * 2 ** -24;

/** Output, gradients at x and at the trained weights for a fixed gradient at the output, and all weights afterwards. */
export function behaviour(layer: tf.layers.Layer, x: tf.Tensor, training = false): number[][] {
  return tf.tidy(() => {
    const output = layer.apply(x, { training }) as tf.Tensor;
    layer.setWeights(layer.getWeights().map((weight, i) => tf.add(weight, 0.1 * (i + 1))));
    const dy = tf.randomNormal(output.shape, 0, 1, 'float32', 2);
    const variable = tf.variable(x);
    const trained = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const { value, grads } = tf.variableGrads(
      () => tf.sum(tf.mul(layer.apply(variable, { training }) as tf.Tensor, dy)) as tf.Scalar,
      [variable, ...trained],
    );
    variable.dispose();
    const gradients = [variable, ...trained].map(({ name }) => grads[name]!);
    return [output, value, ...gradients, ...layer.getWeights()].map((tensor) => Array.from(tensor.dataSync()));
  });
}

/**
 * Largest difference between numbers, relative to the largest number of the same list.
 * @throws Error if the lists are not of the same lengths
 */
export function largestDifference(own: number[][], expected: number[][]): number {
  if (own.length !== expected.length || own.some((values, i) => values.length !== expected[i]!.length)) {
    throw new Error('The lists are not of the same lengths.');
  }
  const largest = (values: number[]) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return largest(expected.map((values, i) => largest(values.map((value, k) => own[i]![k]! - value)) / largest(values)));
}

/** Largest difference in behaviour between two layers, which it disposes. */
export function differenceOfLayers(
  layer: tf.layers.Layer,
  stock: tf.layers.Layer,
  shape: number[],
  training = false,
): number {
  const x = tf.randomNormal(shape, 0.5, 2, 'float32', 1);
  const [own, expected] = [behaviour(layer, x, training), behaviour(stock, x, training)];
  tf.dispose(x);
  layer.dispose();
  stock.dispose();
  return largestDifference(own, expected);
}
