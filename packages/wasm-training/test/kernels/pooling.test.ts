import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { largestError, randomNumbers } from '../support.js';
import { errorOfSums, sums } from './convolutionReference.js';
import { positionsOf } from './layoutReferences.js';

beforeAll(async () => {
  await installWasmTraining();
});

interface Pooling {
  x: [number, number, number, number];
  filter: [number, number];
  strides: [number, number];
  pad: 'same' | 'valid' | number;
}

/** dx by the definition: each dy goes to the first largest element under its window. */
function referenceGradient({ x, filter, strides, pad }: Pooling, xs: Float32Array, dys: Float32Array): Float64Array {
  const { outHeight, outWidth, padInfo } = tf.backend_util.computePool2DInfo(x, filter, strides, 1, pad);
  const [batch, height, width, channels] = x;
  const dx = new Float64Array(xs.length);
  let d = 0;
  for (let b = 0; b < batch; b++)
    for (let row = 0; row < outHeight; row++)
      for (let column = 0; column < outWidth; column++)
        for (let c = 0; c < channels; c++, d++) {
          let largest = -1;
          for (let ky = 0; ky < filter[0]; ky++)
            for (let kx = 0; kx < filter[1]; kx++) {
              const [iy, ix] = [row * strides[0] - padInfo.top + ky, column * strides[1] - padInfo.left + kx];
              if (iy < 0 || iy >= height || ix < 0 || ix >= width) continue;
              const place = ((b * height + iy) * width + ix) * channels + c;
              if (largest < 0 || xs[place]! > xs[largest]!) largest = place;
            }
          if (largest >= 0) dx[largest]! += dys[d]!;
        }
  return dx;
}

const cases: Pooling[] = [];
for (const [height, width, channels] of [
  [1, 1, 3],
  [4, 4, 1],
  [5, 7, 5],
] as const)
  for (const filter of [
    [1, 1],
    [2, 2],
    [3, 3],
    [1, 4],
  ] as [number, number][])
    for (const strides of [
      [1, 1],
      [2, 2],
      [3, 1],
    ] as [number, number][])
      for (const pad of ['same', 'valid'] as const)
        if (pad === 'same' || (filter[0] <= height && filter[1] <= width)) {
          cases.push({ x: [2, height, width, channels], filter, strides, pad });
        }

