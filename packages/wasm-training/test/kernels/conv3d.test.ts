import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { randomNumbers } from '../support.js';
import { errorOfSums, sums } from './convolutionReference.js';
import { positionsOf } from './layoutReferences.js';

/** Each sum may be off by this share of the sizes of its terms. */
const TOLERANCE = 2e-6;

type Shape5D = [number, number, number, number, number];

interface VolumeConvolution {
  /** Batch, depth, height, width, channels. */
  x: Shape5D;
  /** Depth, height, width, channels, output channels. */
  filter: Shape5D;
  strides: [number, number, number];
  pad: 'same' | 'valid';
}

beforeAll(async () => {
  await installWasmTraining();
});

function infoOf({ x, filter, strides, pad }: VolumeConvolution) {
  return tf.backend_util.computeConv3DInfo(x, filter, strides, 1, pad);
}

/** y = conv(x, w), and for gradients dy the gradients dw and dx, by the definition. */
function reference(convolution: VolumeConvolution, xs: Float32Array, ws: Float32Array, dys: Float32Array) {
  const { x, filter, strides } = convolution;
  const { outDepth, outHeight, outWidth, padInfo } = infoOf(convolution);
  const before = [padInfo.front, padInfo.top, padInfo.left];
  const [batch, depth, height, width, channels] = x;
  const sizes = [depth, height, width];
  const [y, dw, dx] = [sums(dys.length), sums(ws.length), sums(xs.length)];
  positionsOf([batch, outDepth, outHeight, outWidth, filter[4]]).forEach(([b, z, row, column, o], d) => {
    positionsOf(filter.slice(0, 4)).forEach(([kz, ky, kx, c], weight) => {
      const place = [
        z! * strides[0] - before[0]! + kz!,
        row! * strides[1] - before[1]! + ky!,
        column! * strides[2] - before[2]! + kx!,
      ];
      if (place.some((i, axis) => i < 0 || i >= sizes[axis]!)) return;
      const xi = (((b! * depth + place[0]!) * height + place[1]!) * width + place[2]!) * channels + c!;
      const wi = weight * filter[4] + o!;
      y.add(d, xs[xi]! * ws[wi]!);
      dw.add(wi, xs[xi]! * dys[d]!);
      dx.add(xi, ws[wi]! * dys[d]!);
    });
  });
  return { y, dw, dx };
}

const cases: VolumeConvolution[] = [];
for (const [depth, height, width] of [
  [1, 1, 1],
  [4, 3, 5],
  [5, 6, 4],
] as const)
  for (const size of [
    [1, 1, 1],
    [2, 2, 2],
    [3, 1, 2],
  ] as const)
    for (const strides of [
      [1, 1, 1],
      [2, 2, 2],
      [3, 1, 2],
    ] as const)
      for (const pad of ['same', 'valid'] as const) {
        const [channels, outChannels] = [
          [1, 1],
          [3, 2],
          [4, 5],
        ][cases.length % 3] as [number, number];
        const convolution: VolumeConvolution = {
          x: [1 + (cases.length % 2), depth, height, width, channels],
          filter: [...size, channels, outChannels],
          strides: [...strides],
          pad,
        };
        if (infoOf(convolution).outShape.every((side) => side > 0)) cases.push(convolution);
      }

const name = ({ x, filter, strides, pad }: VolumeConvolution) => `[${x}] with [${filter}], strides ${strides}, ${pad}`;

describe('a convolution over volumes and its gradients equal the definition in float64', () => {
  it.each(cases.map((convolution) => [name(convolution), convolution] as const))('%s', async (_, convolution) => {
    const before = tf.memory();
    const { outShape } = infoOf(convolution);
    const [xs, ws, dys] = [convolution.x, convolution.filter, outShape].map((shape, i) =>
      randomNumbers(tf.util.sizeFromShape(shape), i + 1),
    ) as [Float32Array, Float32Array, Float32Array];
    const expected = reference(convolution, xs, ws, dys);
    const [x, filter, dy] = [tf.tensor(xs, convolution.x), tf.tensor(ws, convolution.filter), tf.tensor(dys, outShape)];
    const { strides, pad } = convolution;
    const convolve = (a: tf.Tensor, b: tf.Tensor) => tf.conv3d(a as tf.Tensor5D, b as tf.Tensor5D, strides, pad);
    const y = convolve(x, filter);
    const [dx, dw] = tf.grads(convolve)([x, filter], dy) as [tf.Tensor, tf.Tensor];
    expect(errorOfSums(await y.data(), expected.y)).toBeLessThan(TOLERANCE);
    expect(errorOfSums(await dx.data(), expected.dx)).toBeLessThan(TOLERANCE);
    expect(errorOfSums(await dw.data(), expected.dw)).toBeLessThan(TOLERANCE);
    tf.dispose([x, filter, dy, y, dx, dw]);
    const { numTensors, numDataBuffers } = tf.memory();
    expect([numTensors, numDataBuffers]).toEqual([before.numTensors, before.numDataBuffers]);
  });
});
