import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { fusedAdam, installWasmTraining } from '../../../packages/wasm-training/src/index.js';

/** Trains a small network on wasm, with the files of the backend from this folder of the server. */
export async function train() {
  setWasmPaths('/wasm/');
  const { variant } = await installWasmTraining();
  const x = tf.randomNormal([64, 8, 8, 1], 0, 1, 'float32', 1);
  const labels = tf.oneHot(tf.cast(tf.greater(tf.sum(x, [1, 2, 3]), 0), 'int32'), 2);
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu', inputShape: [8, 8, 1] }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 2 }),
    ],
  });
  const optimizer = fusedAdam(0.01);
  const losses: number[] = [];
  for (let step = 0; step < 60; step++) {
    const loss = optimizer.minimize(
      () => tf.losses.softmaxCrossEntropy(labels, model.apply(x, { training: true }) as tf.Tensor) as tf.Scalar,
      true,
    );
    losses.push((await loss!.data())[0]!);
    loss!.dispose();
  }
  return { backend: tf.getBackend(), variant, first: losses[0]!, last: losses.at(-1)! };
}
