import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { randomNumbers } from '../support.js';
import { type Groups, normalized, statistics } from './normalizationReference.js';
import { largestGradientError, numericalGradient } from './numericalGradient.js';

beforeAll(async () => {
  await installWasmTraining();
});

const shapes = [
  [1],
  [4],
  [7],
  [1, 1],
  [6, 1],
  [1, 5],
  [3, 4],
  [2, 7],
  [9, 16],
  [3, 5, 6],
  [2, 3, 2, 9],
  [2, 2, 1, 2, 8],
  [40, 33],
];
const epsilon = 1e-3;

const kernels = [
  { kernel: 'LayerNorm', groups: 'rows' as Groups },
  { kernel: 'BatchNorm', groups: 'columns' as Groups },
];

/** Inputs of a shape: numbers around `center` that are about `size` apart. */
function createInputs(shape: number[], center = 0, size = 1) {
  const columns = shape.at(-1)!;
  const count = tf.util.sizeFromShape(shape);
  return {
    rows: columns === 0 ? tf.util.sizeFromShape(shape.slice(0, -1)) : count / columns,
    columns,
    x: randomNumbers(count, 1).map((number) => center + size * number),
    scale: randomNumbers(columns, 2).map((number) => 1 + number / 2),
    offset: randomNumbers(columns, 3),
    dy: randomNumbers(count, 4),
  };
}

type Inputs = ReturnType<typeof createInputs>;

const asDoubles = ({ x, scale, offset }: Inputs) => ({
  x: Float64Array.from(x),
  scale: Float64Array.from(scale),
  offset: Float64Array.from(offset),
});

const asTensors = ({ x, scale, offset }: Inputs, shape: number[]): [tf.Tensor, tf.Tensor, tf.Tensor] => [
  tf.tensor(x, shape),
  tf.tensor1d(scale),
  tf.tensor1d(offset),
];

function run(kernel: string, [x, scale, offset]: tf.Tensor[], attributes = { epsilon }): tf.Tensor[] {
  return tf.engine().runKernel(kernel, { x: x!, scale: scale!, offset: offset! }, attributes) as tf.Tensor[];
}

/** The gradients for x, scale and offset, through TensorFlow.js. */
function gradients(kernel: string, inputs: Inputs, shape: number[]): Float32Array[] {
  return tf.tidy(() =>
    tf
      .grads((...tensors: tf.Tensor[]) => run(kernel, tensors)[0]!)(
        asTensors(inputs, shape),
        tf.tensor(inputs.dy, shape),
      )
      .map((gradient) => gradient.dataSync() as Float32Array),
  );
}

