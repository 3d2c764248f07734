import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { randomNumbers } from '../support.js';

beforeAll(async () => {
  await installWasmTraining();
});

const run = (x: tf.Tensor, w: tf.Tensor) => tf.engine().runKernel('LargestProducts', { x, w }) as tf.Tensor;

/** x [s, i, p] · w [p, j] in float64, and the error that float32 sums may have. */
function products(xs: Float32Array, ws: Float32Array, [, rows, depth]: number[], columns: number) {
  return (s: number, i: number, j: number) => {
    let [sum, size] = [0, 0];
    for (let p = 0; p < depth!; p++) {
      const term = xs[(s * rows! + i) * depth! + p]! * ws[p * columns + j]!;
      sum += term;
      size += Math.abs(term);
    }
    return { sum, error: 4e-6 * size };
  };
}

describe('the largest products', () => {
  it.each([
    { shape: [1, 1, 1], columns: 1 },
    { shape: [2, 5, 3], columns: 7 },
    { shape: [3, 256, 2], columns: 4 },
    { shape: [2, 257, 9], columns: 17 },
    { shape: [1, 700, 300], columns: 5 },
    { shape: [2, 9, 4], columns: 1030 },
    { shape: [0, 4, 3], columns: 2 },
    { shape: [2, 4, 3], columns: 0 },
  ])('of $shape with $columns columns are those of the float64 product', ({ shape, columns }) => {
    const [sets, rows, depth] = shape as [number, number, number];
    const [xs, ws] = [randomNumbers(sets * rows * depth, 1), randomNumbers(depth * columns, 2)];
    const product = products(xs, ws, shape, columns);
    const index = tf.tidy(() => run(tf.tensor(xs, shape), tf.tensor(ws, [depth, columns])));
    expect([index.dtype, index.shape]).toEqual(['int32', [sets, columns]]);
    const found = index.dataSync();
    let isSecondSeen = false;
    for (let s = 0; s < sets; s++) {
      for (let j = 0; j < columns; j++) {
        const own = product(s, found[s * columns + j]!, j);
        const others = Array.from({ length: rows }, (_, i) => product(s, i, j));
        expect(others.every(({ sum, error }) => own.sum >= sum - own.error - error)).toBe(true);
        // A kernel that took the second largest would be seen.
        const second = others.map(({ sum }) => sum).sort((a, b) => b - a)[1];
        isSecondSeen ||= second !== undefined && own.sum > second + 2 * own.error;
      }
    }
    expect(isSecondSeen).toBe(rows > 1 && sets * columns > 0);
    index.dispose();
  });

  it('are the first of equal ones, whichever block and lane they are in', () => {
    const [rows, columns] = [600, 6];
    for (const places of [[0, 1], [3, 255, 256], [256, 599], [599]]) {
      const xs = new Float32Array(rows).fill(-1);
      for (const place of places) xs[place] = 2;
      const index = tf.tidy(() => [...run(tf.tensor(xs, [1, rows, 1]), tf.ones([1, columns])).dataSync()]);
      expect(index).toEqual(new Array(columns).fill(places[0]));
    }
  });

  it('are the first that is NaN', () => {
    const xs = new Float32Array(300).fill(1);
    xs[7] = 3;
    xs[280] = Number.NaN;
    xs[290] = Number.NaN;
    expect([...tf.tidy(() => run(tf.tensor(xs, [1, 300, 1]), tf.ones([1, 5])).dataSync())]).toEqual(
      new Array(5).fill(280),
    );
  });

  it.each([
    [[2, 3], [3, 4], 'LargestProducts takes x [sets, rows, depth] and w [depth, columns], not [2,3], [3,4].'],
    [[2, 3, 4], [3, 4], 'not [2,3,4], [3,4]'],
    [[2, 0, 4], [4, 4], 'none of 0 rows is the largest'],
  ])('of %j and %j are refused', (x, w, message) => {
    expect(() => tf.tidy(() => run(tf.zeros(x), tf.zeros(w)))).toThrow(message);
  });
});
