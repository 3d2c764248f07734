import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { Lstm, lstmClassifier } from '../src/index.js';
import { expectVariance } from './expectVariance.js';
import { differenceOfLayers, ROUNDING } from './layerBehaviour.js';
import { lossesOf, trackModels, weightsOf } from './trackModels.js';

const initializers = () => ({
  kernelInitializer: tf.initializers.glorotUniform({ seed: 3 }),
  recurrentInitializer: tf.initializers.glorotUniform({ seed: 4 }),
});

describe('Lstm', () => {
  trackModels();

  const stock = (units: number, recurrentActivation: 'sigmoid' | 'hardSigmoid' = 'sigmoid') =>
    tf.layers.lstm({ units, recurrentActivation, unitForgetBias: true, ...initializers() });

  test.each([
    [2, 5, 3, 4],
    [3, 2, 4, 7],
    [1, 7, 1, 1],
  ])(
    'is that of TF.js, weights and gradients alike: batch %i, time %i, features %i, units %i',
    (batch, time, features, units) => {
      const own = new Lstm({ units, ...initializers() });
      expect(differenceOfLayers(own, stock(units), [batch, time, features])).toBeLessThan(ROUNDING);
    },
  );

  test('differs from one with another activation of the gates, as the comparison notices', () => {
    const own = new Lstm({ units: 4, ...initializers() });
    expect(differenceOfLayers(own, stock(4, 'hardSigmoid'), [2, 5, 3])).toBeGreaterThan(100 * ROUNDING);
  });

  test('has a gradient for a sequence of one step, for which TF.js has none', () => {
    const layer = new Lstm({ units: 3, ...initializers() });
    tf.tidy(() => {
      const x = tf.tensor3d([0.3, -0.8], [1, 1, 2]);
      const f = (x: tf.Tensor) => tf.sum(tf.square(layer.apply(x) as tf.Tensor));
      f(x);
      const gradient = tf.grad(f)(x).dataSync();
      // Central differences: their error is h² f'''/6, and that of rounding 2⁻²⁴ f/h.
      const h = 2 ** -7;
      for (const i of [0, 1]) {
        const step = tf.tensor3d(
          [0, 1].map((k) => (k === i ? h : 0)),
          [1, 1, 2],
        );
        const difference = tf.sub(f(tf.add(x, step)), f(tf.sub(x, step))).dataSync()[0]!;
        expect(gradient[i]).toBeCloseTo(difference / (2 * h), 4);
      }
    });
    layer.dispose();
  });

  test('starts with orthogonal rows and a bias of 1 for the forget gates', () => {
    const layer = new Lstm({ units: 5 });
    tf.tidy(() => {
      layer.apply(tf.zeros([1, 3, 2]));
      const [, recurrent, bias] = layer.getWeights() as [tf.Tensor, tf.Tensor, tf.Tensor];
      const products = tf.matMul(recurrent, recurrent, false, true).arraySync() as number[][];
      products.forEach((row, i) => {
        row.forEach((product, j) => {
          expect(product).toBeCloseTo(i === j ? 1 : 0, 6);
        });
      });
      expect(Array.from(bias.dataSync())).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, ...new Array(10).fill(0)]);
    });
    layer.dispose();
  });
});

describe('lstmClassifier', () => {
  const { keep } = trackModels();

  test.each([
    [[28, 28], 128, 10],
    [[784, 1], 4, 10],
    [[1, 3], 2, 2],
  ] as const)('from %j with %i units to %i classes: shapes and number of parameters', (inputShape, units, classes) => {
    const model = keep(lstmClassifier({ inputShape, classes, units }));
    const [, features] = inputShape;
    expect(model.countParams()).toBe(4 * units * (features + units + 1) + (units + 1) * classes);
    tf.tidy(() => {
      expect((model.predict(tf.ones([2, ...inputShape])) as tf.Tensor).shape).toEqual([2, classes]);
    });
  });

  test('has the same weights bit for bit for the same seed, and others in every kernel for another', () => {
    const make = (seed?: number) => weightsOf(keep(lstmClassifier({ inputShape: [3, 2], classes: 3, units: 4, seed })));
    const [own, other] = [make(7), make(8)];
    expect(make(7)).toEqual(own);
    expect(make()).toEqual(make(0));
    const kernels = own.flatMap((weight, i) => (weight.some((value) => value !== 0 && value !== 1) ? [i] : []));
    expect(kernels).toEqual([0, 1, 3]);
    for (const i of kernels) expect(own[i]).not.toEqual(other[i]);
  });

  test("starts with recurrent rows of Glorot's variance, or orthogonal ones of length 1", () => {
    const recurrent = (recurrentInitializer?: 'orthogonal' | 'glorot') =>
      weightsOf(keep(lstmClassifier({ inputShape: [2, 1], classes: 2, units: 64, recurrentInitializer, seed: 7 })))[1]!;
    const glorot = recurrent('glorot');
    expectVariance(glorot, 2 / (64 + 256));
    expect(() => expectVariance(glorot, 1.05 * (2 / (64 + 256)))).toThrow();
    expect(recurrent()).toEqual(recurrent('orthogonal'));
    // 64 rows of length 1.
    const meanSquare = recurrent().reduce((sum, value) => sum + value * value, 0) / 64;
    expect(meanSquare).toBeCloseTo(1, 6);
  });

  test('learns to tell sequences by their first step, five steps later', () => {
    const x = tf.randomNormal([32, 6, 2], 0, 1, 'float32', 1);
    const y = tf.tidy(() => {
      const isPositive = tf.greater(tf.slice(x, [0, 0, 0], [32, 1, 1]).reshape([32]), 0);
      return tf.cast(tf.oneHot(tf.cast(isPositive, 'int32'), 2), 'float32');
    });
    const model = keep(lstmClassifier({ inputShape: [6, 2], classes: 2, units: 8, seed: 1 }));
    const { before, after } = lossesOf(model, x, y, 60, 0.05);
    expect(before).toBeGreaterThan(0.5);
    expect(after).toBeLessThan(0.05);
    tf.dispose([x, y]);
  });

  test.each([
    [{ inputShape: [8] as unknown as [number, number] }, 'inputShape is [8]; it must be [time, features].'],
    [{ inputShape: [0, 1] as [number, number] }, 'inputShape[0] is 0'],
    [{ classes: 0 }, 'classes is 0'],
    [{ units: 2.5 }, 'units is 2.5'],
    [
      { recurrentInitializer: 'zeros' as 'glorot' },
      'recurrentInitializer is "zeros"; it must be one of orthogonal, glorot.',
    ],
    [{ seed: -1 }, 'seed is -1'],
  ])('refuses %j', (change, message) => {
    expect(() => lstmClassifier({ inputShape: [4, 2], classes: 2, ...change })).toThrow(message);
  });
});

// Not among those that count tensors: TF.js keeps what it saved for a gradient that throws.
test('Lstm refuses a gradient of its gradient, which would be wrong', () => {
  const layer = new Lstm({ units: 4 });
  const slope = tf.grad((x) => tf.sum(layer.apply(x) as tf.Tensor));
  expect(() => tf.grad((x) => tf.sum(slope(x)))(tf.ones([2, 4, 3]))).toThrow('Lstm has no gradient of its gradient');
});
