import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { randomNumbers } from '../support.js';
import { apply, type ErrorBound, largestExcess, referenceFunctions } from './elementwiseReferences.js';

beforeAll(async () => {
  await installWasmTraining();
});

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

/** Error bounds that assembly/ states: of the value, or relative to it. */
const bounds: Record<string, ErrorBound> = {
  sin: { error: 1e-7, isRelative: false },
  cos: { error: 1e-7, isRelative: false },
  exp: { error: 1e-7, isRelative: true },
  tanh: { error: 2e-7, isRelative: true },
  erf: { error: 4e-7, isRelative: true },
};

const functions = referenceFunctions.filter(({ name }) => name in bounds);

/** Values from −end to end, and as many of every order of magnitude, of both signs. */
function spread(end: number, count: number): Float32Array {
  const linear = Array.from({ length: count }, (_, i) => end * ((2 * i + 1) / count - 1));
  const logarithmic = Array.from({ length: count }, (_, i) => (i % 2 ? -end : end) * 10 ** ((-20 * i) / count));
  return Float32Array.from([...linear, ...logarithmic]);
}

describe.each(functions)('$name', ({ name, op, value }) => {
  const ends = name === 'exp' ? [1e-3, 0.3, 1, 10, 50, 88.7] : [1e-3, 0.3, 1, 3, 10, 100, 1e4, 4e4];

  it.each(ends)('is within its error bound up to ±%d', (end) => {
    const x = spread(end, 20_000);
    expect(largestExcess(bounds[name]!, x, apply(op, x), value)).toBeLessThanOrEqual(1);
  });

  it.each([1, 2, 3, 4, 5, 7, 8, 17, 1000])('gives each of %d numbers its value', (count) => {
    const x = randomNumbers(count, count).map((number) => 3 * number);
    expect(largestExcess(bounds[name]!, x, apply(op, x), value)).toBeLessThanOrEqual(1);
  });

  it.each([[[]], [[0]], [[3, 0, 2]], [[2, 3, 5]], [[1, 1, 1, 7]]])(
    'keeps the shape [%s] and the number of tensors',
    (shape) => {
      const before = tf.memory().numTensors;
      const x = tf.fill(shape, 0.5);
      const y = op(x);
      expect(y.shape).toEqual(shape);
      expect(y.dtype).toBe('float32');
      const values = Float32Array.from(y.dataSync());
      expect(
        largestExcess(
          bounds[name]!,
          values.map(() => 0.5),
          values,
          value,
        ),
      ).toBeLessThanOrEqual(1);
      tf.dispose([x, y]);
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('keeps NaN beside other numbers', () => {
    const y = apply(op, Float32Array.of(0.5, nan, 0.5, 0.5, nan));
    expect(Array.from(y, Number.isNaN)).toEqual([false, true, false, false, true]);
  });

  it('does not change its argument', () => {
    const numbers = randomNumbers(9);
    const x = tf.tensor1d(numbers);
    op(x).dispose();
    expect(x.dataSync()).toEqual(numbers);
    x.dispose();
  });
});

describe('at the ends of the numbers', () => {
  it.each([
    ['exp', tf.exp, [-infinity, -1000, -104, 89, 1000, infinity], [0, 0, 0, infinity, infinity, infinity]],
    ['tanh', tf.tanh, [-infinity, -1e30, -10, 10, 1e30, infinity], [-1, -1, -1, 1, 1, 1]],
    ['erf', tf.erf, [-infinity, -1e30, -5, 5, 1e30, infinity], [-1, -1, -1, 1, 1, 1]],
    ['sin', tf.sin, [-infinity, infinity, 0], [nan, nan, 0]],
    ['cos', tf.cos, [-infinity, infinity, 0], [nan, nan, 1]],
  ] as const)('%s has its limits', (_, op, x, expected) => {
    expect(Array.from(apply(op, Float32Array.from(x)))).toEqual(expected);
  });

  it('exp goes down to the smallest number step by step', () => {
    const x = Float32Array.of(-87, -90, -95, -100, -103);
    apply(tf.exp, x).forEach((y, i) => {
      expect(Math.abs(y - Math.exp(x[i]!))).toBeLessThanOrEqual(2 ** -149 + 1e-7 * Math.exp(x[i]!));
    });
  });

  it.each([tf.tanh, tf.erf])('an S keeps the sign of zero', (op) => {
    expect(apply(op, Float32Array.of(0, -0))).toEqual(Float32Array.of(0, -0));
  });

  it.each([
    ['sin', tf.sin, Math.sin],
    ['cos', tf.cos, Math.cos],
  ] as const)('%s of every size, up to the largest float, is right to 2e-7', (_, op, value) => {
    const large = Array.from({ length: 20_000 }, (_, i) => (i % 2 ? -1 : 1) * 3.4e38 ** ((i + 1) / 20_000));
    const powers = Array.from({ length: 128 }, (_, i) => 2 ** i);
    const x = Float32Array.from([...large, ...powers]);
    expect(largestExcess({ error: 2e-7, isRelative: false }, x, apply(op, x), value)).toBeLessThanOrEqual(1);
  });

  it.each([
    ['sin', tf.sin, Math.sin],
    ['cos', tf.cos, Math.cos],
  ] as const)('%s is right at the floats nearest to multiples of π/2', (_, op, value) => {
    const x = Float32Array.from({ length: 25_000 }, (_, n) => (n * Math.PI) / 2);
    expect(largestExcess({ error: 1e-7, isRelative: false }, x, apply(op, x), value)).toBeLessThanOrEqual(1);
  });
});

describe('the error bound', () => {
  it('is missed by a sine whose argument is reduced by a float32 π', () => {
    const x = spread(1e4, 20_000);
    const careless = (number: number) =>
      Math.sin(number - Math.round(number / (2 * Math.PI)) * Math.fround(2 * Math.PI));
    expect(largestExcess(bounds.sin!, x, x.map(careless), Math.sin)).toBeGreaterThan(1);
  });

  it('is missed by 1 − 2 / (exp 2x + 1) near zero', () => {
    const x = spread(1, 1000);
    const careless = (number: number) => 1 - 2 / (Math.fround(Math.exp(2 * number)) + 1);
    expect(largestExcess(bounds.tanh!, x, x.map(careless), Math.tanh)).toBeGreaterThan(1);
  });
});
