import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { randomNumbers } from '../support.js';
import { errorOfSums, sums } from './convolutionReference.js';

/** Each sum may be off by this share of the sizes of its terms: hundreds of float32 roundings, most of which cancel. */
const TOLERANCE = 2e-6;

type Padding = 'same' | 'valid' | number | tf.backend_util.ExplicitPadding;

interface Depthwise {
  x: [number, number, number, number];
  /** Height, width, channels, filters for each channel. */
  filter: [number, number, number, number];
  strides: [number, number];
  pad: Padding;
  dilations: [number, number];
}

beforeAll(async () => {
  await installWasmTraining();
});

function infoOf({ x, filter, strides, dilations, pad }: Depthwise) {
  return tf.backend_util.computeConv2DInfo(x, filter, strides, dilations, pad as number, 'floor', true);
}

/** y = conv(x, w) channel by channel, and for gradients dy the gradients dw and dx, by the definition. */
function reference(depthwise: Depthwise, xs: Float32Array, ws: Float32Array, dys: Float32Array) {
  const { x, filter, strides, dilations } = depthwise;
  const { outHeight, outWidth, padInfo } = infoOf(depthwise);
  const [batch, height, width, channels] = x;
  const [filterHeight, filterWidth, , filters] = filter;
  const [y, dw, dx] = [sums(dys.length), sums(ws.length), sums(xs.length)];
  let d = 0;
  for (let b = 0; b < batch; b++)
    for (let row = 0; row < outHeight; row++)
      for (let column = 0; column < outWidth; column++)
        for (let c = 0; c < channels; c++)
          for (let f = 0; f < filters; f++, d++)
            for (let ky = 0; ky < filterHeight; ky++)
              for (let kx = 0; kx < filterWidth; kx++) {
                const iy = row * strides[0] - padInfo.top + ky * dilations[0];
                const ix = column * strides[1] - padInfo.left + kx * dilations[1];
                if (iy < 0 || iy >= height || ix < 0 || ix >= width) continue;
                const xi = ((b * height + iy) * width + ix) * channels + c;
                const wi = ((ky * filterWidth + kx) * channels + c) * filters + f;
                y.add(d, xs[xi]! * ws[wi]!);
                dw.add(wi, xs[xi]! * dys[d]!);
                dx.add(xi, ws[wi]! * dys[d]!);
              }
  return { y, dw, dx };
}

function example(depthwise: Depthwise) {
  const { outShape } = infoOf(depthwise);
  const xs = randomNumbers(tf.util.sizeFromShape(depthwise.x), 1);
  const ws = randomNumbers(tf.util.sizeFromShape(depthwise.filter), 2);
  const dys = randomNumbers(tf.util.sizeFromShape(outShape), 3);
  return {
    x: tf.tensor4d(xs, depthwise.x),
    filter: tf.tensor4d(ws, depthwise.filter),
    dy: tf.tensor4d(dys, outShape),
    expected: reference(depthwise, xs, ws, dys),
  };
}

/** The three kernels by themselves, which take dilations that the gradient of TensorFlow.js refuses. */
async function check(depthwise: Depthwise): Promise<void> {
  const before = tf.memory();
  const { x, filter, dy, expected } = example(depthwise);
  const { strides, pad, dilations } = depthwise;
  const attributes = { strides, pad, dilations, dimRoundingMode: 'floor' };
  const run = (kernel: string, inputs: tf.NamedTensorMap, shape: object) =>
    tf.engine().runKernel(kernel, inputs, { ...attributes, ...shape } as tf.NamedAttrMap) as tf.Tensor;
  const y = run('DepthwiseConv2dNative', { x, filter }, {});
  const dx = run('DepthwiseConv2dNativeBackpropInput', { dy, filter }, { inputShape: depthwise.x });
  const dw = run('DepthwiseConv2dNativeBackpropFilter', { x, dy }, { filterShape: depthwise.filter });
  expect([y.shape, dx.shape, dw.shape]).toEqual([dy.shape, x.shape, filter.shape]);
  expect(errorOfSums(await y.data(), expected.y)).toBeLessThan(TOLERANCE);
  expect(errorOfSums(await dx.data(), expected.dx)).toBeLessThan(TOLERANCE);
  expect(errorOfSums(await dw.data(), expected.dw)).toBeLessThan(TOLERANCE);
  tf.dispose([x, filter, dy, y, dx, dw]);
  expect(tf.memory().numTensors).toBe(before.numTensors);
  expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
}

