import { installWasmTraining } from '@gradis/wasm-training';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, test } from 'vitest';
import { lstmClassifier, mlp, pointNet, resnet18, siren, smallCnn, visionTransformer } from '../src/index.js';

const STEPS = 500;
const SAMPLES = 6;
const CLASSES = 3;

/** The zoo, as small as each model can be. */
const zoo: Record<string, () => tf.LayersModel> = {
  mlp: () => mlp({ inputShape: [8], hidden: [16, 16], outputs: CLASSES, seed: 1 }),
  smallCnn: () => smallCnn({ inputShape: [8, 8, 1], filters: [2, 4], hidden: 8, classes: CLASSES, seed: 1 }),
  resnet18: () => resnet18({ inputShape: [4, 4, 1], width: 2, classes: CLASSES, seed: 1 }),
  visionTransformer: () =>
    visionTransformer({ inputShape: [8, 8, 1], width: 6, heads: 2, depth: 1, classes: CLASSES, seed: 1 }),
  lstmClassifier: () => lstmClassifier({ inputShape: [5, 3], units: 6, classes: CLASSES, seed: 1 }),
  siren: () => siren({ coordinates: 2, outputs: 1, width: 16, depth: 3, seed: 1 }),
  pointNet: () => pointNet({ inputShape: [12, 3], shared: [8, 16], classes: CLASSES, seed: 1 }),
  'pointNet with batch normalisation': () =>
    pointNet({
      inputShape: [12, 3],
      shared: [8, 16],
      hidden: [8],
      batchNormalization: true,
      classes: CLASSES,
      seed: 1,
    }),
};

afterAll(() => tf.setBackend('cpu'));

describe.each(Object.entries(zoo))('%s', (_, create) => {
  test(`trains ${STEPS} steps on wasm: as on cpu, the same twice, and without a tensor left behind`, {
    timeout: 300_000,
  }, async () => {
    await installWasmTraining();
    const [first, second] = [train(create), train(create)];
    await tf.setBackend('cpu');
    const expected = train(create);
    expect(first.losses.at(-1)).toBeLessThan(0.9 * first.losses[0]!);
    expect(second).toEqual(first);
    expect(largestDifference(first.losses, expected.losses)).toBeLessThan(1e-4);
  });
});

test('the comparison would notice a learning rate that is 1 % off', async () => {
  await tf.setBackend('cpu');
  const [own, other] = [train(zoo.mlp!), train(zoo.mlp!, 0.0101)];
  expect(largestDifference(own.losses, other.losses)).toBeGreaterThan(1e-4);
});

/** Losses and final weights of plain gradient descent. Asserts that no step leaves a tensor behind, and that nothing does. */
function train(create: () => tf.LayersModel, rate = 0.01) {
  const before = tf.memory().numTensors;
  const model = create();
  const outputs = model.outputs[0]!.shape[1]!;
  const x = tf.randomUniform([SAMPLES, ...(model.inputs[0]!.shape.slice(1) as number[])], -1, 1, 'float32', 5);
  const y = tf.tidy(() => {
    if (outputs !== CLASSES) return tf.randomUniform([SAMPLES, outputs], -1, 1, 'float32', 6);
    const classes = Int32Array.from({ length: SAMPLES }, (_, i) => i % CLASSES);
    return tf.cast(tf.oneHot(tf.tensor1d(classes, 'int32'), CLASSES), 'float32');
  });
  const lossOf = outputs === CLASSES ? tf.losses.softmaxCrossEntropy : tf.losses.meanSquaredError;
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

function largestDifference(own: number[], expected: number[]): number {
  return own.reduce((most, loss, step) => Math.max(most, Math.abs(loss - expected[step]!)), 0);
}
