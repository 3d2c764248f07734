import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { fusedAdam, installWasmTraining } from '../src/index.js';
import { allOff, largestError, randomNumbers } from './support.js';

/** Trains a small network on fixed data and returns the loss before each step. */
function train(optimizer: tf.Optimizer, steps: number): { losses: number[]; tensorsPerStep: number } {
  const initializer = (seed: number) => tf.initializers.glorotUniform({ seed });
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 33, activation: 'relu', inputShape: [50], kernelInitializer: initializer(1) }),
      tf.layers.dense({ units: 17, activation: 'relu', kernelInitializer: initializer(2) }),
      tf.layers.dense({ units: 10, kernelInitializer: initializer(3) }),
    ],
  });
  const x = tf.tensor2d(randomNumbers(64 * 50, 4), [64, 50]);
  const y = tf.oneHot(
    tf.tensor1d(
      Array.from(randomNumbers(64, 5), (u) => Math.floor(5 * (u + 1))),
      'int32',
    ),
    10,
  );
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const losses: number[] = [];
  const step = () => {
    const loss = optimizer.minimize(
      () => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true }) as tf.Tensor) as tf.Scalar,
      true,
      variables,
    );
    losses.push(loss!.dataSync()[0]!);
    loss!.dispose();
  };
  step();
  const before = tf.memory().numTensors;
  for (let i = 1; i < steps; i++) step();
  const tensorsPerStep = (tf.memory().numTensors - before) / (steps - 1);
  tf.dispose([x, y]);
  model.dispose();
  optimizer.dispose();
  return { losses, tensorsPerStep };
}

describe('training an MLP', () => {
  it.each([
    ['sgd', () => tf.train.sgd(0.1)],
    ['momentum', () => tf.train.momentum(0.05, 0.9)],
    // With Adam's usual ε of 1e-7, gradients that are nothing but rounding become steps of full size.
    ['adam', () => tf.train.adam(0.003, 0.9, 0.999, 1e-4)],
  ])('with %s follows the losses of the stock wasm backend and of the cpu backend', async (_, optimizer) => {
    await installWasmTraining();
    const ours = train(optimizer(), 100).losses;
    await installWasmTraining({ kernels: allOff });
    const stock = train(optimizer(), 100).losses;
    await tf.setBackend('cpu');
    const cpu = train(optimizer(), 100).losses;
    expect(ours[99]).toBeLessThan(ours[0]! / 2);
    expect(largestError(ours, stock)).toBeLessThan(1e-4);
    expect(largestError(ours, cpu)).toBeLessThan(1e-4);
  });

  it('twice from the same seed gives the same losses, bit for bit', async () => {
    await installWasmTraining();
    expect(train(fusedAdam(0.003), 50).losses).toEqual(train(fusedAdam(0.003), 50).losses);
  });

  it('keeps the number of tensors', async () => {
    await installWasmTraining();
    expect(train(fusedAdam(0.003), 500).tensorsPerStep).toBe(0);
    expect(train(tf.train.adam(0.003), 100).tensorsPerStep).toBe(0);
  });

  it('with model.fit works as ever', async () => {
    await installWasmTraining();
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [3] })] });
    model.compile({ optimizer: fusedAdam(0.1), loss: 'meanSquaredError' });
    const x = tf.tensor2d(randomNumbers(300, 1), [100, 3]);
    const y = x.mul([1, 2, 3]).sum(1, true).add(0.5);
    const { history } = await model.fit(x, y, { epochs: 60, batchSize: 20, verbose: 0 });
    expect(history.loss!.at(-1)).toBeLessThan(1e-3);
  });
});