const name = ({ x, filter, strides, pad, dilations }: Depthwise) =>
  `[${x}] with [${filter}], strides ${strides}, padding ${JSON.stringify(pad)}, dilations ${dilations}`;

/** Images × filters × strides × paddings; channels that fill no vector, some, and blocks of them; one filter a channel or more. */
const cases: Depthwise[] = [];
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
  ])
    for (const strides of [
      [1, 1],
      [2, 2],
      [1, 3],
    ] as const)
      for (const pad of ['same', 'valid', 1] as const) {
        const [channels, filters] = [
          [1, 1],
          [3, 2],
          [4, 1],
          [5, 3],
          [21, 1],
          [17, 2],
          [2, 1],
        ][cases.length % 7] as [number, number];
        const depthwise: Depthwise = {
          x: [1 + (cases.length % 2), height!, width!, channels],
          filter: [filterHeight!, filterWidth!, channels, filters],
          strides: [...strides],
          pad,
          dilations: [1, 1],
        };
        const { outHeight, outWidth } = infoOf(depthwise);
        if (outHeight > 0 && outWidth > 0) cases.push(depthwise);
      }

describe('a depthwise convolution and its gradients equal the definition in float64', () => {
  it.each(cases.map((depthwise) => [name(depthwise), depthwise] as const))('%s', async (_, depthwise) => {
    await check(depthwise);
  });

  it.each(
    (
      [
        { x: [2, 7, 8, 3], filter: [3, 3, 3, 1], strides: [1, 1], pad: 'same', dilations: [2, 2] },
        { x: [1, 9, 9, 20], filter: [3, 2, 20, 2], strides: [1, 1], pad: 'valid', dilations: [3, 1] },
        { x: [1, 6, 11, 4], filter: [1, 3, 4, 1], strides: [1, 1], pad: 'same', dilations: [1, 6] },
        { x: [1, 3, 3, 4], filter: [3, 3, 4, 1], strides: [1, 1], pad: 'same', dilations: [5, 5] },
        {
          x: [1, 6, 6, 5],
          filter: [3, 3, 5, 1],
          strides: [2, 1],
          pad: [
            [0, 0],
            [2, 0],
            [0, 3],
            [0, 0],
          ],
          dilations: [1, 1],
        },
        { x: [1, 4, 4, 4], filter: [2, 2, 4, 2], strides: [3, 3], pad: 3, dilations: [1, 1] },
        { x: [0, 5, 5, 3], filter: [3, 3, 3, 1], strides: [1, 1], pad: 'same', dilations: [1, 1] },
        { x: [1, 30, 31, 33], filter: [5, 5, 33, 1], strides: [1, 1], pad: 'same', dilations: [1, 1] },
      ] satisfies Depthwise[]
    ).map((depthwise) => [name(depthwise as Depthwise), depthwise as Depthwise] as const),
  )('%s', async (_, depthwise) => {
    await check(depthwise);
  });

  it('refuses a filter gradient with one weight off by 1e-4', () => {
    const { x, filter, dy, expected } = example({
      x: [2, 6, 7, 5],
      filter: [3, 3, 5, 2],
      strides: [1, 1],
      pad: 'same',
      dilations: [1, 1],
    });
    tf.dispose([x, filter, dy]);
    const wrong = expected.dw.values.slice();
    wrong[0]! += 1e-4 * expected.dw.sizes[0]!;
    expect(errorOfSums(wrong, expected.dw)).toBeGreaterThan(TOLERANCE);
  });
});

describe('tf.depthwiseConv2d', () => {
  it.each([
    [1, 'same'],
    [2, 'same'],
    [2, 'valid'],
  ] as const)('with strides %d and padding %s has these gradients', async (strides, pad) => {
    const depthwise: Depthwise = {
      x: [2, 6, 7, 5],
      filter: [3, 3, 5, 2],
      strides: [strides, strides],
      pad,
      dilations: [1, 1],
    };
    const { x, filter, dy, expected } = example(depthwise);
    const gradients = tf.grads((a, b) => tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, strides, pad));
    const [dx, dw] = gradients([x, filter], dy);
    expect(errorOfSums(await dx!.data(), expected.dx)).toBeLessThan(TOLERANCE);
    expect(errorOfSums(await dw!.data(), expected.dw)).toBeLessThan(TOLERANCE);
    tf.dispose([x, filter, dy, dx!, dw!]);
  });
});
