import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { randomTensor } from '../support.js';

beforeAll(async () => {
  await installWasmTraining();
});

/** A function of a batch and perhaps of weights, with the shapes of an empty batch, of the weights and of the result. */
interface Case {
  name: string;
  batch: number[];
  weights?: number[];
  result: number[];
  run: (batch: tf.Tensor, weights: tf.Tensor) => tf.Tensor;
}

const cases: Case[] = [
  {
    name: 'maxPool',
    batch: [0, 4, 4, 2],
    result: [0, 2, 2, 2],
    run: (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'same'),
  },
  {
    name: 'avgPool',
    batch: [0, 4, 4, 2],
    result: [0, 2, 2, 2],
    run: (x) => tf.avgPool(x as tf.Tensor4D, 2, 2, 'same'),
  },
  {
    name: 'maxPool3d',
    batch: [0, 4, 4, 4, 2],
    result: [0, 2, 2, 2, 2],
    run: (x) => tf.maxPool3d(x as tf.Tensor5D, 2, 2, 'same'),
  },
  {
    name: 'avgPool3d',
    batch: [0, 4, 4, 4, 2],
    result: [0, 2, 2, 2, 2],
    run: (x) => tf.avgPool3d(x as tf.Tensor5D, 2, 2, 'same'),
  },
  {
    name: 'conv3d',
    batch: [0, 4, 4, 4, 2],
    weights: [2, 2, 2, 2, 3],
    result: [0, 4, 4, 4, 3],
    run: (x, w) => tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, 1, 'same'),
  },
  {
    name: 'dilated conv2d',
    batch: [0, 6, 6, 2],
    weights: [2, 2, 2, 3],
    result: [0, 4, 4, 3],
    run: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'valid', 'NHWC', 2),
  },
  {
    name: 'dilated depthwiseConv2d',
    batch: [0, 6, 6, 2],
    weights: [2, 2, 2, 3],
    result: [0, 4, 4, 6],
    run: (x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'valid', 'NHWC', 2),
  },
  {
    name: 'einsum',
    batch: [0, 3, 4],
    weights: [4, 5],
    result: [0, 3, 5],
    run: (x, w) => tf.einsum('bij,jk->bik', x, w),
  },
  { name: 'max', batch: [0, 3, 4], result: [0, 4], run: (x) => tf.max(x, 1) },
  { name: 'softmax', batch: [0, 4], result: [0, 4], run: (x) => tf.softmax(x) },
  { name: 'pow', batch: [0, 4], result: [0, 4], run: (x) => tf.pow(x, 2.5) },
];

describe('an empty batch', () => {
  it.each(cases)('of $name is empty, and the weights get a gradient of zeros', ({ batch, weights, result, run }) => {
    const before = tf.memory().numTensors;
    const [x, w, dy] = [tf.zeros(batch), randomTensor(weights ?? [1]), tf.zeros(result)];
    const y = run(x, w);
    expect(y.shape).toEqual(result);
    const inputs = weights ? [x, w] : [x];
    const [dx, dw] = tf.grads((x: tf.Tensor, given?: tf.Tensor) => run(x, given ?? w))(inputs, dy);
    expect(dx!.shape).toEqual(batch);
    if (dw) expect([...dw.dataSync()]).toEqual(new Array(w.size).fill(0));
    tf.dispose([x, w, dy, y, dx!, ...(dw ? [dw] : [])]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
