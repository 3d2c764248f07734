import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { compiledObjective } from '../src/index.js';

const BATCH = 7;
const UNITS = 4;

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const wave = (shape: number[], seed: number) =>
  tf.tidy(() => tf.sin(tf.linspace(seed, 40 * seed, tf.util.sizeFromShape(shape))).reshape(shape));

function compile(loss: string, activation: 'linear' | 'softmax' | 'sigmoid' | 'tanh' | 'relu', apart = false) {
  const kernelInitializer = tf.initializers.glorotNormal({ seed: 1 });
  const dense = { units: UNITS, inputShape: [3], kernelInitializer };
  const layers = apart
    ? [tf.layers.dense(dense), tf.layers.activation({ activation })]
    : [tf.layers.dense({ ...dense, activation })];
  const model = tf.sequential({ layers });
  model.compile({ optimizer: 'sgd', loss });
  return model;
}

/** Scores by differentiating the loss through the activation, one sample at a time: nothing shared with the code under test. */
function oracle(model: tf.LayersModel, x: tf.Tensor, y: tf.Tensor, activation: string, loss: string): number[] {
  const f = (z: tf.Tensor) =>
    (tf.layers.activation({ activation: activation as 'tanh' }).apply(z) as tf.Tensor).clone();
  const [kernel, bias] = model.getWeights();
  return Array.from({ length: BATCH }, (_, i) =>
    tf.tidy(() => {
      const target = y.slice([i], [1]);
      const lossOf = (z: tf.Tensor): tf.Scalar => {
        const p = f(z);
        switch (loss) {
          case 'meanSquaredError':
            return tf.mean(tf.squaredDifference(p, target)) as tf.Scalar;
          case 'meanAbsoluteError':
            return tf.mean(tf.abs(tf.sub(p, target))) as tf.Scalar;
          case 'binaryCrossentropy':
            return tf.neg(
              tf.mean(tf.add(tf.mul(target, tf.log(p)), tf.mul(tf.sub(1, target), tf.log(tf.sub(1, p))))),
            ) as tf.Scalar;
          case 'sparseCategoricalCrossentropy':
            return tf.neg(tf.sum(tf.mul(tf.oneHot(target.reshape([1]).toInt(), UNITS), tf.log(p)))) as tf.Scalar;
          default:
            return tf.neg(tf.sum(tf.mul(target, tf.log(p)))) as tf.Scalar;
        }
      };
      const z = tf.add(tf.matMul(x.slice([i], [1]) as tf.Tensor2D, kernel as tf.Tensor2D), bias);
      return tf.norm(tf.grad(lossOf)(z)).dataSync()[0];
    }),
  );
}

describe.each([
  ['categoricalCrossentropy', 'softmax'],
  ['sparseCategoricalCrossentropy', 'softmax'],
  ['meanSquaredError', 'softmax'],
  ['binaryCrossentropy', 'sigmoid'],
  ['meanSquaredError', 'sigmoid'],
  ['meanSquaredError', 'linear'],
  ['meanAbsoluteError', 'linear'],
  ['meanSquaredError', 'tanh'],
  ['meanSquaredError', 'relu'],
] as const)('the score of a model compiled with %s that ends in %s', (loss, activation) => {
  it.each([false, true])(
    'is the norm of the gradient at the pre-activation (activation in its own layer: %s)',
    (apart) => {
      const model = compile(loss, activation, apart);
      const x = wave([BATCH, 3], 1);
      const y =
        loss === 'sparseCategoricalCrossentropy'
          ? tf.tensor2d([0, 1, 2, 3, 2, 1, 0], [BATCH, 1])
          : loss === 'categoricalCrossentropy'
            ? tf.softmax(wave([BATCH, UNITS], 2))
            : tf.abs(wave([BATCH, UNITS], 2));
      const scores = tf.tidy(() =>
        compiledObjective(model)(y, model.apply(x, { training: true }) as tf.Tensor).scores(),
      );
      const expected = oracle(model, x, y, activation, loss);
      Array.from(scores.dataSync()).forEach((score, i) => {
        expect(Math.abs(score - expected[i])).toBeLessThan(1e-5 + 1e-4 * expected[i]);
      });
    },
  );
});
