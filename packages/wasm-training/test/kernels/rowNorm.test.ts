import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { randomNumbers } from '../support.js';

beforeAll(async () => {
  await installWasmTraining();
});

const rowNorm = (x: tf.Tensor2D) => tf.engine().runKernel('RowNorm', { x }) as tf.Tensor1D;

describe('the norm of rows', () => {
  it.each([
    [1, 1],
    [3, 0],
    [0, 4],
    [5, 3],
    [64, 10],
    [7, 33],
  ])('of [%d, %d] equals float64', async (rows, columns) => {
    const before = tf.memory().numTensors;
    const values = randomNumbers(rows * columns, 5);
    const x = tf.tensor2d(values, [rows, columns]);
    const norms = rowNorm(x);
    const expected = Array.from({ length: rows }, (_, i) =>
      Math.fround(Math.sqrt(values.subarray(i * columns, (i + 1) * columns).reduce((sum, v) => sum + v * v, 0))),
    );
    (await norms.data()).forEach((norm, i) => {
      expect(Math.abs(norm - expected[i]!)).toBeLessThanOrEqual(2 ** -23 * expected[i]!);
    });
    tf.dispose([x, norms]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('bears what squares in float32 would not, and what is no number', async () => {
    const x = tf.tensor2d([
      [3e30, 4e30],
      [3e-30, 4e-30],
      [Number.NaN, 1],
      [Number.NEGATIVE_INFINITY, 1],
    ]);
    const norms = await rowNorm(x).data();
    expect(Array.from(norms)).toEqual([Math.fround(5e30), Math.fround(5e-30), Number.NaN, Number.POSITIVE_INFINITY]);
  });

  it('is refused for what is no matrix of floats', () => {
    expect(() => rowNorm(tf.zeros([3]) as unknown as tf.Tensor2D)).toThrow(
      'RowNorm takes a float32 matrix, not float32 [3].',
    );
  });
});
