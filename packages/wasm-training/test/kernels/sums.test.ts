import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { largestError, onBackend, randomNumbers, randomTensor } from '../support.js';

beforeAll(async () => {
  await installWasmTraining();
});

describe.each([
  ['sum', tf.sum],
  ['mean', tf.mean],
] as const)('%s', (name, reduce) => {
  it('equals the cpu backend over every set of axes, kept or not', async () => {
    const shape = [3, 5, 2, 7];
    for (let mask = 0; mask < 16; mask++) {
      const axes = [0, 1, 2, 3].filter((axis) => mask & (1 << axis));
      const compute = () => [reduce(randomTensor(shape), axes), reduce(randomTensor(shape), axes, true)];
      const [ours, theirs] = [await onBackend('wasm', compute), await onBackend('cpu', compute)];
      ours.forEach((values, i) => {
        expect(largestError(values, theirs[i]!)).toBeLessThan(1e-5);
      });
      const shapes = () => tf.tidy(() => compute().map((tensor) => tensor.shape));
      const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
      expect(shapes()).toEqual([shape.filter((_, axis) => !axes.includes(axis)), kept]);
    }
  });

  it('of columns equals the float64 sums for every number of columns, to the last bit', () => {
    for (const columns of [1, 2, 3, 4, 5, 15, 16, 17, 37, 256]) {
      for (const rows of [1, 2, 64, 1001]) {
        const x = randomNumbers(rows * columns, columns);
        const expected = new Float64Array(columns);
        x.forEach((value, i) => {
          expected[i % columns]! += value;
        });
        const scale = name === 'mean' ? 1 / rows : 1;
        const ours = tf.tidy(() => reduce(tf.tensor2d(x, [rows, columns]), 0).dataSync());
        expect([...ours]).toEqual([...expected.map((sum) => Math.fround(sum * scale))]);
      }
    }
  });

  it('of many equal numbers is exact where float32 sums are not', () => {
    const n = 3_000_000;
    const result = tf.tidy(() => reduce(tf.fill([n], 0.1)).dataSync()[0]!);
    expect(result).toBe(Math.fround(name === 'sum' ? n * Math.fround(0.1) : 0.1));
  });
});

describe('sum', () => {
  it('over an empty axis is zero', () => {
    expect([...tf.sum(tf.zeros([0, 3]), 0).dataSync()]).toEqual([0, 0, 0]);
    expect(tf.sum(tf.zeros([0])).dataSync()[0]).toBe(0);
  });

  it.each(['int32', 'bool'] as const)('of no %s is zero', (dtype) => {
    tf.tidy(() => {
      // What lay there before must not be seen.
      tf.fill([64], 7).dispose();
      for (const [shape, axis, kept] of [
        [[0], 0, []],
        [[0, 3], 0, [3]],
        [[2, 0, 3], 1, [2, 3]],
        [[0, 4], 1, [0]],
      ] as const) {
        const y = tf.sum(tf.tensor([], [...shape], dtype), axis);
        expect([y.dtype, y.shape]).toEqual(['int32', [...kept]]);
        expect(y.dataSync()).toEqual(new Int32Array(y.size));
      }
    });
  });

  it('of int32 stays int32', () => {
    const x = tf.tensor2d(
      [
        [1, 2],
        [3, 4],
      ],
      [2, 2],
      'int32',
    );
    expect(tf.sum(x, 0).dtype).toBe('int32');
    expect([...tf.sum(x, 0).dataSync()]).toEqual([4, 6]);
  });

  it('of one number is that number with its shape', () => {
    expect(tf.sum(tf.ones([1, 1]), 0, true).shape).toEqual([1, 1]);
  });
});