describe('the gradient of max pooling goes to the first largest element', () => {
  it.each(cases)('of $x, window $filter, strides $strides, padding $pad', async (pooling) => {
    const before = tf.memory().numTensors;
    const { x: shape, filter, strides, pad } = pooling;
    // Negative numbers, and few different ones, so that there are ties.
    const xs = randomNumbers(tf.util.sizeFromShape(shape), 1).map((value) => Math.floor(4 * value) - 5);
    const x = tf.tensor(xs, shape);
    const pool = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, filter, strides, pad);
    const y = pool(x);
    const dys = randomNumbers(y.size, 2);
    const dy = tf.tensor(dys, y.shape);
    const dx = tf.grad(pool)(x, dy);
    const expected = referenceGradient(pooling, xs, dys);
    (await dx.data()).forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-6);
    });
    tf.dispose([x, y, dy, dx]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

interface VolumePooling {
  x: [number, number, number, number, number];
  filter: [number, number, number];
  strides: [number, number, number];
  pad: 'same' | 'valid' | number;
}

/** The elements under each window, in the order of the outputs. */
function windowsOf({ x, filter, strides, pad }: VolumePooling): number[][] {
  const { outShape, padInfo } = tf.backend_util.computePool3DInfo(x, filter, strides, 1, pad);
  return elementsUnder(x, filter, strides, outShape, [padInfo.front, padInfo.top, padInfo.left]);
}

/** The same for images [batch, sides, channels] of any number of sides, with so much padding before each. */
function elementsUnder(
  x: number[],
  filter: number[],
  strides: number[],
  outShape: number[],
  before: number[],
): number[][] {
  const sides = x.slice(1, -1);
  return positionsOf(outShape).map((output) =>
    positionsOf(filter)
      .map((offset) => offset.map((o, axis) => output[axis + 1]! * strides[axis]! - before[axis]! + o))
      .filter((place) => place.every((i, axis) => i >= 0 && i < sides[axis]!))
      .map((place) => [output[0]!, ...place, output.at(-1)!].reduce((index, i, axis) => index * x[axis]! + i, 0)),
  );
}

const volumes: VolumePooling[] = [];
for (const x of [
  [1, 1, 1, 1, 3],
  [2, 4, 5, 3, 5],
  [2, 5, 4, 6, 1],
] as VolumePooling['x'][])
  for (const filter of [
    [1, 1, 1],
    [2, 2, 2],
    [3, 1, 2],
  ] as [number, number, number][])
    for (const strides of [
      [1, 1, 1],
      [2, 2, 2],
      [1, 3, 2],
    ] as [number, number, number][])
      for (const pad of ['same', 'valid'] as const)
        if (pad === 'same' || filter.every((side, axis) => side <= x[axis + 1]!))
          volumes.push({ x, filter, strides, pad });

describe('max pooling of volumes gives the largest number, and its gradient to the first one', () => {
  it.each(volumes)('of $x, window $filter, strides $strides, padding $pad', async (pooling) => {
    const before = tf.memory().numTensors;
    const { x: shape, filter, strides, pad } = pooling;
    // Negative numbers, and few different ones, so that there are ties.
    const xs = randomNumbers(tf.util.sizeFromShape(shape), 1).map((value) => Math.floor(4 * value) - 5);
    const x = tf.tensor(xs, shape);
    const pool = (x: tf.Tensor) => tf.maxPool3d(x as tf.Tensor5D, filter, strides, pad);
    const y = pool(x);
    const dys = randomNumbers(y.size, 2);
    const dy = tf.tensor(dys, y.shape);
    const dx = tf.grad(pool)(x, dy);
    const windows = windowsOf(pooling);
    const expected = new Float64Array(xs.length);
    const largest = windows.map((places) => Math.max(...places.map((place) => xs[place]!)));
    windows.forEach((places, i) => {
      expected[places.find((place) => xs[place] === largest[i])!]! += dys[i]!;
    });
    expect(Array.from(await y.data())).toEqual(largest);
    expect(largestError(await dx.data(), expected)).toBeLessThan(1e-6);
    tf.dispose([x, y, dy, dx]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives NaN where there is one', async () => {
    const y = tf.tidy(() => tf.maxPool3d(tf.tensor5d([1, Number.NaN, 3, 4], [1, 1, 1, 4, 1]), [1, 1, 2], [1, 1, 2], 0));
    expect(Array.from(await y.data())).toEqual([Number.NaN, 4]);
    y.dispose();
  });
});

describe('the gradient of average pooling is shared among the pixels under the window', () => {
  /** dx for inputs of so many numbers; `countOf` says among how many a window shares. */
  function shares(size: number, windows: number[][], dys: Float32Array, countOf = (places: number[]) => places.length) {
    const dx = sums(size);
    windows.forEach((places, i) => {
      for (const place of places) dx.add(place, dys[i]! / countOf(places));
    });
    return dx;
  }

  it.each([...volumes, { x: [2, 4, 5, 3, 5], filter: [3, 3, 3], strides: [2, 1, 2], pad: 1 } satisfies VolumePooling])(
    'of volumes $x, window $filter, strides $strides, padding $pad',
    (pooling) => {
      const { x, filter, strides, pad } = pooling;
      const { dx, dys } = gradientOf((x) => tf.avgPool3d(x as tf.Tensor5D, filter, strides, pad), x);
      expect(errorOfSums(dx, shares(dx.length, windowsOf(pooling), dys))).toBeLessThan(1e-6);
    },
  );

  it.each([...cases, { x: [2, 5, 7, 5], filter: [3, 3], strides: [2, 1], pad: 1 } satisfies Pooling])(
    'of images $x, window $filter, strides $strides, padding $pad',
    ({ x, filter, strides, pad }) => {
      const { dx, dys } = gradientOf((x) => tf.avgPool(x as tf.Tensor4D, filter, strides, pad), x);
      const { outShape, padInfo } = tf.backend_util.computePool2DInfo(x, filter, strides, 1, pad);
      const windows = elementsUnder(x, filter, strides, outShape, [padInfo.top, padInfo.left]);
      expect(errorOfSums(dx, shares(dx.length, windows, dys))).toBeLessThan(1e-6);
    },
  );

  it('and the test notices a share for the padding', () => {
    const pooling: VolumePooling = { x: [1, 1, 3, 3, 1], filter: [1, 2, 2], strides: [1, 2, 2], pad: 'same' };
    const { dx, dys } = gradientOf((x) => tf.avgPool3d(x as tf.Tensor5D, [1, 2, 2], [1, 2, 2], 'same'), pooling.x);
    expect(
      errorOfSums(
        dx,
        shares(9, windowsOf(pooling), dys, () => 4),
      ),
    ).toBeGreaterThan(0.5);
  });

  function gradientOf(pool: (x: tf.Tensor) => tf.Tensor, shape: number[]): { dx: Float32Array; dys: Float32Array } {
    const before = tf.memory().numTensors;
    const x = tf.zeros(shape);
    const y = pool(x);
    const dys = randomNumbers(y.size, 2);
    const dy = tf.tensor(dys, y.shape);
    const gradient = tf.grad(pool)(x, dy);
    const dx = gradient.dataSync<'float32'>();
    tf.dispose([x, y, dy, gradient]);
    expect(tf.memory().numTensors).toBe(before);
    return { dx, dys };
  }
});
