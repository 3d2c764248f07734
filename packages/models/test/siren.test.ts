import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { siren } from '../src/index.js';
import { expectVariance } from './expectVariance.js';
import { trackModels, weightsOf } from './trackModels.js';

const { keep } = trackModels();

const meanSquaredError = (model: tf.LayersModel, x: tf.Tensor, y: tf.Tensor) =>
  tf.losses.meanSquaredError(y, model.apply(x, { training: true }) as tf.Tensor) as tf.Scalar;

/** Points of a grid on [−1, 1]², and a pattern of eight waves on it: [side², 2] and [side², 1]. */
function waves(side: number) {
  const at = (i: number) => (2 * i) / (side - 1) - 1;
  const points = Array.from({ length: side * side }, (_, i) => [at(i % side), at(Math.floor(i / side))] as const);
  return {
    x: tf.tensor2d(points.flat(), [side * side, 2]),
    y: tf.tensor2d(points.map(([a, b]) => [Math.sin(8 * Math.PI * a) * Math.cos(Math.PI * b)])),
  };
}

describe('siren', () => {
  test.each([
    [2, 3, 5, 256],
    [3, 1, 1, 4],
    [1, 2, 2, 7],
  ])(
    'from %i coordinates to %i values, %i layers of %i: shapes and number of parameters',
    (coordinates, outputs, depth, width) => {
      const model = keep(siren({ coordinates, outputs, depth, width }));
      const hidden = (coordinates + 1) * width + (depth - 1) * (width + 1) * width;
      expect(model.countParams()).toBe(hidden + (width + 1) * outputs);
      tf.tidy(() => {
        expect((model.predict(tf.ones([4, coordinates])) as tf.Tensor).shape).toEqual([4, outputs]);
      });
    },
  );

  test.each([30, 10])('starts with the variances of the paper for a frequency of %i', (frequency) => {
    const width = 200;
    const model = keep(siren({ coordinates: 40, outputs: 100, depth: 2, width, frequency, seed: 7 }));
    const [first, firstBias, second, , last, lastBias] = weightsOf(model) as Float32Array[];
    const uniform = (limit: number) => limit ** 2 / 3;
    const later = uniform(Math.sqrt(6 / width) / frequency);
    expectVariance(first!, uniform(1 / 40));
    expectVariance(firstBias!, uniform(1 / Math.sqrt(40)));
    expectVariance(second!, later);
    expectVariance(last!, later);
    expect(() => expectVariance(second!, 1.05 * later)).toThrow();
    expect(lastBias!.every((value) => value === 0)).toBe(true);
  });

  test('has activations of the same size in every layer, which a kernel without ω₀ would not give', () => {
    const model = keep(siren({ coordinates: 2, outputs: 1, width: 64, seed: 3 }));
    const sines = model.layers.filter((layer) => layer.getClassName() === 'SineDense');
    const inside = tf.model({ inputs: model.inputs, outputs: sines.map(({ output }) => output as tf.SymbolicTensor) });
    const meanSquares = () =>
      tf.tidy(() => {
        const activations = inside.predict(tf.randomUniform([300, 2], -1, 1, 'float32', 1)) as tf.Tensor[];
        return activations.map((own) => tf.mean(tf.square(own)).dataSync()[0]!);
      });
    // Sines of phases that are spread over periods have a mean square of 1/2.
    for (const value of meanSquares()) expect(Math.abs(value - 0.5)).toBeLessThan(0.05);
    tf.tidy(() => model.setWeights(model.getWeights().map((weight) => tf.div(weight, 30))));
    expect(meanSquares().at(-1)).toBeLessThan(0.1);
  });

  test('has the same weights bit for bit for the same seed, and others in every layer for another', () => {
    const make = (seed?: number) =>
      weightsOf(keep(siren({ coordinates: 2, outputs: 1, depth: 3, width: 4, seed }))).slice(0, -1);
    expect(make(7)).toEqual(make(7));
    expect(make()).toEqual(make(0));
    const other = make(8);
    for (const [i, weight] of make(7).entries()) expect(weight).not.toEqual(other[i]);
    expect(new Set(make(7).map((weight) => weight.slice(0, 4).join())).size).toBe(7);
  });

  test('learns eight waves, which a frequency of 1 does not', () => {
    const { x, y } = waves(33);
    const lossAfter = (frequency: number) => {
      const model = keep(siren({ coordinates: 2, outputs: 1, depth: 2, width: 24, frequency, seed: 1 }));
      const optimizer = tf.train.adam(0.003);
      for (let step = 0; step < 40; step++) optimizer.minimize(() => meanSquaredError(model, x, y));
      optimizer.dispose();
      return tf.tidy(() => meanSquaredError(model, x, y).dataSync()[0]!);
    };
    expect(lossAfter(30)).toBeLessThan(0.02);
    expect(lossAfter(1)).toBeGreaterThan(0.15);
    tf.dispose([x, y]);
  });

  test.each([
    [{ coordinates: 0 }, 'coordinates is 0'],
    [{ outputs: 1.5 }, 'outputs is 1.5'],
    [{ depth: 0 }, 'depth is 0'],
    [{ width: -1 }, 'width is -1'],
    [{ frequency: 0 }, 'frequency is 0; it must be a positive number.'],
    [{ frequency: Number.NaN }, 'frequency is NaN'],
    [{ seed: 0.5 }, 'seed is 0.5'],
  ])('refuses %j', (change, message) => {
    expect(() => siren({ coordinates: 2, outputs: 1, ...change })).toThrow(message);
  });
});
