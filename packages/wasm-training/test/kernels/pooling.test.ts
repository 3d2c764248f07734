import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { randomNumbers } from '../support.js';

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
