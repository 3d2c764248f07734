import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { largestError, randomNumbers } from '../support.js';
import { type ArrayFunction, largestGradientError, numericalGradient } from './numericalGradient.js';

beforeAll(async () => {
  await installWasmTraining();
});

type Sizes = [time: number, batch: number, units: number];

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** h of all steps by the formula in float64; `forget` is added to every forget gate. */
function reference([time, batch, units]: Sizes, forget = 0): ArrayFunction {
  return ({ x, kernel }) => {
    const hidden = new Float64Array(time * batch * units);
    const cells = new Float64Array(batch * units);
    for (let t = 0; t < time; t++) {
      for (let row = 0; row < batch; row++) {
        const before = (u: number) => (t ? hidden[((t - 1) * batch + row) * units + u]! : 0);
        const gate = (k: number, unit: number) => {
          let sum = x![((t * batch + row) * 4 + k) * units + unit]!;
          for (let u = 0; u < units; u++) sum += before(u) * kernel![(4 * u + k) * units + unit]!;
          return sum;
        };
        for (let unit = 0; unit < units; unit++) {
          const place = row * units + unit;
          const kept = sigmoid(gate(1, unit) + forget) * cells[place]!;
          cells[place] = kept + sigmoid(gate(0, unit)) * Math.tanh(gate(2, unit));
          hidden[t * batch * units + place] = sigmoid(gate(3, unit)) * Math.tanh(cells[place]!);
        }
      }
    }
    return hidden;
  };
}

function createInputs([time, batch, units]: Sizes) {
  return { x: randomNumbers(4 * time * batch * units, 1), kernel: randomNumbers(4 * units * units, 2) };
}

const asDoubles = ({ x, kernel }: ReturnType<typeof createInputs>) => ({
  x: Float64Array.from(x),
  kernel: Float64Array.from(kernel),
});

const run = (x: tf.Tensor, kernel: tf.Tensor) =>
  tf.engine().runKernel('LstmSequence', { x, kernel }) as [tf.Tensor, tf.Tensor, tf.Tensor];

describe.each<Sizes>([
  [1, 1, 1],
  [1, 3, 5],
  [2, 2, 4],
  [5, 3, 3],
  [7, 1, 6],
  [4, 5, 17],
])('a sequence of %d steps of %d rows of %d units', (...sizes) => {
  const [time, batch, units] = sizes;
  const inputs = createInputs(sizes);
  const tensors = () => [
    tf.tensor3d(inputs.x, [time, batch, 4 * units]),
    tf.tensor2d(inputs.kernel, [units, 4 * units]),
  ];

  it('equals float64, and not with forget gates that are 1e-3 more open', () => {
    const [x, kernel] = tensors() as [tf.Tensor, tf.Tensor];
    const outputs = run(x, kernel);
    expect(outputs.map(({ shape }) => shape)).toEqual([
      [time, batch, units],
      [time, batch, units],
      [time, batch, 4 * units],
    ]);
    const hidden = outputs[0].dataSync();
    expect(largestError(hidden, reference(sizes)(asDoubles(inputs)))).toBeLessThan(2e-6);
    const other = largestError(hidden, reference(sizes, 1e-3)(asDoubles(inputs)));
    if (time > 1) expect(other).toBeGreaterThan(5e-6);
    tf.dispose([x, kernel, outputs]);
  });

  it('has the gradients of float64 through every step, and leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    const dy = randomNumbers(time * batch * units, 3);
    const actual = tf.tidy(() => {
      const weights = tf.tensor3d(dy, [time, batch, units]);
      const loss = (x: tf.Tensor, kernel: tf.Tensor) => tf.sum(tf.mul(run(x, kernel)[0], weights)) as tf.Scalar;
      return tf
        .grads(loss)(tensors())
        .map((gradient) => gradient.dataSync());
    });
    expect(tf.memory().numTensors).toBe(before);
    ['x', 'kernel'].forEach((name, i) => {
      const slopes = numericalGradient(reference(sizes), asDoubles(inputs), name, dy, 1e-2);
      expect(largestGradientError(actual[i]!, slopes, 0.1)).toBeLessThanOrEqual(1e-5);
      const wrong = Float32Array.from(actual[i]!, (value) => 1.001 * value);
      if (slopes.some(({ value, size }) => Math.abs(value) > 0.05 * size)) {
        expect(largestGradientError(wrong, slopes, 0.1)).toBeGreaterThan(1e-5);
      }
    });
  });
});

describe('a sequence', () => {
  it('leaves the gates and the kernel as they are', () => {
    const { x, kernel } = createInputs([3, 2, 5]);
    const tensors = [tf.tensor3d(x, [3, 2, 20]), tf.tensor2d(kernel, [5, 20])] as const;
    tf.dispose(run(...tensors));
    expect([...tensors[0].dataSync()]).toEqual([...x]);
    expect([...tensors[1].dataSync()]).toEqual([...kernel]);
    tf.dispose([...tensors]);
  });

  it.each<Sizes>([
    [0, 2, 3],
    [3, 0, 2],
    [2, 3, 0],
  ])('may have %d steps of %d rows of %d units', (time, batch, units) => {
    tf.tidy(() => {
      const tensors = [tf.zeros([time, batch, 4 * units]), tf.zeros([units, 4 * units])] as const;
      expect(run(...tensors)[0].shape).toEqual([time, batch, units]);
      const gradients = tf.grads((x, kernel) => run(x, kernel)[0])([...tensors]);
      expect(gradients.map(({ shape }) => shape)).toEqual(tensors.map(({ shape }) => shape));
    });
  });

  it('has a gradient of the gradient: the slope of the first one', () => {
    const { x, kernel } = createInputs([3, 2, 2]);
    const norm = (gates: tf.Tensor) =>
      tf
        .grad((x: tf.Tensor) => tf.sum(run(x, tf.tensor2d(kernel, [2, 8]))[0]))(gates)
        .square()
        .sum();
    const at = (values: ArrayLike<number>) => tf.tensor3d(Float32Array.from(values), [3, 2, 8]);
    const second = tf.tidy(() => tf.grad(norm)(at(x)).dataSync());
    const step = 2 ** -5;
    for (let i = 0; i < x.length; i += 5) {
      const moved = (by: number) => tf.tidy(() => norm(at(x.map((v, k) => (k === i ? v + by : v)))).dataSync()[0]!);
      const slope = (8 * (moved(step) - moved(-step)) - (moved(2 * step) - moved(-2 * step))) / (12 * step);
      expect(Math.abs(second[i]! - slope)).toBeLessThan(1e-4);
    }
    expect(Math.max(...second.map(Math.abs))).toBeGreaterThan(1e-2);
  });

  it('says what it takes', () => {
    expect(() => tf.tidy(() => run(tf.zeros([2, 3, 10]), tf.zeros([2, 8])))).toThrow(
      'LstmSequence takes float32 gates [T, B, 4 U] and a kernel [U, 4 U], not float32 [2,3,10] and float32 [2,8].',
    );
    expect(() => tf.tidy(() => run(tf.zeros([2, 8]), tf.zeros([2, 8])))).toThrow('not float32 [2,8]');
  });
});
