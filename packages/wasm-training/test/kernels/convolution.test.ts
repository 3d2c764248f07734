import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { randomNumbers, randomTensor } from '../support.js';
import { type Convolution, errorOfSums, infoOf, referenceConvolution } from './convolutionReference.js';

/** Each sum may be off by this share of the sizes of its terms: hundreds of float32 roundings, most of which cancel. */
const TOLERANCE = 2e-6;

beforeAll(async () => {
  await installWasmTraining();
});

/** Filters, strides and paddings over images of odd and even sides, with one channel, few, and more than fill a vector. */
const cases: Convolution[] = [];
for (const [height, width] of [
  [1, 1],
  [2, 3],
  [5, 5],
  [8, 7],
])
  for (const [filterHeight, filterWidth] of [
    [1, 1],
    [3, 3],
    [2, 5],
    [4, 1],
  ])
    for (const strides of [
      [1, 1],
      [2, 2],
      [1, 3],
    ] as const)
      for (const pad of ['same', 'valid', 1] as const) {
        const [channels, outChannels] = [
          [1, 1],
          [3, 8],
          [4, 5],
          [9, 2],
        ][cases.length % 4]!;
        const convolution: Convolution = {
          x: [1 + (cases.length % 2), height!, width!, channels!],
          filter: [filterHeight!, filterWidth!, channels!, outChannels!],
          strides: [...strides],
          pad,
        };
        const { outHeight, outWidth } = infoOf(convolution);
        if (outHeight > 0 && outWidth > 0) cases.push(convolution);
      }

const name = ({ x, filter, strides, pad, dilations }: Convolution) =>
  `[${x}] with [${filter}], strides ${strides}, padding ${pad}${dilations ? `, dilations ${dilations}` : ''}`;

/** Random x, filter and dy, and what comes of them by the definition. */
function example(convolution: Convolution) {
  const xs = randomNumbers(tf.util.sizeFromShape(convolution.x), 1);
  const ws = randomNumbers(tf.util.sizeFromShape(convolution.filter), 2);
  const { outShape } = infoOf(convolution);
  const dys = randomNumbers(tf.util.sizeFromShape(outShape), 3);
  return {
    x: tf.tensor(xs, convolution.x) as tf.Tensor4D,
    filter: tf.tensor(ws, convolution.filter) as tf.Tensor4D,
    dy: tf.tensor(dys, outShape) as tf.Tensor4D,
    expected: referenceConvolution(convolution, xs, ws, dys),
  };
}

