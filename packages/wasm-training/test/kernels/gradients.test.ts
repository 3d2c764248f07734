import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { randomNumbers, randomTensor } from '../support.js';
import { type ArrayFunction, largestGradientError, numericalGradient } from './numericalGradient.js';

beforeAll(async () => {
  await installWasmTraining();
});

/** The coordinates of each element of a shape, in the order of the elements. */
function coordinatesOf(shape: number[]): number[][] {
  return shape.reduce<number[][]>(
    (all, size) => all.flatMap((head) => Array.from({ length: size }, (_, i) => [...head, i])),
    [[]],
  );
}

/** The place of coordinates in a shape; axes of size one count for every coordinate. */
function placeOf(coordinates: number[], shape: number[]): number {
  return shape.reduce((place, size, axis) => place * size + (size === 1 ? 0 : coordinates[axis]! % size), 0);
}

/** Runs `compute` in a tidy and checks that nothing stays behind. */
function withoutLeak<T>(compute: () => T): T {
  const before = tf.memory().numTensors;
  const result = tf.tidy(() => compute() as never) as T;
  expect(tf.memory().numTensors).toBe(before);
  return result;
}

async function kernelsOf(compute: () => tf.Tensor): Promise<string[]> {
  const { kernels } = await tf.profile(() => tf.tidy(compute));
  return kernels.map(({ name }) => name);
}

const axesOf = (mask: number, rank: number) => Array.from({ length: rank }, (_, i) => i).filter((i) => mask & (1 << i));

describe.each([
  ['sum', 'SumGrad', tf.sum],
  ['mean', 'MeanGrad', tf.mean],
] as const)('the gradient of %s', (name, kernel, reduce) => {
  const shapes = [[5], [3, 4], [2, 5, 3], [3, 2, 1, 5], [2, 17, 4], [1, 1], [2, 3, 2, 2, 3]];
  const cases = shapes.flatMap((shape) =>
    Array.from({ length: 2 ** shape.length }, (_, mask) => ({ shape, axes: axesOf(mask, shape.length) })),
  );

  it.each(cases)('of [$shape] over the axes [$axes] is dy for every summand', ({ shape, axes }) => {
    const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
    const count = axes.reduce((product, axis) => product * shape[axis]!, 1);
    const dy = randomNumbers(tf.util.sizeFromShape(kept), 1);
    const expected = coordinatesOf(shape).map((coordinates) => {
      const value = dy[placeOf(coordinates, kept)]!;
      return name === 'mean' ? value / count : value;
    });
    for (const keepDims of [false, true]) {
      const outShape = keepDims ? kept : shape.filter((_, axis) => !axes.includes(axis));
      const dx = withoutLeak(() => {
        const gradient = tf.grad((x) => reduce(x, axes, keepDims))(randomTensor(shape), tf.tensor(dy, outShape));
        expect(gradient.shape).toEqual(shape);
        return Array.from(gradient.dataSync());
      });
      dx.forEach((value, i) => {
        expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(2 ** -23 * Math.abs(expected[i]!));
      });
    }
  });

  it.each([[[0]], [[0, 3]], [[3, 0]]])('of an empty x [%s] is empty', (shape) => {
    const dx = withoutLeak(() => tf.grad((x) => reduce(x, 0))(tf.zeros(shape)).shape);
    expect(dx).toEqual(shape);
  });

  it('runs as one kernel', async () => {
    const x = randomTensor([4, 5, 6]);
    const kernels = await kernelsOf(() => tf.grad((t) => reduce(t, [0, 1]))(x));
    expect(kernels).toContain(kernel);
    expect(kernels).not.toContain('Multiply');
    x.dispose();
  });

  it('of all axes is the same for negative ones and for none', () => {
    const compute = (axis?: number[]) =>
      withoutLeak(() =>
        tf
          .grad((x) => reduce(x, axis))(randomTensor([2, 3]))
          .dataSync(),
      );
    expect(compute([-1, -2])).toEqual(compute());
  });

  it('has a gradient itself', () => {
    // Σ over rows of (Σ xᵢ)²: the gradient of the squared norm of its gradient.
    const x = randomNumbers(12, 4);
    const [rows, columns] = [3, 4];
    const scale = name === 'mean' ? 1 / columns : 1;
    const dxs = withoutLeak(() => {
      const f = (t: tf.Tensor) => reduce(t, 1).square().sum();
      return tf
        .grad((t) => tf.grad(f)(t).square().sum())(tf.tensor2d(x, [rows, columns]))
        .dataSync();
    });
    dxs.forEach((value, i) => {
      const row = Math.floor(i / columns);
      const sum = x.subarray(row * columns, (row + 1) * columns).reduce((total, number) => total + number, 0);
      // ∂ₖ Σⱼ (2 s² Σᵢ xᵢ)² = 8 n s⁴ Σᵢ xᵢ
      expect(Math.abs(value - 8 * columns * scale ** 4 * sum)).toBeLessThanOrEqual(2e-5);
    });
  });
});

