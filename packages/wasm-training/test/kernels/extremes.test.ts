import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { randomNumbers } from '../support.js';

beforeAll(async () => {
  await installWasmTraining();
});

const SHAPES = [[1], [7], [16], [3, 5], [4, 1], [1, 9], [2, 6, 4], [3, 5, 2, 7], [2, 1, 3, 2, 5]];

const cases = SHAPES.flatMap((shape) =>
  Array.from({ length: 2 ** shape.length }, (_, mask) => ({
    shape,
    axes: shape.map((_, axis) => axis).filter((axis) => mask & (1 << axis)),
  })),
);

/** Few different numbers, all negative, so that there are ties and 0 would be seen. */
function manyTies(count: number, seed: number): Float32Array {
  return randomNumbers(count, seed).map((value) => Math.floor(4 * value) - 9);
}

/** For each element of a tensor the place of its result in that with the axes gone. */
function placesOf(shape: number[], axes: number[]): number[] {
  const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  return Array.from({ length: tf.util.sizeFromShape(shape) }, (_, index) => {
    let place = 0;
    let stride = 1;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (!axes.includes(axis)) place += (index % shape[axis]!) * stride;
      stride *= kept[axis]!;
      index = Math.floor(index / shape[axis]!);
    }
    return place;
  });
}

describe.each([
  ['max', tf.max, (a: number, b: number) => Math.max(a, b), Number.NEGATIVE_INFINITY],
  ['min', tf.min, (a: number, b: number) => Math.min(a, b), Number.POSITIVE_INFINITY],
] as const)('%s', (name, reduce, choose, none) => {
  it.each(cases)('of $shape over $axes, and its gradient at all of several', ({ shape, axes }) => {
    const xs = manyTies(tf.util.sizeFromShape(shape), 3);
    const places = placesOf(shape, axes);
    const expected: number[] = [];
    xs.forEach((value, i) => {
      expected[places[i]!] = choose(expected[places[i]!] ?? none, value);
    });
    const dys = randomNumbers(expected.length, 5);
    const gradient = places.map((place, i) => (xs[i] === expected[place] ? dys[place]! : 0));
    tf.tidy(() => {
      const x = tf.tensor(xs, shape);
      for (const keepDims of [false, true]) {
        const y = reduce(x, axes, keepDims);
        expect([...y.dataSync()]).toEqual(expected);
        const dx = tf.grad((x) => reduce(x, axes, keepDims))(x, tf.tensor(dys, y.shape));
        expect([...dx.dataSync()]).toEqual(gradient);
      }
    });
  });

  it('runs as one kernel, and so does its gradient', async () => {
    const x = tf.tensor3d(manyTies(24, 1), [2, 3, 4]);
    const { kernelNames } = await tf.profile(() => {
      tf.tidy(() => {
        tf.grad((x: tf.Tensor) => reduce(x, 1).sum())(x);
      });
    });
    expect(kernelNames).toContain(name === 'max' ? 'MaxGrad' : 'MinGrad');
    for (const other of ['Equal', 'Transpose', 'Cast']) expect(kernelNames).not.toContain(other);
    x.dispose();
  });

  it.each([
    [[5], 0],
    [[9, 3], 0],
    [[3, 9], 1],
  ])('of %j over axis %i is NaN where one number is', (shape, axis) => {
    const size = tf.util.sizeFromShape(shape);
    for (let place = 0; place < size; place++) {
      const xs = randomNumbers(size, 2);
      xs[place] = Number.NaN;
      const y = tf.tidy(() => [...reduce(tf.tensor(xs, shape), axis).dataSync()]);
      const poisoned = placesOf(shape, [axis])[place]!;
      expect(y.map((value) => Number.isNaN(value))).toEqual(y.map((_, i) => i === poisoned));
    }
  });

  it('of infinities is right, of nothing the neutral number', () => {
    const values = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 1, 2, 3];
    tf.tidy(() => {
      expect(reduce(tf.tensor1d(values)).dataSync()[0]).toBe(-none);
      expect([...reduce(tf.zeros([2, 0, 3]), 1).dataSync()]).toEqual(new Array(6).fill(none));
      expect(reduce(tf.zeros([0, 3]), 1).shape).toEqual([0]);
    });
  });

  it('of int32 stays int32', () => {
    const x = tf.tensor2d([1, -2, 3, 4], [2, 2], 'int32');
    const y = reduce(x, 0);
    expect(y.dtype).toBe('int32');
    expect([...y.dataSync()]).toEqual(name === 'max' ? [3, 4] : [1, -2]);
    tf.dispose([x, y]);
  });
});
