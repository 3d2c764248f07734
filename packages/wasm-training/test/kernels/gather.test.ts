import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import {
  distinct,
  type Elements,
  elementAt,
  evaluate,
  evaluateOnce,
  random,
  tensorOf,
  upload,
} from './layoutReferences.js';

beforeAll(async () => {
  await installWasmTraining();
});

/** y[before, i, after] = x[before, indices[i], after], with the axes of the indices in the place of `axis`. */
function gathered(x: Elements, indices: Elements, axis: number): Elements {
  const rank = indices.shape.length;
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  return tensorOf(shape, (position) => {
    const index = elementAt(indices, position.slice(axis, axis + rank));
    return elementAt(x, [...position.slice(0, axis), index, ...position.slice(axis + rank)]);
  });
}

/** Indices of `size` slices, out of order and some more than once. */
function indicesOf(shape: number[], size: number): Elements {
  return tensorOf(shape, (position) => position.reduce((sum, i) => 5 * sum + 3 * i + 2, 0) % size);
}

describe('gather takes the slices that the indices name', () => {
  it.each([
    [[1], [1], 0],
    [[7], [5], 0],
    [[7], [2, 3], 0],
    [[6, 1], [4], 0],
    [[6, 2], [9], 0],
    [[6, 3], [4, 2], 0],
    [[6, 4], [7], 0],
    [[6, 5], [7], 0],
    [[9, 17], [3], 0],
    [[9, 64], [3], 0],
    [[9, 65], [3], 0],
    [[5, 200], [8], 0],
    [[5, 3, 4], [8], 0],
    [[5, 3, 4], [8], 1],
    [[5, 3, 4], [8], 2],
    [[5, 3, 4], [2, 2], 1],
    [[2, 3, 4, 5], [3], 2],
    [[2, 3, 4, 5], [2, 3], 3],
    [[5, 3], [], 0],
    [[5, 0], [3], 0],
    [[0, 5], [0], 0],
    [[5, 3], [0], 0],
    [[5, 3], [0], 1],
  ])('of [%s] with indices [%s] along axis %d', (shape, indexShape, axis) => {
    const x = distinct(shape);
    const indices = indicesOf(indexShape, shape[axis]!);
    const y = evaluateOnce([upload(x), upload(indices, 'int32')], (a, b) => tf.gather(a, b as tf.Tensor1D, axis));
    expect(y).toEqual({ ...gathered(x, indices, axis), dtype: 'float32', leaks: [0, 0] });
  });

  it.each(['int32', 'bool'] as const)('of %s', (dtype) => {
    const x = tensorOf([5, 3], ([i, j]) => Number((i! + j!) % 2));
    const indices = indicesOf([7], 5);
    const y = evaluateOnce([upload(x, dtype), upload(indices, 'int32')], (a, b) => tf.gather(a, b as tf.Tensor1D));
    expect(y).toEqual({ ...gathered(x, indices, 0), dtype, leaks: [0, 0] });
  });

  it.each([-1, -2])('along axis %d from the end', (axis) => {
    const x = distinct([4, 3, 5]);
    const indices = indicesOf([4], x.shape.at(axis)!);
    const y = evaluate(() => tf.gather(upload(x), upload(indices, 'int32') as tf.Tensor1D, axis));
    expect(y).toEqual(gathered(x, indices, 3 + axis));
  });

  it.each([
    [[3, 5], [3, 4], 1],
    [[3, 5, 2], [3, 4], 1],
    [[3, 5, 2], [3, 4], 2],
  ])('of [%s] with own indices [%s] for each of the first axis, along axis %d', (shape, indexShape, axis) => {
    const x = distinct(shape);
    const indices = indicesOf(indexShape, shape[axis]!);
    const y = evaluate(() => tf.gather(upload(x), upload(indices, 'int32') as tf.Tensor2D, axis, 1));
    const size = indexShape[1]!;
    const expected = tensorOf([...shape.slice(0, axis), size, ...shape.slice(axis + 1)], (position) => {
      const index = elementAt(indices, [position[0]!, position[axis]!]);
      return elementAt(
        x,
        position.map((i, own) => (own === axis ? index : i)),
      );
    });
    expect(y).toEqual(expected);
  });
});

describe('gather refuses', () => {
  it.each([-1, 4, 1_000_000])('the index %d of four slices, and leaves no tensors', (index) => {
    const x = upload(distinct([4, 2]));
    const indices = tf.tensor1d([0, index], 'int32');
    const before = tf.memory().numDataBuffers;
    expect(() => tf.gather(x, indices)).toThrow(`GatherV2: the index value ${index} is not in [0, 3]`);
    expect(tf.memory().numDataBuffers).toBe(before);
    tf.dispose([x, indices]);
  });
});

describe('the gradient of gather adds up what was taken', () => {
  it.each([
    [[5, 3], [8], 0],
    [[5, 16], [2, 3], 0],
    [[4, 5, 3], [6], 1],
    [[4, 5, 7], [9], 2],
    [[100], [1000], 0],
  ])('for [%s] with indices [%s] along axis %d', (shape, indexShape, axis) => {
    const x = random(shape);
    const indices = indicesOf(indexShape, shape[axis]!);
    const y = gathered(x, indices, axis);
    const dy = random(y.shape, 2);
    const gradient = tf.grad((tensor) => tf.gather(tensor, upload(indices, 'int32') as tf.Tensor1D, axis));
    const actual = evaluate(() => gradient(upload(x), upload(dy)));
    const places = gathered(distinct(shape), indices, axis).values;
    const [sums, sizes] = [new Float64Array(x.values.length), new Float64Array(x.values.length)];
    places.forEach((place, i) => {
      sums[place - 1]! += dy.values[i]!;
      sizes[place - 1]! += Math.abs(dy.values[i]!);
    });
    expect(actual.shape).toEqual(shape);
    actual.values.forEach((value, i) => {
      expect(Math.abs(value - sums[i]!)).toBeLessThanOrEqual(1e-6 * sizes[i]!);
    });
  });
});

