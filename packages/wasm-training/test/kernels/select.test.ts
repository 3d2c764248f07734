import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { randomNumbers } from '../support.js';
import { broadcast } from './broadcastReference.js';

beforeAll(async () => {
  await installWasmTraining();
});

const SHAPES = [[], [0], [1], [2], [3], [4], [5], [7], [8], [17], [3, 5], [0, 4], [2, 3, 1, 4, 5]];
const dtypes = ['float32', 'int32', 'bool'] as const;

/** Truth values, true about as often as false. */
function truthValues(count: number, seed: number): number[] {
  return Array.from(randomNumbers(count, seed), (number) => Number(number < 0));
}

describe.each(dtypes)('where of %s', (dtype) => {
  const values = (count: number, seed: number) => {
    if (dtype === 'bool') return truthValues(count, seed);
    return Array.from(randomNumbers(count, seed), (number) =>
      dtype === 'int32' ? Math.floor(2 ** 31 * number) : number,
    );
  };

  it.each(SHAPES.map((shape) => [shape]))('of shape [%s] takes from both', (shape) => {
    const count = tf.util.sizeFromShape(shape);
    const [condition, t, e] = [truthValues(count, 1), values(count, 2), values(count, 3)];
    const before = tf.memory().numTensors;
    const inputs = [
      tf.tensor(condition, shape, 'bool'),
      tf.tensor(t, shape, dtype),
      tf.tensor(e, shape, dtype),
    ] as const;
    const result = tf.where(...inputs);
    expect([result.shape, result.dtype]).toEqual([shape, dtype]);
    expect([...result.dataSync()]).toEqual(condition.map((isTrue, i) => (isTrue ? t[i] : e[i])));
    tf.dispose([result, ...inputs]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    [[2, 3, 5], [2, 1, 1], [3, 1], [5]],
    [[3, 5], [3, 1], [], [5]],
    [[4], [], [4], [1]],
  ])('of shape [%s] broadcasts [%s], [%s] and [%s]', (shape, ...shapes) => {
    const some = [truthValues, values, values].map((make, i) => make(tf.util.sizeFromShape(shapes[i]!), i + 1));
    const [condition, t, e] = some.map((given, i) => broadcast(given, shapes[i]!, shape));
    const result = tf.tidy(() =>
      tf.where(
        tf.tensor(some[0]!, shapes[0], 'bool'),
        tf.tensor(some[1]!, shapes[1], dtype),
        tf.tensor(some[2]!, shapes[2], dtype),
      ),
    );
    expect(result.shape).toEqual(shape);
    expect([...result.dataSync()]).toEqual(condition!.map((isTrue, i) => (isTrue ? t![i] : e![i])));
  });

  it.each([
    [[3], [3, 5]],
    [
      [2, 3],
      [2, 3, 1, 4],
    ],
    [[3], [3, 1]],
    [[2], [2, 0]],
    [[2], [2, 300]],
    [[], [7]],
  ])('by a condition of shape [%s] takes whole pieces of [%s]', (rows, shape) => {
    const count = tf.util.sizeFromShape(shape);
    const [condition, t, e] = [truthValues(tf.util.sizeFromShape(rows), 1), values(count, 2), values(count, 3)];
    const result = tf.tidy(() => {
      const inputs = {
        condition: tf.tensor(condition, rows, 'bool'),
        t: tf.tensor(t, shape, dtype),
        e: tf.tensor(e, shape, dtype),
      };
      return tf.engine().runKernel('Select', inputs) as tf.Tensor;
    });
    const piece = count / condition.length;
    expect([...result.dataSync()]).toEqual(t.map((number, i) => (condition[Math.floor(i / piece)] ? number : e[i])));
  });
});

it('keeps what is chosen bit by bit, whatever is beside it', () => {
  const t = [Number.NaN, Number.POSITIVE_INFINITY, -0, 2 ** -149, 1];
  const result = tf.tidy(() =>
    tf.where(tf.tensor1d([1, 0, 1, 1, 0], 'bool'), tf.tensor1d(t), tf.tensor1d([...t].reverse())),
  );
  expect([...result.dataSync()]).toEqual([Number.NaN, 2 ** -149, -0, 2 ** -149, Number.NaN]);
});

it('the gradient goes to what is chosen', () => {
  tf.tidy(() => {
    const condition = tf.tensor1d([1, 0, 1], 'bool');
    const [dt, de] = tf.grads((t, e) => tf.where(condition, t!, e!))([tf.ones([3]), tf.zeros([3])]);
    expect([...dt!.dataSync()]).toEqual([1, 0, 1]);
    expect([...de!.dataSync()]).toEqual([0, 1, 0]);
  });
});

it('takes every byte but 0 for true', () => {
  const condition = Uint8Array.of(255, 0, 2, 1, 0, 128, 3);
  for (const dtype of dtypes) {
    const [t, e] = [tf.ones([7], dtype), tf.zeros([7], dtype)];
    const result = tf.tidy(() => [...tf.where(tf.tensor1d(condition, 'bool'), t, e).dataSync()]);
    expect(result).toEqual([1, 0, 1, 1, 0, 1, 1]);
    tf.dispose([t, e]);
  }
});

it('refuses shapes that do not fit', () => {
  const run = (condition: number[], t: number[], e: number[]) => () =>
    tf.tidy(() => {
      const inputs = { condition: tf.ones(condition, 'bool'), t: tf.ones(t, 'bool'), e: tf.zeros(e, 'bool') };
      return tf.engine().runKernel('Select', inputs);
    });
  expect(run([1, 4], [1, 4], [0, 4])).toThrow(
    'Select takes a condition of the shape of t and e, or of their first axes, not [1,4], [1,4], [0,4].',
  );
  expect(run([3], [4, 2], [4, 2])).toThrow('not [3], [4,2], [4,2]');
});
