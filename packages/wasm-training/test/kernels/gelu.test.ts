import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { randomNumbers } from '../support.js';
import { erf } from './elementwiseReferences.js';

beforeAll(async () => {
  await installWasmTraining();
});

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
const cubic = (x: number) => Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3);
const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

const functions = [
  {
    approximate: 'none',
    value: (x: number) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
    slope: (x: number) => 0.5 * (1 + erf(x / Math.SQRT2)) + x * density(x),
    curvature: (x: number) => (2 - x * x) * density(x),
  },
  {
    approximate: 'tanh',
    value: (x: number) => 0.5 * x * (1 + Math.tanh(cubic(x))),
    slope: (x: number) => difference((t) => 0.5 * t * (1 + Math.tanh(cubic(t))), x),
    curvature: (x: number) => secondDifference((t) => 0.5 * t * (1 + Math.tanh(cubic(t))), x),
  },
];

/** Derivatives in float64 by differences: 1e-12 and 1e-9 from the right ones here. */
function difference(f: (x: number) => number, x: number, h = 1e-3): number {
  return (45 * (f(x + h) - f(x - h)) - 9 * (f(x + 2 * h) - f(x - 2 * h)) + f(x + 3 * h) - f(x - 3 * h)) / (60 * h);
}

function secondDifference(f: (x: number) => number, x: number, h = 3e-3): number {
  return (16 * (f(x + h) + f(x - h)) - (f(x + 2 * h) + f(x - 2 * h)) - 30 * f(x)) / (12 * h * h);
}

const geluOf = (approximate: string) => (x: tf.Tensor) =>
  tf.engine().runKernel('Gelu', { x }, { approximate }) as tf.Tensor;

describe.each(functions)('gelu, approximated by $approximate,', ({ approximate, value, slope, curvature }) => {
  const gelu = geluOf(approximate);
  const apply = (x: Float32Array) => tf.tidy(() => gelu(tf.tensor1d(x)).dataSync());

  it.each([1e-6, 0.1, 1, 3, 6, 15, 1000])('equals float64 up to ±%d', (size) => {
    const x = randomNumbers(5000, 1).map((number) => size * number);
    apply(x).forEach((y, i) => {
      expect(Math.abs(y - value(x[i]!))).toBeLessThanOrEqual(4e-7 * Math.abs(x[i]!));
    });
  });

  it.each([[[]], [[0]], [[1]], [[2]], [[3]], [[5]], [[2, 3, 3]], [[1, 16]], [[7, 0, 1]]])(
    'takes the shape [%s]',
    (shape) => {
      const before = tf.memory().numTensors;
      const numbers = randomNumbers(tf.util.sizeFromShape(shape), 2);
      const [x, dy] = [tf.tensor(numbers, shape), tf.fill(shape, 2)];
      const [y, dx] = [gelu(x), tf.grad(gelu)(x, dy)];
      expect([y.shape, dx.shape]).toEqual([shape, shape]);
      const [ys, dxs] = [y.dataSync(), dx.dataSync()];
      numbers.forEach((number, i) => {
        expect(ys[i]).toBeCloseTo(value(number), 6);
        expect(dxs[i]).toBeCloseTo(2 * slope(number), 6);
      });
      tf.dispose([x, dy, y, dx]);
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it.each([0.1, 1, 3, 8, 14])('has the gradient of float64 up to ±%d', (size) => {
    const x = randomNumbers(999, 3).map((number) => size * number);
    const dy = randomNumbers(999, 4);
    const dx = tf.tidy(() => tf.grad(gelu)(tf.tensor1d(x), tf.tensor1d(dy)).dataSync());
    dx.forEach((number, i) => {
      expect(Math.abs(number - dy[i]! * slope(x[i]!))).toBeLessThanOrEqual(1e-6 * Math.abs(dy[i]!));
    });
  });

  it('has the gradient 0 far below zero and 1 far above', () => {
    const x = tf.tensor1d([-infinity, -1e30, -1e15, -30, 30, 1e15, 1e30, infinity]);
    const slopes = Array.from(tf.grad(gelu)(x).dataSync(), (value) => Math.abs(Math.round(value)));
    expect(slopes).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
    x.dispose();
  });

  it('goes to 0 and to x', () => {
    expect(Array.from(apply(Float32Array.of(-1e30, -40, 0, 40, 1e30, infinity)))).toEqual([
      -0,
      -0,
      0,
      40,
      Math.fround(1e30),
      infinity,
    ]);
    expect(apply(Float32Array.of(nan))[0]).toBeNaN();
  });

  it('has a second derivative', () => {
    const before = tf.memory().numTensors;
    const x = randomNumbers(33, 5).map((number) => 3 * number);
    const ddx = tf.tidy(() =>
      tf
        .grad((t) => tf.grad(gelu)(t))(tf.tensor1d(x))
        .dataSync(),
    );
    ddx.forEach((number, i) => {
      expect(Math.abs(number - curvature(x[i]!))).toBeLessThanOrEqual(4e-6);
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});

it('the two kinds of gelu differ by more than their tolerance', () => {
  expect(Math.abs(functions[0]!.value(2) - functions[1]!.value(2))).toBeGreaterThan(5e-5);
});

it('gelu says what it takes', () => {
  const x = tf.zeros([2]);
  expect(() => geluOf('erf')(x)).toThrow(`Gelu got approximate: "erf"; it is 'none' or 'tanh'.`);
  expect(() => geluOf('none')(x.toInt())).toThrow('Gelu takes a float32 x, not int32 [2].');
});
