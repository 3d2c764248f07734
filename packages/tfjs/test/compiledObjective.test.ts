import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { compiledObjective } from '../src/index.js';

const BATCH = 7;
const UNITS = 4;

const wave = (shape: number[], seed: number) =>
  tf.tidy(() => tf.sin(tf.linspace(seed, 40 * seed, tf.util.sizeFromShape(shape))).reshape(shape));

function compile(
  loss: string,
  activation: NonNullable<Parameters<typeof tf.layers.activation>[0]['activation']>,
  apart = false,
) {
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
function oracle(
  model: tf.LayersModel,
  x: tf.Tensor,
  y: tf.Tensor,
  activation: string,
  loss: string,
): Promise<number[]> {
  const f = (z: tf.Tensor) =>
    (tf.layers.activation({ activation: activation as 'tanh' }).apply(z) as tf.Tensor).clone();
  const [kernel, bias] = model.getWeights();
  const gradients = Array.from({ length: BATCH }, (_, i) =>
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
      return tf.grad(lossOf)(z);
    }),
  );
  return Promise.all(gradients.map(async (gradient) => Math.hypot(...(await gradient.data()))));
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
  ['meanSquaredError', 'relu6'],
  ['meanSquaredError', 'elu'],
  ['meanSquaredError', 'softplus'],
  ['meanSquaredError', 'softsign'],
  ['meanSquaredError', 'hardSigmoid'],
] as const)('the score of a model compiled with %s that ends in %s', (loss, activation) => {
  it.each([false, true])(
    'is the norm of the gradient at the pre-activation (activation in its own layer: %s)',
    async (apart) => {
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
      const expected = await oracle(model, x, y, activation, loss);
      Array.from(await scores.data()).forEach((score, i) => {
        expect(Math.abs(score - expected[i])).toBeLessThan(1e-5 + 1e-4 * expected[i]);
      });
    },
  );
});

describe('the objective of a compiled model', () => {
  it('adds the losses of several outputs and takes the norm of all their gradients together', async () => {
    const input = tf.input({ shape: [2] });
    const heads = [2, 3].map((units) => tf.layers.dense({ units }).apply(input) as tf.SymbolicTensor);
    const model = tf.model({ inputs: input, outputs: heads });
    model.compile({ optimizer: 'sgd', loss: ['meanSquaredError', 'meanSquaredError'] });
    const outputs = [tf.tensor2d([[1, 0]]), tf.tensor2d([[0, 0, 3]])];
    const targets = [tf.zeros([1, 2]), tf.zeros([1, 3])];
    const { losses, scores } = compiledObjective(model)(targets, outputs);
    expect((await losses().data())[0]).toBeCloseTo(1 / 2 + 9 / 3, 6);
    expect((await scores().data())[0]).toBeCloseTo(Math.hypot(2 / 2, 6 / 3), 6);
  });

  it('averages the losses of a sample over time', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4, 2] })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const outputs = tf.tensor3d([[[1], [2], [3], [4]]]);
    const { losses, scores } = compiledObjective(model)(tf.zeros([1, 4, 1]), outputs);
    expect((await losses().data())[0]).toBeCloseTo((1 + 4 + 9 + 16) / 4, 6);
    expect((await scores().data())[0]).toBeCloseTo((2 / 4) * Math.hypot(1, 2, 3, 4), 6);
  });

  it('refuses a loss that reduces over the batch, and a score that could see one of two outputs only', () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    const reduced = (y: tf.Tensor, z: tf.Tensor) => tf.losses.meanSquaredError(y, z);
    model.compile({ optimizer: 'sgd', loss: reduced });
    const verdict = compiledObjective(model)(tf.zeros([2, 1]), tf.ones([2, 1]));
    expect(() => verdict.losses()).toThrow(/one value for the whole batch/);

    const input = tf.input({ shape: [1] });
    const head = () => tf.layers.dense({ units: 1 }).apply(input) as tf.SymbolicTensor;
    const two = tf.model({ inputs: input, outputs: [head(), head()] });
    two.compile({ optimizer: 'sgd', loss: ['meanSquaredError', 'meanSquaredError'] });
    expect(() => compiledObjective(two, (y) => tf.sum(y, 1) as tf.Tensor1D)).toThrow(/2 outputs/);
  });
});
