import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { BatchNormalization, FeatureNormalization, Gelu, resnet18, SineDense } from '../src/index.js';
import { SelfAttention } from '../src/layers/SelfAttention.js';
import { behaviour, differenceOfLayers, largestDifference, ROUNDING } from './layerBehaviour.js';
import { trackModels, weightsOf } from './trackModels.js';

const { keep } = trackModels();

test('layer normalisation is that of TF.js, with the same gradients', () => {
  const stock = tf.layers.layerNormalization({ epsilon: 1e-6 });
  expect(differenceOfLayers(new FeatureNormalization({}), stock, [2, 3, 8])).toBeLessThan(ROUNDING);
});

const images = [3, 4, 2, 5];

test.each([true, false])(
  'batch normalisation is that of TF.js, with the same gradients and moving averages (training: %s)',
  (training) => {
    const stock = tf.layers.batchNormalization({ epsilon: 1e-5, momentum: 0.9 });
    expect(differenceOfLayers(new BatchNormalization({}), stock, images, training)).toBeLessThan(ROUNDING);
  },
);

test.each([
  { epsilon: 1e-3, momentum: 0.9 },
  { epsilon: 1e-5, momentum: 0.91 },
])('the comparison would notice %j', (other) => {
  const stock = tf.layers.batchNormalization(other);
  expect(differenceOfLayers(new BatchNormalization({}), stock, images, true)).toBeGreaterThan(2 * ROUNDING);
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
  expect(differenceOfLayers(new Gelu({}), stock, [2, 3, 8])).toBeLessThan(ROUNDING);
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

test('a dense layer of sines computes the formula, with its gradients', () => {
  const [rows, inputs, units, frequency] = [10, 3, 4, 7];
  const layer = new SineDense({ units, frequency });
  const x = tf.randomUniform([2, rows / 2, inputs], -1, 1, 'float32', 1);
  const [, value, dx, dKernel, dBias, kernel, bias] = behaviour(layer, x) as number[][];
  const points = x.dataSync();
  const dy = tf.tidy(() => tf.randomNormal([2, rows / 2, units], 0, 1, 'float32', 2).dataSync());
  const zeros = (length: number) => new Array<number>(length).fill(0);
  const expected = { value: 0, dx: zeros(rows * inputs), dKernel: zeros(inputs * units), dBias: zeros(units) };
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit++) {
      let phase = bias![unit]!;
      for (let i = 0; i < inputs; i++) phase += points[row * inputs + i]! * kernel![i * units + unit]!;
      expected.value += Math.sin(frequency * phase) * dy[row * units + unit]!;
      const change = frequency * Math.cos(frequency * phase) * dy[row * units + unit]!;
      expected.dBias[unit]! += change;
      for (let i = 0; i < inputs; i++) {
        expected.dKernel[i * units + unit]! += change * points[row * inputs + i]!;
        expected.dx[row * inputs + i]! += change * kernel![i * units + unit]!;
      }
    }
  }
  const lists = [[expected.value], expected.dx, expected.dKernel, expected.dBias];
  expect(largestDifference([value!, dx!, dKernel!, dBias!], lists)).toBeLessThan(ROUNDING);
  tf.dispose(x);
  layer.dispose();
});
