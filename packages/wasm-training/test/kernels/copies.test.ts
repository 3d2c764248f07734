import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { onBackend, randomTensor } from '../support.js';

beforeAll(async () => {
  await installWasmTraining();
});

async function equalsCpu(compute: () => tf.Tensor[]): Promise<void> {
  expect(await onBackend('wasm', compute)).toEqual(await onBackend('cpu', compute));
}

const shape = [4, 3, 5, 2, 3];

describe('slice', () => {
  it('equals the cpu backend for every rank, whole axes and parts of them', async () => {
    for (let rank = 1; rank <= 5; rank++) {
      const full = shape.slice(0, rank);
      for (let mask = 0; mask < 2 ** rank; mask++) {
        const begin = full.map((_, i) => (mask & (1 << i) ? 1 : 0));
        const size = full.map((whole, i) => (mask & (1 << i) ? whole - 1 : whole));
        await equalsCpu(() => [randomTensor(full).slice(begin, size)]);
      }
    }
  });

  it('takes -1 as the rest, int32 and bool tensors and empty slices', async () => {
    await equalsCpu(() => [
      tf.range(0, 12, 1, 'int32').reshape([3, 4]).slice([1, 1], [-1, 2]),
      tf
        .tensor2d(
          [
            [1, 0, 1],
            [0, 0, 1],
          ],
          [2, 3],
          'bool',
        )
        .slice([0, 1], [2, 2]),
      tf.zeros([3, 4]).slice([1, 0], [0, 4]),
    ]);
  });

  it('leaves strings to the stock kernel', () => {
    expect(tf.tensor1d(['a', 'b', 'c']).slice(1, 2).dataSync()).toEqual(['b', 'c']);
  });

  it('refuses what lies outside', () => {
    expect(() => tf.zeros([3, 4]).slice([1, 0], [3, 4])).toThrow();
  });
});

describe('split and unstack', () => {
  it('equal the cpu backend along every axis', async () => {
    for (let axis = 0; axis < 4; axis++) {
      await equalsCpu(() => tf.split(randomTensor([4, 6, 2, 8]), 2, axis));
      await equalsCpu(() => tf.unstack(randomTensor([4, 6, 2, 8]), axis));
    }
    await equalsCpu(() => tf.split(randomTensor([4, 6]), [1, 2, 3], 1));
    await equalsCpu(() => tf.split(randomTensor([4, 6]), [1, -1, 3], -1));
  });

  it('have the gradients of the cpu backend', async () => {
    await equalsCpu(() => {
      const f = (x: tf.Tensor) => {
        const [first, second] = tf.split(x, [1, 2], 1);
        return first!.square().sum().add(second!.sum()).add(tf.unstack(x)[1]!.sum()) as tf.Scalar;
      };
      return [tf.grad(f)(randomTensor([2, 3]))];
    });
  });
});

describe('identity', () => {
  it('shares the data and frees them once', () => {
    const before = tf.memory();
    const x = randomTensor([100]);
    const y = tf.clone(x);
    expect(tf.memory().numDataBuffers - before.numDataBuffers).toBe(1);
    const values = [...x.dataSync()];
    x.dispose();
    expect([...y.dataSync()]).toEqual(values);
    y.dispose();
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  });

  it('keeps a clone of a variable when the variable is assigned', () => {
    const variable = tf.variable(tf.tensor1d([1, 2]));
    const clone = variable.clone();
    variable.assign(tf.tensor1d([3, 4]));
    expect([...clone.dataSync()]).toEqual([1, 2]);
    expect([...variable.dataSync()]).toEqual([3, 4]);
  });
});
