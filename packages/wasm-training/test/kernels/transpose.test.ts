import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { distinct, type Elements, elementAt, evaluate, evaluateOnce, tensorOf, upload } from './layoutReferences.js';

beforeAll(async () => {
  await installWasmTraining();
});

/** y[position] = x[the same indices, each at its axis] */
function transposed(x: Elements, perm: number[]): Elements {
  const shape = perm.map((axis) => x.shape[axis]!);
  return tensorOf(shape, (position) =>
    elementAt(
      x,
      perm.map((_, axis) => position[perm.indexOf(axis)]!),
    ),
  );
}

function permutations(items: number[]): number[][] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]),
  );
}

const noLeaks = [0, 0];

function check(shape: number[], perm: number[], dtype: 'float32' | 'int32' | 'bool' = 'float32') {
  const x = distinct(shape);
  if (dtype === 'bool') x.values = x.values.map((value) => Number(value % 3 === 0));
  const y = evaluateOnce([upload(x, dtype)], (tensor) => tf.transpose(tensor, perm));
  expect(y).toEqual({ ...transposed(x, perm), dtype, leaks: noLeaks });
}

describe('a transpose puts every element where the permutation says', () => {
  it.each([
    [1, 1],
    [1, 5],
    [5, 1],
    [2, 3],
    [4, 4],
    [3, 8],
    [8, 5],
    [16, 16],
    [17, 15],
    [16, 33],
    [50, 7],
    [64, 128],
    [100, 3],
    [3, 100],
  ])('of a matrix [%d, %d]', (rows, columns) => {
    check([rows, columns], [1, 0]);
  });

  it.each(permutations([0, 1, 2]))('of three axes by [%d, %d, %d]', (...perm) => {
    check([3, 5, 7], perm);
    check([4, 8, 4], perm);
    check([1, 6, 5], perm);
    check([6, 1, 5], perm);
    check([2, 19, 18], perm);
  });

  it.each(permutations([0, 1, 2, 3]))('of four axes by [%d, %d, %d, %d]', (...perm) => {
    check([2, 3, 4, 5], perm);
    check([3, 1, 9, 2], perm);
  });

  it.each([
    [
      [2, 3, 4, 5, 6],
      [4, 2, 0, 3, 1],
    ],
    [
      [3, 2, 5, 4, 2],
      [1, 0, 2, 3, 4],
    ],
    [
      [2, 3, 2, 2, 3],
      [3, 4, 0, 1, 2],
    ],
    [
      [2, 3, 2, 1, 3, 2],
      [5, 1, 3, 0, 4, 2],
    ],
  ])('of [%s] by [%s]', (shape, perm) => {
    check(shape, perm);
  });

  it.each([[[]], [[5]], [[0, 3]], [[2, 0, 3]]])('of [%s], where there is nothing to move', (shape) => {
    check(shape, shape.map((_, axis) => axis).reverse());
  });

  it.each([['int32'], ['bool']] as const)('of %s', (dtype) => {
    check([5, 6], [1, 0], dtype);
    check([3, 4, 5], [2, 0, 1], dtype);
    check([3, 4, 5], [1, 0, 2], dtype);
  });
});

describe('a transpose', () => {
  it('between heads and time, and back, gives what it started from', () => {
    const x = distinct([2, 7, 3, 8]);
    const back = () => tf.transpose(tf.transpose(upload(x), [0, 2, 1, 3]), [0, 2, 1, 3]);
    expect(evaluate(back)).toEqual(x);
  });

  it('that only moves axes of one element shares the data', () => {
    const x = upload(distinct([1, 6, 1]));
    const before = tf.memory().numDataBuffers;
    const y = tf.transpose(x, [2, 1, 0]);
    expect(tf.memory().numDataBuffers).toBe(before);
    x.dispose();
    expect(Array.from(y.dataSync())).toEqual([1, 2, 3, 4, 5, 6]);
    y.dispose();
  });

  it('has the opposite transpose as its gradient', () => {
    const [x, dy] = [distinct([2, 3, 5]), distinct([5, 2, 3])];
    const gradient = tf.grad((tensor) => tf.transpose(tensor, [2, 0, 1]));
    expect(evaluate(() => gradient(upload(x), upload(dy)))).toEqual(transposed(dy, [1, 2, 0]));
  });
});

it('the check sees two elements in each other’s place', () => {
  const right = transposed(distinct([3, 4]), [1, 0]);
  const [first, second, ...rest] = right.values;
  expect({ ...right, values: [second, first, ...rest] }).not.toEqual(right);
});
