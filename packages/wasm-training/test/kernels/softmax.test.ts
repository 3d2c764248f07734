import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { randomNumbers } from '../support.js';
import { type ArrayFunction, largestGradientError, numericalGradient } from './numericalGradient.js';

beforeAll(async () => {
  await installWasmTraining();
});

const softmaxOf =
  (columns: number): ArrayFunction =>
  ({ x }) => {
    const rowOf = (i: number) => Math.floor(i / columns);
    const sums = new Float64Array(x!.length / columns);
    x!.forEach((value, i) => {
      sums[rowOf(i)]! += Math.exp(value);
    });
    return x!.map((value, i) => Math.exp(value) / sums[rowOf(i)]!);
  };

describe('the gradient of softmax', () => {
  const shapes = [[1], [2], [4], [7], [3, 1], [5, 4], [3, 9], [2, 3, 10], [2, 2, 2, 17], [2, 64]];
  const cases = shapes.flatMap((shape) => [0.1, 3, 20].map((size) => ({ shape, size })));

  it.each(cases)('of [$shape] equals float64 for numbers of size $size', ({ shape, size }) => {
    const before = tf.memory().numTensors;
    const count = tf.util.sizeFromShape(shape);
    const [x, dy] = [randomNumbers(count, 1).map((number) => size * number), randomNumbers(count, 2)];
    const dx = tf.tidy(() =>
      tf
        .grad((t) => tf.softmax(t))(tf.tensor(x, shape), tf.tensor(dy, shape))
        .dataSync(),
    );
    const slopes = numericalGradient(softmaxOf(shape.at(-1)!), { x: Float64Array.from(x) }, 'x', dy, 1e-3);
    expect(largestGradientError(dx, slopes, 0.1)).toBeLessThanOrEqual(4e-6);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([[[0]], [[0, 3]], [[3, 0]]])('of an empty x [%s] is empty', (shape) => {
    expect(tf.tidy(() => tf.grad((t) => tf.softmax(t))(tf.zeros(shape)).shape)).toEqual(shape);
  });

  it('is zero along the direction that softmax does not see', () => {
    const x = tf.tensor2d(randomNumbers(60, 3), [4, 15]);
    const dx = tf.tidy(() =>
      tf
        .grad((t) => tf.softmax(t))(x, tf.fill([4, 15], 5))
        .dataSync(),
    );
    for (const value of dx) expect(Math.abs(value)).toBeLessThanOrEqual(1e-6);
    x.dispose();
  });

  it('runs as one kernel', async () => {
    const x = tf.tensor2d(randomNumbers(12), [3, 4]);
    const { kernels } = await tf.profile(() => tf.tidy(() => tf.grad((t) => tf.softmax(t))(x)));
    const names = kernels.map(({ name }) => name);
    expect(names).toContain('SoftmaxGrad');
    expect(names).not.toContain('Multiply');
    x.dispose();
  });

  it.each(['wasm', 'cpu'])('has a gradient itself, on %s', async (backend) => {
    await tf.setBackend(backend);
    // The gradient of y₀ = σ(t) of [t, 0] for t is y₀ (1 − y₀), and that of it y₀ (1 − y₀) (1 − 2 y₀).
    const t = 0.7;
    const second = tf.tidy(() => {
      const first = (x: tf.Tensor) => tf.softmax(tf.concat([x, tf.zeros([1])])).slice([0], [1]);
      return tf
        .grad((x) => tf.grad(first)(x))(tf.tensor1d([t]))
        .dataSync()[0]!;
    });
    const y = 1 / (1 + Math.exp(-t));
    expect(second).toBeCloseTo(y * (1 - y) * (1 - 2 * y), 6);
    await tf.setBackend('wasm');
  });
});
