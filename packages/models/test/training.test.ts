import { installWasmTraining } from '@gradis/wasm-training';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, test } from 'vitest';
import { lstmClassifier, mlp, pointNet, resnet18, siren, smallCnn, visionTransformer } from '../src/index.js';

const STEPS = 500;
const CLASSES = 3;
const DEFAULT_RATE = 2e-3;

/** A model as small as it can be, with the samples and the learning rate that it is trained with. */
interface Training {
  create: () => tf.LayersModel;
  samples?: number;
  rate?: number;
}

/**
 * The zoo. Backends round differently, by 1e-7 of a loss, and that stays so for all these steps. Where the rate is five times
 * as high, sooner or later a value so near to 0 comes to a ReLU, or two that are so alike to a maximum, that the backends are
 * on two sides of it; from there on the losses differ by 1e-4 and more. The residual network comes to that sooner: its batch
 * normalisations divide by standard deviations of a few numbers, which can be tiny.
 */
const zoo: Record<string, Training> = {
  mlp: { create: () => mlp({ inputShape: [8], hidden: [16, 16], outputs: CLASSES, seed: 1 }) },
  smallCnn: {
    create: () => smallCnn({ inputShape: [6, 6, 1], filters: [2, 4], hidden: 8, classes: CLASSES, seed: 1 }),
  },
  resnet18: {
    create: () => resnet18({ inputShape: [4, 4, 1], width: 2, classes: CLASSES, seed: 1 }),
    samples: 12,
    rate: 1e-4,
  },
  visionTransformer: {
    create: () => visionTransformer({ inputShape: [8, 8, 1], width: 6, heads: 2, depth: 1, classes: CLASSES, seed: 1 }),
  },
  lstmClassifier: {
    create: () => lstmClassifier({ inputShape: [5, 3], units: 6, classes: CLASSES, seed: 1 }),
    rate: 0.02,
  },
  siren: { create: () => siren({ coordinates: 2, outputs: 1, width: 16, depth: 3, seed: 1 }) },
  pointNet: { create: () => pointNet({ inputShape: [12, 3], shared: [8, 16], classes: CLASSES, seed: 1 }) },
  'pointNet with batch normalisation': {
    create: () =>
      pointNet({
        inputShape: [12, 3],
        shared: [8, 16],
        hidden: [8],
        batchNormalization: true,
        classes: CLASSES,
        seed: 1,
      }),
  },
};

afterAll(() => tf.setBackend('cpu'));

describe.each(Object.entries(zoo))('%s', (_, training) => {
  test(`trains ${STEPS} steps on wasm with the losses of cpu, the same twice, and leaves no tensor behind`, {
    timeout: 300_000,
  }, async () => {
    await installWasmTraining();
    const first = train(training);
    expect(train(training)).toEqual(first);
    await tf.setBackend('cpu');
    expect(largestDifference(first.losses, train(training).losses)).toBeLessThan(1e-4);
    expect(first.losses.at(-1)).toBeLessThan(0.9 * first.losses[0]!);
  });
});

test('the comparison would notice a learning rate that is 1 % higher', async () => {
  await tf.setBackend('cpu');
  const [own, other] = [train(zoo.mlp!), train({ ...zoo.mlp!, rate: 1.01 * DEFAULT_RATE })];
  expect(largestDifference(own.losses, other.losses)).toBeGreaterThan(1e-4);
});

/** Losses and final weights of plain gradient descent. Asserts that no step leaves a tensor behind. */
function train({ create, samples = 6, rate = DEFAULT_RATE }: Training) {
  const before = tf.memory().numTensors;
  const model = create();
  const outputs = model.outputs[0]!.shape[1]!;
  const x = tf.randomUniform([samples, ...(model.inputs[0]!.shape.slice(1) as number[])], -1, 1, 'float32', 5);
  const isClassifier = outputs === CLASSES;
  const y = isClassifier ? labels(samples) : tf.randomUniform([samples, outputs], -1, 1, 'float32', 6);
  const lossOf = isClassifier ? tf.losses.softmaxCrossEntropy : tf.losses.meanSquaredError;
  const optimizer = tf.train.sgd(rate);
  const during = tf.memory().numTensors;
  const losses = Array.from({ length: STEPS }, () => {
    const loss = optimizer.minimize(() => lossOf(y, model.apply(x, { training: true }) as tf.Tensor), true)!;
    const [value] = loss.dataSync();
    loss.dispose();
    expect(tf.memory().numTensors).toBe(during);
    return value!;
  });
  const weights = model.getWeights().map((weight) => Array.from(weight.dataSync()));
  model.dispose();
  optimizer.dispose();
  tf.dispose([x, y]);
  expect(tf.memory().numTensors).toBe(before);
  return { losses, weights };
}

function labels(samples: number): tf.Tensor {
  const classes = Int32Array.from({ length: samples }, (_, i) => i % CLASSES);
  return tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(classes, 'int32'), CLASSES), 'float32'));
}

function largestDifference(own: number[], expected: number[]): number {
  return own.reduce((most, loss, step) => Math.max(most, Math.abs(loss - expected[step]!)), 0);
}
