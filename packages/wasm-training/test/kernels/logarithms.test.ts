import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { randomNumbers } from '../support.js';
import { apply, largestExcess } from './elementwiseReferences.js';

beforeAll(async () => {
  await installWasmTraining();
});

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
const SMALLEST = 2 ** -149;

/** log(1 + exp x) in float64. */
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** A function of one number, the relative error that assembly/ states, and what it is at the ends of the numbers. */
interface Case {
  name: string;
  op: (x: tf.Tensor) => tf.Tensor;
  value: (x: number) => number;
  error: number;
  ends: [x: number, y: number][];
}

const cases: Case[] = [
  {
    name: 'log',
    op: tf.log,
    value: Math.log,
    error: 1e-7,
    ends: [
      [0, -infinity],
      [-0, -infinity],
      [1, 0],
      [infinity, infinity],
      [-SMALLEST, nan],
      [-1, nan],
      [-infinity, nan],
    ],
  },
  {
    name: 'log1p',
    op: tf.log1p,
    value: Math.log1p,
    error: 2e-7,
    ends: [
      [-1, -infinity],
      [0, 0],
      [-0, -0],
      [infinity, infinity],
      [-1.5, nan],
      [-infinity, nan],
    ],
  },
  {
    name: 'expm1',
    op: tf.expm1,
    value: Math.expm1,
    error: 2e-7,
    ends: [
      [0, 0],
      [-0, -0],
      [-1000, -1],
      [-infinity, -1],
      [89, infinity],
      [infinity, infinity],
    ],
  },
  {
    name: 'softplus',
    op: tf.softplus,
    value: softplus,
    error: 3e-7,
    ends: [
      [-1000, 0],
      [-infinity, 0],
      [1000, 1000],
      [infinity, infinity],
    ],
  },
  // A root is rounded once, its reciprocal twice.
  {
    name: 'sqrt',
    op: tf.sqrt,
    value: Math.sqrt,
    error: 2 ** -24,
    ends: [
      [0, 0],
      [-0, -0],
      [infinity, infinity],
      [-SMALLEST, nan],
    ],
  },
  {
    name: 'rsqrt',
    op: tf.rsqrt,
    value: (x) => 1 / Math.sqrt(x),
    error: 2 ** -23,
    ends: [
      [0, infinity],
      [-0, -infinity],
      [infinity, 0],
      [-1, nan],
    ],
  },
];

/** Floats of every order of magnitude and sign whose value is a finite float32. */
function everyMagnitude(value: (x: number) => number): Float32Array {
  const bits = Uint32Array.from({ length: 50_000 }, (_, i) => 85_899 * i + 7);
  return new Float32Array(bits.buffer).filter((x) => Number.isFinite(Math.fround(value(x))));
}

/** `count` numbers between the ends. */
function between(low: number, high: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => low + ((high - low) * (i + 0.5)) / count);
}

describe.each(cases)('$name', ({ name, op, value, error, ends }) => {
  const bound = { error, isRelative: true };

  it('is within its error bound for numbers of every magnitude', () => {
    const x = everyMagnitude(value);
    expect(x.length).toBeGreaterThan(10_000);
    expect(largestExcess(bound, x, apply(op, x), value)).toBeLessThanOrEqual(1);
  });

  it.each([
    [0.5, 2],
    [0.999, 1.001],
    [0.01, 20],
  ])('is within its error bound from %d to %d', (low, high) => {
    const x = between(low, high, 20_000);
    expect(largestExcess(bound, x, apply(op, x), value)).toBeLessThanOrEqual(1);
  });

  it('is within its error bound below zero, where it is a number', () => {
    const [low, high] = name === 'log1p' ? [-1, 0] : [-20, 0];
    const x = ['log1p', 'expm1', 'softplus'].includes(name) ? between(low!, high!, 20_000) : between(0, 1e-40, 5000);
    expect(largestExcess(bound, x, apply(op, x), value)).toBeLessThanOrEqual(1);
  });

  it.each([0, 1, 2, 3, 4, 5, 7, 8, 9, 17, 1000])('gives each of %d numbers its value', (count) => {
    const x = randomNumbers(count, count + 1).map((number) => 1.5 + number);
    const y = apply(op, x);
    expect(y).toHaveLength(count);
    expect(largestExcess(bound, x, y, value)).toBeLessThanOrEqual(1);
  });

  it('is right at the ends, beside other numbers', () => {
    const x = Float32Array.from([...ends.map(([number]) => number), nan, 0.5]);
    const y = [...apply(op, x)];
    expect(y.slice(0, -1)).toEqual([...ends.map(([, result]) => result), nan]);
    expect(y.at(-1)! / value(0.5)).toBeCloseTo(1, 6);
  });

  it('keeps the shape and the number of tensors', () => {
    const before = tf.memory().numTensors;
    const x = tf.fill([2, 1, 3], 0.5);
    const y = op(x);
    expect([y.shape, y.dtype]).toEqual([[2, 1, 3], 'float32']);
    tf.dispose([x, y]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('the error bound', () => {
  const bound = { error: 3e-7, isRelative: true };

  it.each([
    ['log(1 + x) of a float32 sum', (x: number) => Math.log(Math.fround(1 + x)), Math.log1p],
    ['exp x − 1 of a float32 power', (x: number) => Math.fround(Math.exp(x)) - 1, Math.expm1],
    ['log of a number that is 2⁻²⁰ too large', (x: number) => Math.log(x * (1 + 2 ** -20)), Math.log],
  ])('is missed by %s', (_, careless, value) => {
    const x = between(1e-4, 0.1, 1000);
    expect(largestExcess(bound, x, x.map(careless), value)).toBeGreaterThan(1);
  });
});
