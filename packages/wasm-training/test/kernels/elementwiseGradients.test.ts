import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining, type KernelName } from '../../src/index.js';
import { onBackend, randomNumbers } from '../support.js';
import { referenceFunctions } from './elementwiseReferences.js';

beforeAll(async () => {
  await installWasmTraining();
});

/** What an element may be off by: rounding of a few factors of size one, and of the result. */
const tolerance = (expected: number, dy: number) => 1e-6 * Math.abs(dy) + 4e-7 * Math.abs(expected);

/** Names of the kernels that run in `compute`. */
async function kernelsOf(compute: () => tf.Tensor): Promise<string[]> {
  const { kernels } = await tf.profile(() => tf.tidy(compute));
  return kernels.map(({ name }) => name);
}

// The stock gradient of exp is one kernel already.
describe.each(referenceFunctions.filter(({ name }) => name !== 'exp'))(
  'the gradient of $name',
  ({ name, op, slope }) => {
    const kernelName = `${name[0]!.toUpperCase()}${name.slice(1)}Grad` as KernelName;

    it.each([0, 1, 2, 3, 4, 5, 8, 17, 1000])('equals float64 for %d numbers', (count) => {
      const before = tf.memory().numTensors;
      const x = randomNumbers(count, 7).map((number) => 8 * number);
      const dy = randomNumbers(count, 8);
      const dx = tf.tidy(() => tf.grad(op)(tf.tensor1d(x), tf.tensor1d(dy)).dataSync());
      expect(dx.length).toBe(count);
      dx.forEach((value, i) => {
        const expected = dy[i]! * slope(x[i]!);
        expect(Math.abs(value - expected)).toBeLessThanOrEqual(tolerance(expected, dy[i]!));
      });
      expect(tf.memory().numTensors).toBe(before);
    });

    it.each([1e-3, 1, 30, 5000])('equals float64 for arguments of size %d', (size) => {
      const x = randomNumbers(999, 3).map((number) => size * number);
      const dy = randomNumbers(999, 4).map((number) => 100 * number);
      const dx = tf.tidy(() => tf.grad(op)(tf.tensor1d(x), tf.tensor1d(dy)).dataSync());
      dx.forEach((value, i) => {
        const expected = dy[i]! * slope(x[i]!);
        expect(Math.abs(value - expected)).toBeLessThanOrEqual(tolerance(expected, dy[i]!));
      });
    });

    it('runs as one kernel, which can be switched off', async () => {
      const [x, dy] = [tf.tensor2d(randomNumbers(12, 1), [3, 4]), tf.tensor2d(randomNumbers(12, 2), [3, 4])];
      const gradient = () => tf.grad(op)(x, dy);
      const ours = tf.tidy(gradient);
      expect(ours.shape).toEqual([3, 4]);
      expect(await kernelsOf(gradient)).toContain(kernelName);
      await installWasmTraining({ kernels: { [kernelName]: false } });
      expect(await kernelsOf(gradient)).not.toContain(kernelName);
      const stock = tf.tidy(gradient);
      await installWasmTraining();
      ours.dataSync().forEach((value, i) => {
        expect(value).toBeCloseTo(stock.dataSync()[i]!, 6);
      });
      tf.dispose([x, dy, ours, stock]);
    });

    it('is that of the cpu backend at its corners', async () => {
      const compute = () => [tf.grad(op)(tf.tensor1d([0, -0, 6, -6, 1, -1]))];
      const [[ours], [theirs]] = [await onBackend('wasm', compute), await onBackend('cpu', compute)];
      ours!.forEach((value, i) => {
        expect(value).toBeCloseTo(theirs![i]!, 6);
      });
    });

    it('keeps NaN of dy', () => {
      const dx = tf.tidy(() =>
        tf
          .grad(op)(tf.tensor1d([1, 1, 1, 1, 1]), tf.tensor1d([1, Number.NaN, 1, 1, 1]))
          .dataSync(),
      );
      expect(Array.from(dx, Number.isNaN)).toEqual([false, true, false, false, false]);
    });
  },
);

