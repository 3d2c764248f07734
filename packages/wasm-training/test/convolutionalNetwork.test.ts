import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { fusedAdam, installWasmTraining } from '../src/index.js';
import { largestError, randomTensor } from './support.js';

beforeAll(async () => {
  await installWasmTraining();
});

describe('training a convolutional network', () => {
  it('follows the losses of the cpu backend and keeps the number of tensors', async () => {
    const train = async (backend: string) => {
      await tf.setBackend(backend);
      const initializer = (seed: number) => tf.initializers.glorotUniform({ seed });
      const conv = { filters: 6, kernelSize: 3, activation: 'relu' as const, padding: 'same' as const };
      const model = tf.sequential({
        layers: [
          tf.layers.conv2d({ ...conv, inputShape: [8, 8, 2], kernelInitializer: initializer(1) }),
          tf.layers.maxPooling2d({ poolSize: 2 }),
          tf.layers.conv2d({ ...conv, strides: 2, kernelInitializer: initializer(2) }),
          tf.layers.flatten(),
          tf.layers.dense({ units: 3, kernelInitializer: initializer(3) }),
        ],
      });
      const x = randomTensor([12, 8, 8, 2], 4);
      const y = tf.oneHot(tf.range(0, 12, 1, 'int32').mod(tf.scalar(3, 'int32')), 3);
      const optimizer = fusedAdam(0.01);
      const losses: number[] = [];
      let tensors = 0;
      for (let step = 0; step < 30; step++) {
        const loss = optimizer.minimize(
          () => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true }) as tf.Tensor) as tf.Scalar,
          true,
        )!;
        losses.push(loss.dataSync()[0]!);
        loss.dispose();
        if (step === 0) tensors = tf.memory().numTensors;
      }
      expect(tf.memory().numTensors).toBe(tensors);
      tf.dispose([x, y]);
      model.dispose();
      optimizer.dispose();
      return losses;
    };
    const [ours, theirs] = [await train('wasm'), await train('cpu')];
    expect(ours[29]).toBeLessThan(ours[0]! / 2);
    expect(largestError(ours, theirs)).toBeLessThan(1e-4);
    await tf.setBackend('wasm');
  });
});