describe('gatherND', () => {
  it.each([
    [
      [6, 3],
      [4, 1],
    ],
    [
      [6, 3],
      [4, 2],
    ],
    [
      [6, 3, 5],
      [2, 3, 1],
    ],
    [
      [6, 3, 5],
      [7, 2],
    ],
    [
      [6, 3, 5],
      [7, 3],
    ],
    [[6], [4, 1]],
  ])('takes from [%s] what indices [%s] name', (shape, indexShape) => {
    const x = distinct(shape);
    const depth = indexShape.at(-1)!;
    const indices = tensorOf(indexShape, (position) => (7 * position[0]! + 2 * position.at(-1)! + 1) % 3);
    const y = evaluateOnce([upload(x), upload(indices, 'int32')], (a, b) => tf.gatherND(a, b));
    const outer = indexShape.slice(0, -1);
    const expected = tensorOf([...outer, ...shape.slice(depth)], (position) => {
      const own = position.slice(0, outer.length);
      const index = Array.from({ length: depth }, (_, i) => elementAt(indices, [...own, i]));
      return elementAt(x, [...index, ...position.slice(outer.length)]);
    });
    expect(y).toEqual({ ...expected, dtype: 'float32', leaks: [0, 0] });
  });

  it.each([[[0, -1]], [[4, 0]], [[0, 3]], [[100_000, 0]]])('refuses the index [%s] into [4, 3]', (index) => {
    const x = upload(distinct([4, 3]));
    const indices = tf.tensor2d([[0, 0], index] as [number, number][], [2, 2], 'int32');
    expect(() => tf.gatherND(x, indices)).toThrow(`GatherNd: the index [${index}] is not in params of shape [4,3].`);
    tf.dispose([x, indices]);
  });
});

describe('unsortedSegmentSum', () => {
  it.each([
    [[1], 1],
    [[9], 4],
    [[9, 1], 4],
    [[9, 4], 3],
    [[9, 7], 12],
    [[8, 2, 3], 5],
    [[0, 3], 2],
    [[5, 0], 2],
    [[1000, 17], 3],
  ])('of [%s] in %d segments adds up the rows of each', (shape, segments) => {
    const x = random(shape);
    // Some rows belong to no segment: -1 and `segments`.
    const ids = tensorOf([shape[0]!], ([i]) => ((5 * i! + 3) % (segments + 2)) - 1);
    const y = evaluateOnce([upload(x), upload(ids, 'int32')], (a, b) =>
      tf.unsortedSegmentSum(a, b as tf.Tensor1D, segments),
    );
    const rowOf = (segment: number, inner: number[]) =>
      Array.from({ length: shape[0]! }, (_, i) => i)
        .filter((i) => ids.values[i] === segment)
        .map((i) => elementAt(x, [i, ...inner]));
    const outShape = [segments, ...shape.slice(1)];
    const sums = tensorOf(outShape, ([s, ...inner]) => rowOf(s!, inner).reduce((sum, value) => sum + value, 0));
    const sizes = tensorOf(outShape, ([s, ...inner]) => rowOf(s!, inner).reduce((sum, v) => sum + Math.abs(v), 0));
    expect({ shape: y.shape, dtype: y.dtype, leaks: y.leaks }).toEqual({
      shape: outShape,
      dtype: 'float32',
      leaks: [0, 0],
    });
    y.values.forEach((value, i) => {
      expect(Math.abs(value - sums.values[i]!)).toBeLessThanOrEqual(2e-6 * sizes.values[i]!);
    });
  });

  it('has the rows of dy as its gradient, zero for those of no segment', () => {
    const segments = tf.tensor1d([1, -1, 0, 1], 'int32');
    const dy = distinct([2, 3]);
    const gradient = tf.grad((x) => tf.unsortedSegmentSum(x, segments, 2));
    const actual = evaluate(() => gradient(tf.zeros([4, 3]), upload(dy)));
    expect(actual.values).toEqual([4, 5, 6, 0, 0, 0, 1, 2, 3, 4, 5, 6]);
    segments.dispose();
  });

  it('says what it takes', () => {
    const run = (x: tf.Tensor, ids: tf.Tensor) => () =>
      tf.engine().runKernel('UnsortedSegmentSum', { x, segmentIds: ids }, { numSegments: 2 });
    const ids = tf.zeros([3], 'int32');
    expect(run(tf.zeros([4, 2]), ids)).toThrow('an int32 segment for each row of x [4,2], not float32 and int32 [3]');
    expect(run(tf.zeros([3, 2], 'int32'), ids)).toThrow('takes a float32 x');
  });

  it('would fail the same check with one row in the wrong segment', () => {
    const x = random([9, 4]);
    const right = evaluate(() =>
      tf.unsortedSegmentSum(upload(x), tf.tensor1d([0, 1, 2, 0, 1, 2, 0, 1, 2], 'int32'), 3),
    );
    const wrong = evaluate(() =>
      tf.unsortedSegmentSum(upload(x), tf.tensor1d([0, 1, 2, 0, 1, 2, 0, 1, 1], 'int32'), 3),
    );
    const worst = Math.max(...right.values.map((value, i) => Math.abs(value - wrong.values[i]!)));
    expect(worst).toBeGreaterThan(2e-6 * 9);
  });
});