describe('the gradient of tile', () => {
  it.each([
    { shape: [3], reps: [1] },
    { shape: [3], reps: [4] },
    { shape: [1], reps: [7] },
    { shape: [2, 3], reps: [1, 5] },
    { shape: [2, 3], reps: [3, 1] },
    { shape: [2, 3], reps: [2, 4] },
    { shape: [1, 1, 6], reps: [5, 4, 1] },
    { shape: [5, 4, 1], reps: [1, 1, 6] },
    { shape: [2, 3, 2], reps: [2, 1, 3] },
    { shape: [2, 1, 3, 2], reps: [1, 3, 2, 2] },
    { shape: [1, 2, 1, 2, 3], reps: [2, 1, 3, 2, 1] },
    { shape: [1, 33], reps: [20, 1] },
    { shape: [0, 3], reps: [2, 2] },
    { shape: [2, 3], reps: [0, 1] },
  ])('of [$shape] by [$reps] is the sum over the copies', ({ shape, reps }) => {
    const tiled = shape.map((size, axis) => size * reps[axis]!);
    const dy = randomNumbers(tf.util.sizeFromShape(tiled), 2);
    const [sums, sizes] = [0, 1].map(() => new Float64Array(tf.util.sizeFromShape(shape))) as [
      Float64Array,
      Float64Array,
    ];
    coordinatesOf(tiled).forEach((coordinates, i) => {
      const place = shape.reduce((index, size, axis) => index * size + (coordinates[axis]! % size), 0);
      sums[place]! += dy[i]!;
      sizes[place]! += Math.abs(dy[i]!);
    });
    const dx = withoutLeak(() => {
      const gradient = tf.grad((x) => tf.tile(x, reps))(randomTensor(shape), tf.tensor(dy, tiled));
      expect(gradient.shape).toEqual(shape);
      return gradient.dataSync();
    });
    expect(dx.length).toBe(sums.length);
    dx.forEach((value, i) => {
      expect(Math.abs(value - sums[i]!)).toBeLessThanOrEqual(1e-6 * sizes[i]!);
    });
  });

  it('runs as one kernel', async () => {
    const x = randomTensor([1, 6]);
    const kernels = await kernelsOf(() => tf.grad((t) => tf.tile(t, [5, 1]))(x));
    expect(kernels).toContain('TileGrad');
    expect(kernels).not.toContain('Slice');
    x.dispose();
  });

  it('has a gradient itself', () => {
    const ddx = withoutLeak(() => {
      const f = (t: tf.Tensor) => tf.tile(t, [3]).square().sum();
      return tf
        .grad((t) => tf.grad(f)(t).square().sum())(tf.tensor1d([1, -2]))
        .dataSync();
    });
    // The gradient is 2 · 3 x, and that of its squared norm 2 · 36 x.
    expect(Array.from(ddx)).toEqual([72, -144]);
  });
});

