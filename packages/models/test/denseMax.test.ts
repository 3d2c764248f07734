import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { DenseMax } from '../src/index.js';
import { differenceOfLayers, ROUNDING } from './layerBehaviour.js';

const kernelInitializer = () => tf.initializers.glorotUniform({ seed: 3 });

const stock = (units: number, inputShape: number[], pool: () => tf.layers.Layer) =>
  tf.sequential({
    layers: [tf.layers.dense({ units, inputShape, kernelInitializer: kernelInitializer() }), pool()],
  }) as tf.layers.Layer;

test.each([
  [2, 9, 3, 5],
  [1, 1, 4, 1],
  [3, 4, 1, 7],
])(
  'is a dense layer and global max pooling, weights and gradients alike: batch %i, points %i, features %i, units %i',
  (batch, points, features, units) => {
    const own = new DenseMax({ units, kernelInitializer: kernelInitializer() });
    const pooled = stock(units, [points, features], () => tf.layers.globalMaxPooling1d());
    expect(differenceOfLayers(own, pooled, [batch, points, features])).toBeLessThan(ROUNDING);
  },
);

test('differs from average pooling, as the comparison notices', () => {
  const own = new DenseMax({ units: 5, kernelInitializer: kernelInitializer() });
  const pooled = stock(5, [9, 3], () => tf.layers.globalAveragePooling1d());
  expect(differenceOfLayers(own, pooled, [2, 9, 3])).toBeGreaterThan(1000 * ROUNDING);
});

test('gives the gradient to the first of points that are the same', () => {
  tf.tidy(() => {
    const layer = new DenseMax({ units: 2, kernelInitializer: tf.initializers.ones() });
    const x = tf.tensor3d([1, 2, 3, 4, 3, 4], [1, 3, 2]);
    const dx = tf.grad((x: tf.Tensor) => tf.sum(layer.apply(x) as tf.Tensor))(x);
    expect(Array.from(dx.dataSync())).toEqual([0, 0, 2, 2, 0, 0]);
    layer.dispose();
  });
});

test('has second derivatives', () => {
  tf.tidy(() => {
    const layer = new DenseMax({ units: 1, kernelInitializer: tf.initializers.ones() });
    const cube = (x: tf.Tensor) => tf.sum(tf.pow(layer.apply(x) as tf.Tensor, 3));
    const second = tf.grad((x: tf.Tensor) => tf.sum(tf.grad(cube)(x)));
    // (x₁ + x₂)³ of the larger point [2, 1]: 6 (x₁ + x₂) for each of two gradients.
    expect(Array.from(second(tf.tensor3d([1, 1, 2, 1], [1, 2, 2])).dataSync())).toEqual([0, 0, 36, 36]);
    layer.dispose();
  });
});
