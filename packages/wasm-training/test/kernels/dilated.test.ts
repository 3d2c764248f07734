import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { randomNumbers } from '../support.js';
import { type Convolution, errorOfSums, infoOf, referenceConvolution, type Sums } from './convolutionReference.js';

/** Each sum may be off by this share of the sizes of its terms. */
const TOLERANCE = 2e-6;

beforeAll(async () => {
  await installWasmTraining();
});

type Dilated = Convolution & { dilations: [number, number] };

const cases: Dilated[] = [];
for (const filter of [
  [3, 3],
  [2, 3],
  [1, 2],
] as const)
  for (const dilations of [
    [2, 2],
    [1, 3],
    [4, 2],
  ] as [number, number][])
    for (const pad of ['same', 'valid', 1] as const)
      cases.push({ x: [2, 9, 10, 3], filter: [...filter, 3, 5], strides: [1, 1], pad, dilations });

type Convolve = (x: tf.Tensor, filter: tf.Tensor) => tf.Tensor;

/** The gradients on wasm, which must leave no tensor behind. */
function gradientsOf(convolve: Convolve, xs: tf.Tensor, ws: tf.Tensor, dys: tf.Tensor): Float32Array[] {
  const before = tf.memory().numTensors;
  const gradients = tf.grads(convolve as (...x: tf.Tensor[]) => tf.Tensor)([xs, ws], dys);
  const values = gradients.map((gradient) => gradient.dataSync<'float32'>());
  tf.dispose(gradients);
  expect(tf.memory().numTensors).toBe(before);
  return values;
}

/** A depthwise filter [height, width, channels, multiplier] as one of all channels, which has zeros between the channels. */
function spreadOut(ws: Float32Array, channels: number, multiplier: number): Float32Array {
  const outChannels = channels * multiplier;
  const spread = new Float32Array(ws.length * channels);
  ws.forEach((weight, i) => {
    const channel = Math.floor(i / multiplier) % channels;
    spread[Math.floor(i / outChannels) * channels * outChannels + channel * outChannels + (i % outChannels)] = weight;
  });
  return spread;
}

/** The sums for the weights that are not zeros between channels. */
function gathered({ values, sizes }: Sums, channels: number, multiplier: number): Sums {
  const isKept = spreadOut(new Float32Array(values.length / channels).fill(1), channels, multiplier);
  const keep = (numbers: Float64Array) => numbers.filter((_, i) => isKept[i] === 1);
  return { values: keep(values), sizes: keep(sizes) };
}

const title = '$x with $filter, dilations $dilations, padding $pad';

describe('the gradients of a dilated convolution equal the definition in float64', () => {
  it.each(cases)(title, (convolution) => {
    const { expected, dx, dw } = compute(convolution);
    expect(errorOfSums(dx, expected.dx)).toBeLessThan(TOLERANCE);
    expect(errorOfSums(dw, expected.dw)).toBeLessThan(TOLERANCE);
  });

  it('and the test notices another dilation', () => {
    const convolution: Dilated = { ...cases[0]!, pad: 'same' };
    const { expected, dx, dw } = compute(convolution, [1, 2]);
    expect(errorOfSums(dx, expected.dx)).toBeGreaterThan(TOLERANCE);
    expect(errorOfSums(dw, expected.dw)).toBeGreaterThan(TOLERANCE);
  });

  /** The gradients on wasm and what is expected of them, which may have other dilations. */
  function compute(convolution: Dilated, expectedDilations = convolution.dilations) {
    const { x, filter, pad, dilations } = convolution;
    const { outShape } = infoOf(convolution);
    const [xs, ws, dys] = [x, filter, outShape].map((shape, i) =>
      randomNumbers(tf.util.sizeFromShape(shape), i + 1),
    ) as [Float32Array, Float32Array, Float32Array];
    const tensors = [tf.tensor(xs, x), tf.tensor(ws, filter), tf.tensor(dys, outShape)] as const;
    const convolve: Convolve = (a, b) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, pad, 'NHWC', dilations);
    const [dx, dw] = gradientsOf(convolve, ...tensors) as [Float32Array, Float32Array];
    tf.dispose([...tensors]);
    return { dx, dw, expected: referenceConvolution({ ...convolution, dilations: expectedDilations }, xs, ws, dys) };
  }
});

describe('the gradients of a dilated depthwise convolution equal the definition in float64', () => {
  it.each(cases)(title, ({ x, filter: [height, width, channels], pad, dilations }) => {
    const multiplier = 2;
    const convolution: Dilated = {
      x,
      filter: [height, width, channels, channels * multiplier],
      strides: [1, 1],
      pad,
      dilations,
    };
    const { outShape } = infoOf(convolution);
    const shapes = [x, [height, width, channels, multiplier], outShape] as const;
    const [xs, ws, dys] = shapes.map((shape, i) => randomNumbers(tf.util.sizeFromShape([...shape]), i + 1)) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const tensors = [xs, ws, dys].map((values, i) => tf.tensor(values, [...shapes[i]!])) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    const convolve: Convolve = (a, b) =>
      tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, pad, 'NHWC', dilations);
    const [dx, dw] = gradientsOf(convolve, ...tensors) as [Float32Array, Float32Array];
    const expected = referenceConvolution(convolution, xs, spreadOut(ws, channels, multiplier), dys);
    expect(errorOfSums(dx, expected.dx)).toBeLessThan(TOLERANCE);
    expect(errorOfSums(dw, gathered(expected.dw, channels, multiplier))).toBeLessThan(TOLERANCE);
    tf.dispose(tensors);
  });
});
