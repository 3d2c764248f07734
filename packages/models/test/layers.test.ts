import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { resnet18 } from '../src/index.js';
import { BatchNormalization } from '../src/layers/BatchNormalization.js';
import { FeatureNormalization } from '../src/layers/FeatureNormalization.js';
import { Gelu } from '../src/layers/Gelu.js';
import { SelfAttention } from '../src/layers/SelfAttention.js';
import { trackModels, weightsOf } from './trackModels.js';

const { keep } = trackModels();

/** Output, gradients at x and at the trained weights for a fixed gradient at the output, and all weights afterwards. */
function behaviour(layer: tf.layers.Layer, x: tf.Tensor, training: boolean): number[][] {
  return tf.tidy(() => {
    const output = layer.apply(x, { training }) as tf.Tensor;
    layer.setWeights(layer.getWeights().map((weight, i) => tf.add(weight, 0.1 * (i + 1))));
    const dy = tf.randomNormal(output.shape, 0, 1, 'float32', 2);
    const variable = tf.variable(x);
    const trained = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const { value, grads } = tf.variableGrads(
      () => tf.sum(tf.mul(layer.apply(variable, { training }) as tf.Tensor, dy)) as tf.Scalar,
      [variable, ...trained],
    );
    variable.dispose();
    const gradients = [variable, ...trained].map(({ name }) => grads[name]!);
    return [output, value, ...gradients, ...layer.getWeights()].map((tensor) => Array.from(tensor.dataSync()));
  });
}

/** Largest difference in behaviour between two layers, relative to the largest number of the same tensor. */
function difference(layer: tf.layers.Layer, stock: tf.layers.Layer, shape: number[], training = false): number {
  const x = tf.randomNormal(shape, 0.5, 2, 'float32', 1);
  const [own, expected] = [behaviour(layer, x, training), behaviour(stock, x, training)];
  tf.dispose(x);
  layer.dispose();
  stock.dispose();
  expect(own.map((values) => values.length)).toEqual(expected.map((values) => values.length));
  const largest = (values: number[]) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const ofTensors = expected.map(
    (values, i) => largest(values.map((value, k) => own[i]![k]! - value)) / largest(values),
  );
  return largest(ofTensors);
}

/** A hundred roundings of float32: more than there are in the sums over the 24 values that the layers below make. */
const ROUNDING = 100 * 2 ** -24;

test('layer normalisation is that of TF.js, with the same gradients', () => {
  const stock = tf.layers.layerNormalization({ epsilon: 1e-6 });
  expect(difference(new FeatureNormalization({}), stock, [2, 3, 8])).toBeLessThan(ROUNDING);
});

const images = [3, 4, 2, 5];

test.each([true, false])(
  'batch normalisation is that of TF.js, with the same gradients and moving averages (training: %s)',
  (training) => {
    const stock = tf.layers.batchNormalization({ epsilon: 1e-5, momentum: 0.9 });
    expect(difference(new BatchNormalization({}), stock, images, training)).toBeLessThan(ROUNDING);
  },
);

test.each([
  { epsilon: 1e-3, momentum: 0.9 },
  { epsilon: 1e-5, momentum: 0.91 },
])('the comparison would notice %j', (other) => {
  const stock = tf.layers.batchNormalization(other);
  expect(difference(new BatchNormalization({}), stock, images, true)).toBeGreaterThan(2 * ROUNDING);
});

test('a resnet18 is saved and loaded with layers of TF.js alone, and predicts the same', async () => {
  const model = keep(resnet18({ inputShape: [8, 8, 1], classes: 2, width: 2, seed: 1 }));
  const x = tf.randomNormal([2, 8, 8, 1], 0, 1, 'float32', 1);
  tf.dispose(model.apply(x, { training: true }) as tf.Tensor);
  let saved: tf.io.ModelArtifacts = {};
  const save = async (artifacts: tf.io.ModelArtifacts) => {
    saved = artifacts;
    return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
  };
  await model.save({ save });
  const loaded = keep(await tf.loadLayersModel(tf.io.fromMemory(saved)));
  expect(weightsOf(loaded)).toEqual(weightsOf(model));
  tf.tidy(() => {
    const [own, other] = [model, loaded].map((each) => (each.predict(x) as tf.Tensor).dataSync());
    own!.forEach((value, i) => {
      expect(other![i]).toBeCloseTo(value, 5);
    });
  });
  tf.dispose(x);
});

test('GELU is the one that TF.js calls gelu_new, with the same gradient', () => {
  const stock = tf.layers.activation({ activation: 'gelu_new' as 'relu' });
  expect(difference(new Gelu({}), stock, [2, 3, 8])).toBeLessThan(ROUNDING);
});

test('attention is that of the formula, head by head', () => {
  const [tokens, heads, size] = [3, 2, 4];
  const width = heads * size;
  const x = tf.randomNormal([1, tokens, 3 * width], 0, 1, 'float32', 1);
  const values = x.dataSync();
  const at = (part: number, token: number, head: number, i: number) =>
    values[token * 3 * width + part * width + head * size + i]!;
  const output = tf.tidy(() => (new SelfAttention(heads).apply(x) as tf.Tensor).dataSync());
  for (let head = 0; head < heads; head++) {
    for (let token = 0; token < tokens; token++) {
      const likeness = Array.from({ length: tokens }, (_, other) => {
        let product = 0;
        for (let i = 0; i < size; i++) product += at(0, token, head, i) * at(1, other, head, i);
        return Math.exp(product / Math.sqrt(size));
      });
      const sum = likeness.reduce((total, own) => total + own);
      for (let i = 0; i < size; i++) {
        const expected = likeness.reduce((total, own, other) => total + (own / sum) * at(2, other, head, i), 0);
        expect(output[token * width + head * size + i]).toBeCloseTo(expected, 5);
      }
    }
  }
  tf.dispose(x);
});
