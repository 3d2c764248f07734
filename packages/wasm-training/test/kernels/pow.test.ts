import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { largestError, randomNumbers } from '../support.js';
import { broadcast, broadcastShape, SHAPES } from './broadcastReference.js';

beforeAll(async () => {
  await installWasmTraining();
});

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

/** The bound that assembly/power.ts states; that of the exponents for which two operations do is 2 · 2⁻²⁴. */
const ERROR = 1e-7;
const ERROR_OF_TWO_OPERATIONS = 2 ** -23;

/** Exponents that have a way of their own, and their like. */
const EXPONENTS = [2, 3, -1, 0.5, -0.5, 1, 0, -2, 4, 0.3, -1.5, 10, 2.5, 16_777_217, infinity, -infinity, nan];

/** 0, ∞, NaN, ±1, the smallest and the largest floats and some between. */
const SPECIAL = [0, 1, 2, 3, 0.5, 1.5, infinity, 2 ** -149, 1e-40, 1e-20, 3.4e38, 1e10, 16_777_217].flatMap((x) => [
  Math.fround(x),
  -Math.fround(x),
]);

function power(a: ArrayLike<number>, b: ArrayLike<number>): Float32Array {
  return tf.tidy(() => tf.pow(tf.tensor1d(Array.from(a)), tf.tensor1d(Array.from(b))).dataSync() as Float32Array);
}

/** The indices at which a power is not the float32 of Math.pow, bit by bit for 0, ∞ and NaN, else up to a relative error. */
function misses(actual: ArrayLike<number>, expected: number[], error: number): number[] {
  return [...expected.keys()].filter((i) => {
    const [value, exact] = [actual[i]!, expected[i]!];
    if (exact === 0 || !Number.isFinite(Math.fround(exact))) return !Object.is(value, Math.fround(exact));
    return !(Math.abs(value - exact) <= error * Math.max(Math.abs(exact), 2 ** -126));
  });
}

/** Numbers from −1 to 1. */
const inputs = [randomNumbers(20_000, 3), randomNumbers(20_000, 4)] as const;

describe('powers', () => {
  it.each([
    ['of numbers around 1', (u: number) => Math.exp(10 * u), (v: number) => 4 * v],
    ['of numbers of every magnitude', (u: number) => Math.exp(85 * u), (v: number) => v],
    ['with large exponents', (u: number) => 1 + 0.005 * u, (v: number) => 10_000 * v],
    ['that are below the normal numbers', (u: number) => Math.exp(10 * u - 60), (v: number) => 1.5 + 0.2 * v],
    ['of negative numbers', (u: number) => -Math.exp(2 * u), (v: number) => Math.round(20 * v)],
  ])('%s are within the error bound', (_, base, exponent) => {
    const [a, b] = [inputs[0].map(base), inputs[1].map(exponent)];
    const expected = Array.from(a, (number, i) => number ** b[i]!);
    expect(misses(power(a, b), expected, ERROR)).toEqual([]);
  });

  it('that float32 has are exact', () => {
    const a = Array.from({ length: 31 * 7 }, (_, i) => (i % 31) - 15);
    const b = Array.from({ length: 31 * 7 }, (_, i) => Math.floor(i / 31));
    const expected = a.map((number, i) => number ** b[i]!);
    const isExact = (number: number) => Math.fround(number) === number;
    expect([...power(a, b)].filter((_, i) => isExact(expected[i]!))).toEqual(expected.filter(isExact));
  });

  it.each(EXPONENTS)('with the exponent %d for all are right, at the ends too', (exponent) => {
    const a = Float32Array.from([...SPECIAL, nan, ...inputs[0].subarray(0, 1000).map((u) => Math.exp(20 * u))]);
    const expected = Array.from(a, (number) => number ** Math.fround(exponent));
    tf.tidy(() => {
      const b = tf.scalar(exponent);
      expect(misses(tf.pow(tf.tensor1d(a), b).dataSync(), expected, ERROR_OF_TWO_OPERATIONS)).toEqual([]);
    });
  });

  it('of every two special numbers are those of Math.pow', () => {
    const specials = [...SPECIAL, nan];
    const a = specials.flatMap((number) => specials.map(() => number));
    const b = specials.flatMap(() => specials);
    const expected = a.map((number, i) => number ** b[i]!);
    expect(misses(power(a, b), expected, ERROR)).toEqual([]);
  });

  it.each(SHAPES)('of [%s] and [%s] broadcast', (aShape, bShape) => {
    const shape = broadcastShape(aShape, bShape);
    const positive = (size: number[], seed: number) =>
      randomNumbers(tf.util.sizeFromShape(size), seed).map((number) => number + 1.5);
    const [a, b] = [positive(aShape, 1), positive(bShape, 2)];
    const bs = broadcast([...b], bShape, shape);
    const expected = broadcast([...a], aShape, shape).map((number, i) => number ** bs[i]!);
    tf.tidy(() => {
      const result = tf.pow(tf.tensor(a, aShape), tf.tensor(b, bShape));
      expect(result.shape).toEqual(shape);
      expect(misses(result.dataSync(), expected, ERROR)).toEqual([]);
    });
  });

  it('with the exponents [[2]] take its shape', () => {
    const result = tf.tidy(() => tf.pow(tf.tensor1d([1, 2, 3]), tf.tensor2d([[2]])));
    expect(result.shape).toEqual([1, 3]);
    expect([...result.dataSync()]).toEqual([1, 4, 9]);
  });

  it('with the exponent 1 outlive their base', () => {
    const before = tf.memory().numTensors;
    const a = tf.tensor1d([1, -2, 3]);
    const result = tf.tidy(() => tf.pow(a, 1));
    a.dispose();
    const other = tf.fill([3], 7);
    expect([...result.dataSync()]).toEqual([1, -2, 3]);
    tf.dispose([result, other]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('of int32 stay int32', () => {
    tf.tidy(() => {
      const result = tf.pow(tf.tensor1d([2, -3], 'int32'), tf.tensor1d([5, 3], 'int32'));
      expect(result.dtype).toBe('int32');
      expect([...result.dataSync()]).toEqual([32, -27]);
    });
  });

  it('have gradients b aᵇ⁻¹ and aᵇ log a', () => {
    const [a, b] = [Float32Array.of(0.5, 1, 2, 3), Float32Array.of(2, 3, 0.5, -1.5)];
    tf.tidy(() => {
      const [da, db] = tf.grads((a, b) => tf.pow(a!, b!))([tf.tensor1d(a), tf.tensor1d(b)]);
      const expected = [
        a.map((number, i) => b[i]! * number ** (b[i]! - 1)),
        a.map((number, i) => number ** b[i]! * Math.log(number)),
      ];
      // A few operations on numbers below 4.
      expect(largestError(da!.dataSync(), expected[0]!)).toBeLessThan(2e-6);
      expect(largestError(db!.dataSync(), expected[1]!)).toBeLessThan(2e-6);
    });
  });
});

describe('the error bound', () => {
  it('is missed by exp(b log a) of float32', () => {
    const [a, b] = [inputs[0].map((u) => Math.exp(10 * u)), inputs[1].map((v) => 4 * v)];
    const expected = Array.from(a, (number, i) => number ** b[i]!);
    const careless = expected.map((_, i) => Math.exp(Math.fround(b[i]! * Math.fround(Math.log(a[i]!)))));
    expect(misses(careless, expected, ERROR).length).toBeGreaterThan(1000);
  });

  it('is missed by the powers of C where those of JavaScript are no number', () => {
    expect(misses([1], [1 ** infinity], ERROR)).toEqual([0]);
  });
});