describe.each(kernels)('$kernel', ({ kernel, groups }) => {
  describe.each(shapes.map((shape) => ({ shape })))('of [$shape]', ({ shape }) => {
    it.each([
      [0, 1],
      [5, 0.1],
      [-1e4, 100],
      [0, 1e-4],
    ])('around %d with distances of %d equals float64', (center, size) => {
      const before = tf.memory().numTensors;
      const inputs = createInputs(shape, center, size);
      const { rows, columns, x, scale, offset } = inputs;
      const tensors = asTensors(inputs, shape);
      const outputs = run(kernel, tensors);
      const [y, mean, second] = outputs.map((tensor) => tensor.dataSync());
      expect(outputs[0]!.shape).toEqual(shape);
      expect(outputs[1]!.shape).toEqual(groups === 'rows' ? shape.slice(0, -1) : [columns]);
      expect(outputs[2]!.shape).toEqual(outputs[1]!.shape);

      const expected = normalized(rows, columns, groups, epsilon)(asDoubles(inputs));
      const known = statistics(x, rows, columns, groups);
      x.forEach((value, i) => {
        const group = groups === 'rows' ? Math.floor(i / columns) : i % columns;
        const factor = scale[i % columns]! / Math.sqrt(known.variance[group]! + epsilon);
        const terms = (Math.abs(value) + Math.abs(known.mean[group]!)) * factor + Math.abs(offset[i % columns]!);
        expect(Math.abs(y![i]! - expected[i]!)).toBeLessThanOrEqual(4e-7 * terms);
      });
      known.mean.forEach((value, group) => {
        expect(Math.abs(mean![group]! - value)).toBeLessThanOrEqual(1e-7 * Math.max(Math.abs(center), size));
        const variance = known.variance[group]!;
        const exact = groups === 'rows' ? 1 / Math.sqrt(variance + epsilon) : variance;
        expect(Math.abs(second![group]! - exact)).toBeLessThanOrEqual(1e-7 * exact + 1e-30);
      });
      tf.dispose([tensors, outputs]);
      expect(tf.memory().numTensors).toBe(before);
    });

    it.each([
      [0, 1],
      [2, 0.1],
      [0, 30],
    ])('around %d with distances of %d has the gradients of float64', (center, size) => {
      const before = tf.memory().numTensors;
      const inputs = createInputs(shape, center, size);
      const actual = gradients(kernel, inputs, shape);
      const reference = normalized(inputs.rows, inputs.columns, groups, epsilon);
      const { variance } = statistics(inputs.x, inputs.rows, inputs.columns, groups);
      ['x', 'scale', 'offset'].forEach((name, i) => {
        const slopes = numericalGradient(
          reference,
          asDoubles(inputs),
          name,
          inputs.dy,
          name === 'x' ? 1e-3 * size : 1e-2,
        );
        // The terms of dx that may cancel are as large as 1 / √(variance + ε).
        const floor = name === 'x' ? 1 / Math.sqrt(Math.min(...variance) + epsilon) : 0.1;
        expect(largestGradientError(actual[i]!, slopes, floor)).toBeLessThanOrEqual(4e-6);
      });
      expect(tf.memory().numTensors).toBe(before);
    });
  });

  it.each([[[0, 4]], [[3, 0]], [[0]], [[2, 0, 3]]])('takes an empty x [%s]', (shape) => {
    const before = tf.memory().numTensors;
    const inputs = createInputs(shape);
    const outputs = tf.tidy(() => run(kernel, asTensors(inputs, shape)));
    expect(outputs[0]!.shape).toEqual(shape);
    const [dx, dscale, doffset] = gradients(kernel, inputs, shape);
    expect(dx!.length).toBe(0);
    expect([...dscale!, ...doffset!]).toEqual(new Array(2 * inputs.columns).fill(0));
    tf.dispose(outputs);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('of equal numbers is the offset', () => {
    const shape = [5, 6];
    const inputs = { ...createInputs(shape), x: new Float32Array(30).fill(0.1) };
    const y = tf.tidy(() => run(kernel, asTensors(inputs, shape))[0]!.dataSync());
    y.forEach((value, i) => {
      expect(value).toBeCloseTo(inputs.offset[i % 6]!, 5);
    });
  });

  it('keeps what is no number within its group', () => {
    const shape = [4, 5];
    const inputs = createInputs(shape);
    inputs.x[7] = Number.NaN;
    const y = tf.tidy(() => run(kernel, asTensors(inputs, shape))[0]!.dataSync());
    y.forEach((value, i) => {
      expect(Number.isNaN(value)).toBe(groups === 'rows' ? Math.floor(i / 5) === 1 : i % 5 === 2);
    });
  });

  it('has a gradient of the gradient, as composed of other kernels', () => {
    const before = tf.memory().numTensors;
    const shape = [3, 5];
    const inputs = createInputs(shape);
    const axis = groups === 'rows' ? 1 : 0;
    const composed = ([x, scale, offset]: tf.Tensor[]) => {
      const { mean, variance } = tf.moments(x!, axis, true);
      return x!.sub(mean).div(variance.add(epsilon).sqrt()).mul(scale!).add(offset!);
    };
    const second = (f: (tensors: tf.Tensor[]) => tf.Tensor) =>
      tf.tidy(() => {
        const squaredNorm = (...tensors: tf.Tensor[]) => {
          const [dx, dscale] = tf.grads((...inner: tf.Tensor[]) => f(inner).square().mul(f(inner)))(tensors);
          return dx!.square().sum().add(dscale!.square().sum()) as tf.Scalar;
        };
        return tf
          .grads(squaredNorm)(asTensors(inputs, shape))
          .map((gradient) => gradient.dataSync());
      });
    const [ours, theirs] = [second((tensors) => run(kernel, tensors)[0]!), second(composed)];
    ours.forEach((values, i) => {
      const scale = Math.max(...theirs[i]!.map(Math.abs));
      values.forEach((value, j) => {
        expect(Math.abs(value - theirs[i]![j]!)).toBeLessThanOrEqual(1e-4 * scale);
      });
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('says what it takes', () => {
    const [x, scale, offset] = [tf.zeros([2, 3]), tf.zeros([3]), tf.zeros([2])];
    expect(() => run(kernel, [x, scale, offset])).toThrow(
      `${kernel} takes a float32 offset [3] for x [2,3], not float32 [2].`,
    );
    expect(() => run(kernel, [tf.scalar(1), scale, offset])).toThrow(
      `${kernel} takes a float32 x of one or more axes, not float32 [].`,
    );
    expect(() => run(kernel, [x.toInt(), scale, offset])).toThrow('not int32 [2,3]');
    expect(() => run(kernel, [x, scale])).toThrow(`${kernel} takes a float32 offset [3] for x [2,3], not nothing.`);
  });
});

describe('the statistics', () => {
  // Each number is as far from the first one as it can be: all the others are alike.
  it.each(kernels)('of $kernel bear a first number far from all others', ({ kernel, groups }) => {
    const count = 10_000;
    const x = randomNumbers(count, 5).map((number) => number / 1000);
    x[0] = 1e4;
    const [rows, columns] = groups === 'rows' ? [1, count] : [count, 1];
    const [, mean, second] = tf.tidy(() =>
      run(kernel, [tf.tensor2d(x, [rows, columns]), tf.ones([columns]), tf.zeros([columns])], { epsilon: 0 }).map(
        (tensor) => tensor.dataSync()[0]!,
      ),
    );
    const known = statistics(x, rows, columns, groups);
    const exact = groups === 'rows' ? 1 / Math.sqrt(known.variance[0]!) : known.variance[0]!;
    expect(Math.abs(mean! - known.mean[0]!)).toBeLessThanOrEqual(1e-7 * known.mean[0]!);
    expect(Math.abs(second! - exact)).toBeLessThanOrEqual(1e-7 * exact);
  });

  it('would miss their tolerance in float32', () => {
    const x = createInputs([1, 1000], 1e4, 100).x;
    let [sum, squares] = [0, 0];
    x.forEach((value) => {
      sum = Math.fround(sum + value);
      squares = Math.fround(squares + Math.fround(value * value));
    });
    const variance = squares / 1000 - (sum / 1000) ** 2;
    const exact = statistics(x, 1, 1000, 'rows').variance[0]!;
    expect(Math.abs(variance - exact)).toBeGreaterThan(1e-4 * exact);
  });
});

describe('the check of gradients', () => {
  it('refuses a gradient that takes mean and variance for constants', () => {
    const shape = [4, 6];
    const inputs = createInputs(shape);
    const slopes = numericalGradient(normalized(4, 6, 'rows', epsilon), asDoubles(inputs), 'x', inputs.dy, 1e-3);
    const { variance } = statistics(inputs.x, 4, 6, 'rows');
    const careless = inputs.dy.map(
      (dy, i) => (dy * inputs.scale[i % 6]!) / Math.sqrt(variance[Math.floor(i / 6)]! + epsilon),
    );
    expect(largestGradientError(gradients('LayerNorm', inputs, shape)[0]!, slopes)).toBeLessThan(4e-6);
    expect(largestGradientError(careless, slopes)).toBeGreaterThan(0.01);
  });
});
