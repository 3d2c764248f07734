import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, expect } from 'vitest';

/** Runs the tests of a file on the cpu backend, disposes the models given to `keep`, and finds tensors left behind. */
export function trackModels() {
  const made: tf.LayersModel[] = [];
  let tensorsBefore: number;
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });
  beforeEach(() => {
    tensorsBefore = tf.memory().numTensors;
  });
  afterEach(() => {
    for (const model of made.splice(0)) model.dispose();
    expect(tf.memory().numTensors).toBe(tensorsBefore);
  });
  return {
    keep<M extends tf.LayersModel>(model: M): M {
      made.push(model);
      return model;
    },
  };
}

/** Every weight, in order. */
export const weightsOf = (model: tf.LayersModel) =>
  model.getWeights().map((weight) => weight.dataSync() as Float32Array);

/** Mean softmax cross-entropy before and after some steps of Adam on the whole set. */
export function lossesOf(model: tf.LayersModel, x: tf.Tensor, y: tf.Tensor, steps: number, rate = 0.01) {
  const optimizer = tf.train.adam(rate);
  const loss = () =>
    tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true }) as tf.Tensor) as unknown as tf.Scalar;
  const before = tf.tidy(() => loss().dataSync()[0]!);
  for (let i = 0; i < steps; i++) optimizer.minimize(loss);
  const after = tf.tidy(() => loss().dataSync()[0]!);
  optimizer.dispose();
  return { before, after };
}

/** Images [count, side, side, 1] of horizontal and of vertical stripes in turn, and their classes [count, 2]. */
export function stripes(count: number, side: number): { x: tf.Tensor4D; y: tf.Tensor2D } {
  const image = (n: number) =>
    Array.from({ length: side * side }, (_, k) =>
      ((n % 2 ? Math.floor(k / side) : k % side) + (n >> 1)) % 4 < 2 ? 1 : 0,
    );
  const numbers = Array.from({ length: count }, (_, n) => n);
  return {
    x: tf.tensor4d(numbers.flatMap(image), [count, side, side, 1]),
    y: tf.tensor2d(numbers.map((n) => (n % 2 ? [0, 1] : [1, 0]))),
  };
}