describe('the gradient of clipByValue', () => {
  it.each([1, 2, 3, 4, 5, 17, 1000])('is dy within the limits for %d numbers', (count) => {
    const [x, dy] = [randomNumbers(count, 1), randomNumbers(count, 2)];
    const dx = withoutLeak(() =>
      tf
        .grad((t) => tf.clipByValue(t, -0.25, 0.5))(tf.tensor1d(x), tf.tensor1d(dy))
        .dataSync(),
    );
    expect(dx).toEqual(dy.map((value, i) => (x[i]! >= -0.25 && x[i]! <= 0.5 ? value : 0)));
  });

  it('counts the limits as within, and NaN as outside', () => {
    const x = [-1, 1, 1.0000001, -1.0000001, Number.NaN, 0, -0, Number.POSITIVE_INFINITY];
    const dx = withoutLeak(() =>
      tf
        .grad((t) => tf.clipByValue(t, -1, 1))(tf.tensor1d(x))
        .dataSync(),
    );
    expect(Array.from(dx)).toEqual([1, 1, 0, 0, 0, 1, 1, 0]);
  });

  it('takes an empty x', () => {
    expect(withoutLeak(() => tf.grad((t) => tf.clipByValue(t, 0, 1))(tf.zeros([0, 2])).shape)).toEqual([0, 2]);
  });
});

describe.each([
  { x: [1, 1, 1, 1], mean: [1] },
  { x: [2, 3, 2, 5], mean: [5] },
  { x: [3, 2, 2, 8], mean: [8] },
  { x: [4, 7], mean: [7] },
  { x: [3, 4, 6], mean: [6] },
  { x: [1, 1, 5, 3], mean: [3] },
  { x: [4, 7], mean: [4, 7] },
  { x: [3, 4, 6], mean: [3, 4, 6] },
  { x: [2, 3, 1, 3], mean: [2, 3, 1, 3] },
])('batchNorm of [$x] by moments [$mean]', ({ x: shape, mean: momentShape }) => {
  const columns = tf.util.sizeFromShape(momentShape);
  const names = ['x', 'mean', 'variance', 'offset', 'scale'];
  const epsilon = 1e-2;
  const inputs: Record<string, Float32Array> = {
    x: randomNumbers(tf.util.sizeFromShape(shape), 1),
    mean: randomNumbers(columns, 2),
    variance: randomNumbers(columns, 3).map((number) => number + 1.1),
    offset: randomNumbers(columns, 4),
    scale: randomNumbers(columns, 5).map((number) => 1 + number / 2),
  };
  const doubles = Object.fromEntries(names.map((name) => [name, Float64Array.from(inputs[name]!)]));
  const reference: ArrayFunction = ({ x, mean, variance, offset, scale }) =>
    x!.map((value, i) => {
      const column = i % columns;
      const deviation = Math.sqrt(variance![column]! + epsilon);
      return ((value - mean![column]!) / deviation) * (scale?.[column] ?? 1) + (offset?.[column] ?? 0);
    });
  const tensorOf = (name: string) => tf.tensor(inputs[name]!, name === 'x' ? shape : momentShape);
  const normalize = ([x, mean, variance, offset, scale]: (tf.Tensor | undefined)[]) =>
    tf.batchNorm(
      x as tf.Tensor4D,
      mean as tf.Tensor1D,
      variance as tf.Tensor1D,
      offset as tf.Tensor1D,
      scale as tf.Tensor1D,
      epsilon,
    );

  it.each([[[]], [['offset']], [['scale']], [['offset', 'scale']]])(
    'equals float64 without [%s]',
    (absent: string[]) => {
      const present = Object.fromEntries(
        names.filter((name) => !absent.includes(name)).map((name) => [name, doubles[name]!]),
      );
      const expected = reference(present);
      const y = withoutLeak(() =>
        normalize(names.map((name) => (absent.includes(name) ? undefined : tensorOf(name)))).dataSync(),
      );
      y.forEach((value, i) => {
        expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(4e-6);
      });
    },
  );

  it('has the gradients of float64', () => {
    const dy = randomNumbers(inputs.x!.length, 6);
    const actual = withoutLeak(() =>
      tf
        .grads((...tensors: tf.Tensor[]) => normalize(tensors))(names.map(tensorOf), tf.tensor(dy, shape))
        .map((gradient, i) => {
          expect(gradient.shape).toEqual(i === 0 ? shape : momentShape);
          return gradient.dataSync();
        }),
    );
    names.forEach((name, i) => {
      const slopes = numericalGradient(reference, doubles, name, dy, 1e-3);
      expect(largestGradientError(actual[i]!, slopes, 0.1)).toBeLessThanOrEqual(4e-6);
    });
  });
});