describe('a convolution equals the definition in float64, and so do its gradients', () => {
  it.each(cases.map((convolution) => [name(convolution), convolution] as const))('%s', async (_, convolution) => {
    const before = tf.memory().numTensors;
    const { x, filter, dy, expected } = example(convolution);
    const { strides, pad } = convolution;
    const dimRounding = typeof pad === 'number' ? 'floor' : undefined;
    const convolve = (x: tf.Tensor, filter: tf.Tensor) =>
      tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad, 'NHWC', 1, dimRounding);
    const y = convolve(x, filter);
    const [dx, dw] = tf.grads(convolve)([x, filter], dy);
    expect(errorOfSums(await y.data(), expected.y)).toBeLessThan(TOLERANCE);
    expect(errorOfSums(await dx!.data(), expected.dx)).toBeLessThan(TOLERANCE);
    expect(errorOfSums(await dw!.data(), expected.dw)).toBeLessThan(TOLERANCE);
    tf.dispose([x, filter, dy, y, dx!, dw!]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('would fail with gradients that are off by 1e-4', () => {
    const convolution: Convolution = { x: [2, 5, 6, 3], filter: [3, 3, 3, 8], strides: [1, 1], pad: 'same' };
    const { x, filter, dy, expected } = example(convolution);
    tf.dispose([x, filter, dy]);
    const { values } = expected.dw;
    expect(
      errorOfSums(
        values.map((value) => value + 1e-4),
        expected.dw,
      ),
    ).toBeGreaterThan(TOLERANCE);
  });
});

describe('a dilated convolution equals the definition in float64', () => {
  it.each<Convolution>([
    { x: [2, 7, 8, 3], filter: [3, 3, 3, 4], strides: [1, 1], pad: 'same', dilations: [2, 2] },
    { x: [1, 9, 9, 5], filter: [3, 2, 5, 9], strides: [1, 1], pad: 'valid', dilations: [3, 1] },
    { x: [1, 6, 11, 4], filter: [1, 3, 4, 8], strides: [1, 1], pad: 'same', dilations: [1, 4] },
  ])('%j', async (convolution) => {
    const { x, filter, dy, expected } = example(convolution);
    const y = tf.conv2d(x, filter, convolution.strides, convolution.pad, 'NHWC', convolution.dilations);
    expect(errorOfSums(await y.data(), expected.y)).toBeLessThan(TOLERANCE);
    tf.dispose([x, filter, dy, y]);
  });
});

describe('a convolution with bias and activation in the same kernel', () => {
  const convolution: Convolution = { x: [2, 5, 6, 3], filter: [3, 3, 3, 9], strides: [1, 1], pad: 'same' };
  const activations: Record<'linear' | 'relu' | 'relu6' | 'elu' | 'sigmoid', (x: number) => number> = {
    linear: (x) => x,
    relu: (x) => Math.max(x, 0),
    relu6: (x) => Math.min(Math.max(x, 0), 6),
    elu: (x) => (x > 0 ? x : Math.expm1(x)),
    sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  };

  it.each(Object.keys(activations) as (keyof typeof activations)[])('%s', async (activation) => {
    const { x, filter, dy, expected } = example(convolution);
    const biases = randomNumbers(9, 4).map((value) => 8 * value);
    const bias = tf.tensor1d(biases);
    const y = tf.fused.conv2d({ x, filter, strides: 1, pad: 'same', bias, activation });
    const values = expected.y.values.map((value, i) => activations[activation](value + biases[i % 9]!));
    // Elu and sigmoid are the backend's own, to a few float32 digits.
    const tolerance = activation === 'elu' || activation === 'sigmoid' ? 1e-5 : TOLERANCE;
    const sizes = expected.y.sizes.map((size) => size + 8);
    expect(errorOfSums(await y.data(), { values, sizes })).toBeLessThan(tolerance);
    tf.dispose([x, filter, dy, bias, y]);
  });

  it('has the gradients of its parts', async () => {
    const { x, filter, dy, expected } = example(convolution);
    const bias = tf.zeros([9]) as tf.Tensor1D;
    const fused = (x: tf.Tensor, filter: tf.Tensor, bias: tf.Tensor) =>
      tf.fused.conv2d({ x: x as tf.Tensor4D, filter: filter as tf.Tensor4D, strides: 1, pad: 'same', bias });
    const [dx, dw, db] = tf.grads(fused)([x, filter, bias], dy);
    expect(errorOfSums(await dx!.data(), expected.dx)).toBeLessThan(TOLERANCE);
    expect(errorOfSums(await dw!.data(), expected.dw)).toBeLessThan(TOLERANCE);
    const dys = await dy.data();
    const sums = new Float64Array(9);
    dys.forEach((value, i) => {
      sums[i % 9]! += value;
    });
    expect(errorOfSums(await db!.data(), { values: sums, sizes: sums.map(() => dys.length / 9) })).toBeLessThan(
      TOLERANCE,
    );
    tf.dispose([x, filter, dy, bias, dx!, dw!, db!]);
  });
});

describe('a convolution over blocks of the product', () => {
  // More patch elements, pixels and channels than a block of the product holds.
  it.each<Convolution>([
    { x: [2, 17, 19, 40], filter: [3, 3, 40, 24], strides: [1, 1], pad: 'same' },
    { x: [1, 33, 9, 96], filter: [3, 3, 96, 520], strides: [2, 2], pad: 'same' },
    { x: [3, 31, 30, 3], filter: [7, 7, 3, 16], strides: [2, 2], pad: 'same' },
  ])('%j', async (convolution) => {
    const { x, filter, dy, expected } = example(convolution);
    const { strides, pad } = convolution;
    const convolve = (x: tf.Tensor, filter: tf.Tensor) =>
      tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad);
    const y = convolve(x, filter);
    const [dx, dw] = tf.grads(convolve)([x, filter], dy);
    expect(errorOfSums(await y.data(), expected.y)).toBeLessThan(TOLERANCE);
    expect(errorOfSums(await dx!.data(), expected.dx)).toBeLessThan(TOLERANCE);
    expect(errorOfSums(await dw!.data(), expected.dw)).toBeLessThan(TOLERANCE);
    tf.dispose([x, filter, dy, y, dx!, dw!]);
  });
});

describe('a convolution without images', () => {
  it('is empty, and its filter gets a gradient of zeros', async () => {
    const x = tf.zeros([0, 5, 5, 2]) as tf.Tensor4D;
    const filter = randomTensor([3, 3, 2, 4]) as tf.Tensor4D;
    const convolve = (x: tf.Tensor, filter: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same');
    expect(convolve(x, filter).shape).toEqual([0, 5, 5, 4]);
    const [dx, dw] = tf.grads(convolve)([x, filter], tf.zeros([0, 5, 5, 4]));
    expect(dx!.shape).toEqual([0, 5, 5, 2]);
    expect(Array.from(await dw!.data())).toEqual(new Array(72).fill(0));
  });
});
