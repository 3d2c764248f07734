import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';

beforeAll(async () => {
  await installWasmTraining();
});

const zeros = (...shape: number[]) => tf.zeros(shape);
const integers = (...shape: number[]) => tf.zeros(shape, 'int32');
const image = { strides: [1, 1], pad: 'valid' };
const window = { filterSize: [2, 2], strides: [1, 1], pad: 'valid' };

/** Kernels with an input that is too small, or of another dtype, and a part of what they say. */
const cases: [string, () => tf.NamedTensorMap, tf.NamedAttrMap, string][] = [
  [
    'SparseSoftmaxCrossEntropy',
    () => ({ logits: zeros(3, 4), labels: integers(2) }),
    {},
    'logits [3,4] and labels [2]',
  ],
  ['SparseSoftmaxCrossEntropy', () => ({ logits: zeros(2, 2, 3), labels: integers(2) }), {}, 'it takes [B, C] and [B]'],
  [
    'LayerNormGrad',
    () => ({ dy: zeros(3, 4), x: zeros(3, 4), scale: zeros(4), mean: zeros(2), inverseDeviation: zeros(3) }),
    {},
    'a float32 mean of 3 numbers here, not float32 [2]',
  ],
  ['LayerNorm', () => ({ x: zeros(3, 4), scale: zeros(4), offset: zeros(4) }), {}, 'epsilon ≥ 0, not undefined'],
  ['BatchNorm', () => ({ x: zeros(3, 4), scale: zeros(4), offset: zeros(4) }), { epsilon: -1 }, 'epsilon ≥ 0, not -1'],
  ['MaxPoolGrad', () => ({ dy: zeros(1, 2, 2, 1), input: zeros(1, 4, 4, 1) }), window, 'dy of 9 numbers here'],
  ['MaxPoolGrad', () => ({ dy: zeros(1, 3, 3, 1), input: integers(1, 4, 4, 1) }), window, 'not int32 [1,4,4,1]'],
  ['AvgPoolGrad', () => ({ dy: zeros(1, 2, 2, 1), input: zeros(1, 4, 4, 1) }), window, 'dy of 9 numbers here'],
  [
    'Conv2DBackpropFilter',
    () => ({ x: zeros(1, 4, 4, 1), dy: zeros(1, 2, 2, 3) }),
    { ...image, filterShape: [2, 2, 1, 3] },
    'dy of 27 numbers here',
  ],
  [
    'Conv2DBackpropFilter',
    () => ({ x: integers(1, 4, 4, 1), dy: zeros(1, 3, 3, 3) }),
    { ...image, filterShape: [2, 2, 1, 3] },
    'not int32 [1,4,4,1]',
  ],
  [
    'Conv2DBackpropInput',
    () => ({ filter: zeros(2, 2, 1, 3), dy: zeros(1, 2, 2, 3) }),
    { ...image, inputShape: [1, 4, 4, 1] },
    'dy of 27 numbers here',
  ],
  ['SumGrad', () => ({ dy: integers(3), x: zeros(3, 4) }), { axis: [1] }, 'dy of 3 numbers here, not int32 [3]'],
  ['MeanGrad', () => ({ dy: zeros(2), x: zeros(3, 4) }), { axis: [1] }, 'dy of 3 numbers here'],
  ['MaxGrad', () => ({ dy: zeros(3), x: zeros(3, 4), y: zeros(2) }), { reductionIndices: [1] }, 'y of 3 numbers here'],
  [
    'FusedBatchNormGrad',
    () => ({ dy: zeros(2, 4), x: zeros(3, 4), mean: zeros(4), variance: zeros(4), scale: zeros(4) }),
    { varianceEpsilon: 1e-3 },
    'FusedBatchNormGrad takes float32 tensors of shape [2,4]',
  ],
  [
    'LstmSequenceGrad',
    () => ({
      dh: zeros(1, 3, 2),
      kernel: zeros(2, 8),
      hidden: zeros(4, 3, 2),
      cells: zeros(4, 3, 2),
      activations: zeros(4, 3, 8),
    }),
    {},
    'dh of 24 numbers here, not float32 [1,3,2]',
  ],
  [
    'FusedConv2D',
    () => ({ x: zeros(1, 4, 4, 1), filter: zeros(2, 2, 1, 2), bias: zeros(1, 2, 1, 2) }),
    { ...image, dilations: [1, 1], dataFormat: 'NHWC', activation: 'linear' },
    'rank-1 bias',
  ],
];

describe('a kernel that is run by its name', () => {
  it.each(cases)('refuses what does not fit: %s', (name, inputs, attributes, message) => {
    const { numTensors, numDataBuffers } = tf.memory();
    expect(() => tf.tidy(() => void tf.engine().runKernel(name, inputs(), attributes))).toThrow(message);
    expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers });
  });
});
