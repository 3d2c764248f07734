import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { randomNumbers } from '../support.js';
import { broadcast, broadcastShape, SHAPES } from './broadcastReference.js';

beforeAll(async () => {
  await installWasmTraining();
});

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

type Op = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
type Comparison = (a: number, b: number) => boolean;

const comparisons: [name: string, op: Op, holds: Comparison][] = [
  ['equal', tf.equal, (a, b) => a === b],
  ['notEqual', tf.notEqual, (a, b) => a !== b],
  ['greater', tf.greater, (a, b) => a > b],
  ['greaterEqual', tf.greaterEqual, (a, b) => a >= b],
  ['less', tf.less, (a, b) => a < b],
  ['lessEqual', tf.lessEqual, (a, b) => a <= b],
];

const functions: [name: string, op: Op, value: (a: number, b: number) => number, dtype?: 'bool'][] = [
  ...comparisons.map(([name, op, holds]): (typeof functions)[number] => [
    name,
    op,
    (a, b) => Number(holds(a, b)),
    'bool',
  ]),
  ['maximum', tf.maximum, (a, b) => Math.max(a, b)],
  ['minimum', tf.minimum, (a, b) => Math.min(a, b)],
];

/** Few different numbers, so that many pairs are equal; no float32 tells the integers apart. */
const numbers = {
  float32: [0, -0, 1, -1, 2 ** -149, 0.1, 3.4e38, infinity, -infinity, nan],
  int32: [0, 1, -1, 2 ** 24, 2 ** 24 + 1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31 - 2],
};
type NumberType = keyof typeof numbers;

function choices(dtype: NumberType, count: number, seed: number): number[] {
  const values = numbers[dtype].map((value) => (dtype === 'float32' ? Math.fround(value) : value));
  return Array.from(randomNumbers(count, seed), (number) => values[Math.floor(((number + 1) / 2) * values.length)]!);
}

const dtypes: NumberType[] = ['float32', 'int32'];

describe.each(functions)('%s', (_, op, value, resultType) => {
  describe.each(dtypes)('of %s', (dtype) => {
    it.each(SHAPES)('is right for [%s] and [%s]', (aShape, bShape) => {
      const shape = broadcastShape(aShape, bShape);
      const [a, b] = [
        choices(dtype, tf.util.sizeFromShape(aShape), 1),
        choices(dtype, tf.util.sizeFromShape(bShape), 2),
      ];
      const [as, bs] = [broadcast(a, aShape, shape), broadcast(b, bShape, shape)];
      const before = tf.memory().numTensors;
      const inputs = [tf.tensor(a, aShape, dtype), tf.tensor(b, bShape, dtype)] as const;
      const result = op(...inputs);
      expect([result.shape, result.dtype]).toEqual([shape, resultType ?? dtype]);
      expect([...result.dataSync()]).toEqual(as.map((number, i) => value(number, bs[i]!)));
      expect([...inputs[0].dataSync()]).toEqual(a);
      tf.dispose([result, ...inputs]);
      expect(tf.memory().numTensors).toBe(before);
    });
  });

  it('leaves truth values to the stock kernel', () => {
    const [a, b] = [
      [0, 0, 1, 1],
      [0, 1, 0, 1],
    ];
    const result = tf.tidy(() => op(tf.tensor1d(a!, 'bool'), tf.tensor1d(b!, 'bool')).dataSync());
    expect([...result]).toEqual(a!.map((number, i) => value(number, b![i]!)));
  });
});

describe('the numbers of these tests', () => {
  it.each(dtypes)('of %s tell the functions apart', (dtype) => {
    const [a, b] = [choices(dtype, 85, 1), choices(dtype, 85, 2)];
    const results = functions.map(([, , value]) => a.map((number, i) => value(number, b[i]!)).join());
    expect(new Set(results).size).toBe(functions.length);
  });

  it('tell the comparison of integers from that of floats', () => {
    const [a, b] = [choices('int32', 85, 1), choices('int32', 85, 2)];
    const isSame = a.every((number, i) => (number === b[i]) === (Math.fround(number) === Math.fround(b[i]!)));
    expect(isSame).toBe(false);
  });
});

it('the gradients of maximum go to the chosen number, those of minimum to the other', () => {
  tf.tidy(() => {
    const inputs = [tf.tensor1d([1, 5, 3, 4, 9]), tf.tensor1d([2, 4, 7, 1, 8])];
    const gradientsOf = (op: Op) =>
      tf
        .grads((a, b) => op(a!, b!))(inputs)
        .map((gradient) => [...gradient.dataSync()]);
    const [chosen, other] = [
      [0, 1, 0, 1, 1],
      [1, 0, 1, 0, 0],
    ];
    expect(gradientsOf(tf.maximum)).toEqual([chosen, other]);
    expect(gradientsOf(tf.minimum)).toEqual([other, chosen]);
  });
});