// TensorFlow.js has no gradient for LessEqual, which the gradient of relu6 is made of.
const twice = referenceFunctions.filter(({ name }) => name !== 'relu6');

describe.each(twice)('the second derivative of $name', ({ op, value, slope, curvature }) => {
  it.each([1, 5, 37])('equals float64 for %d numbers', (count) => {
    const before = tf.memory().numTensors;
    const x = randomNumbers(count, 5).map((number) => 3 * number);
    const [first, second] = [randomNumbers(count, 6), randomNumbers(count, 7)];
    const ddx = tf.tidy(() => {
      const gradient = (t: tf.Tensor) => tf.grad(op)(t, tf.tensor1d(first));
      return tf.grad(gradient)(tf.tensor1d(x), tf.tensor1d(second)).dataSync();
    });
    ddx.forEach((number, i) => {
      const expected = first[i]! * second[i]! * curvature(x[i]!);
      expect(Math.abs(number - expected)).toBeLessThanOrEqual(4 * tolerance(expected, first[i]! * second[i]!));
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(['wasm', 'cpu'])('lacks no part where the function is a factor, on %s', async (backend) => {
    const x = randomNumbers(37, 5).map((number) => 3 * number);
    const product = (t: tf.Tensor) => t.mul(op(t));
    const [ddx] = await onBackend(backend, () => [tf.grad((t) => tf.grad(product)(t))(tf.tensor1d(x))]);
    ddx!.forEach((number, i) => {
      const t = x[i]!;
      const expected = 2 * slope(t) + t * curvature(t);
      const scale = Math.abs(value(t)) + Math.abs(slope(t)) + Math.abs(t * curvature(t));
      expect(Math.abs(number - expected)).toBeLessThanOrEqual(4e-6 * scale);
    });
  });
});

describe('derivatives of higher order', () => {
  it('of a network of sines are those of float64, up to the third', () => {
    // f(x) = sin(3 sin 2x): the chain rule by hand.
    const f = (x: tf.Tensor) => tf.sin(tf.sin(x.mul(2)).mul(3));
    const first = (x: tf.Tensor) => tf.grad(f)(x);
    const second = (x: tf.Tensor) => tf.grad(first)(x);
    const third = (x: tf.Tensor) => tf.grad(second)(x);
    const x = randomNumbers(21, 9);
    const values = tf.tidy(() => [first, second, third].map((g) => g(tf.tensor1d(x)).dataSync()));
    x.forEach((number, i) => {
      const [s, c] = [Math.sin(2 * number), Math.cos(2 * number)];
      const [u, u1, u2, u3] = [3 * s, 6 * c, -12 * s, -24 * c];
      const expected = [
        Math.cos(u) * u1,
        Math.cos(u) * u2 - Math.sin(u) * u1 ** 2,
        Math.cos(u) * (u3 - u1 ** 3) - 3 * Math.sin(u) * u1 * u2,
      ];
      expected.forEach((value, order) => {
        expect(Math.abs(values[order]![i]! - value)).toBeLessThanOrEqual(2e-5 * 6 ** (order + 1));
      });
    });
  });

  it('are part of a loss whose gradient trains weights', () => {
    // ∂/∂w of (∂ sin(w x)/∂x)² = (w cos wx)² is 2 w cos² wx − 2 w² x cos wx sin wx.
    const x = tf.scalar(0.7);
    const loss = (w: tf.Tensor) =>
      tf
        .grad((t) => tf.sin(t.mul(w)))(x)
        .square() as tf.Scalar;
    const gradient = tf.tidy(() => tf.grad(loss)(tf.scalar(1.3)).dataSync()[0]!);
    const [w, s, c] = [1.3, Math.sin(1.3 * 0.7), Math.cos(1.3 * 0.7)];
    expect(gradient).toBeCloseTo(2 * w * c * c - 2 * w * w * 0.7 * c * s, 5);
    x.dispose();
  });
});

it('says what a gradient kernel takes', () => {
  expect(() => tf.engine().runKernel('ReluGrad', { dy: tf.zeros([2]), x: tf.zeros([3]) })).toThrow(
    'ReluGrad takes float32 tensors of shape [2], not float32 [3].',
  );
});
