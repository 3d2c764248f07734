import { RandomGenerator } from '@gradis/samplers';
import { type TensorSource, tensorSource } from '@gradis/tfjs';
import * as tf from '@tensorflow/tfjs';
import { CLASSES } from './benchModels.js';

/** Number of samples that a method has to choose from: as in MNIST and CIFAR-10, and a multiple of the usual batch sizes. */
export const SAMPLES = 51_200;

/** Number of samples that there really are; they repeat, so that few of them have to be in memory. */
const DIFFERENT_SAMPLES = 1024;

/** Random samples of a shape, with random labels, in tensors on the device, from which `dispose` frees them. */
export function syntheticSource(shape: readonly number[]): TensorSource & { dispose(): void } {
  const random = new RandomGenerator(1);
  const values = shape.reduce((product, side) => product * side, DIFFERENT_SAMPLES);
  const x = tf.tensor(
    Float32Array.from({ length: values }, () => random.normal()),
    [DIFFERENT_SAMPLES, ...shape],
  );
  const y = tf.tensor1d(
    Int32Array.from({ length: DIFFERENT_SAMPLES }, () => random.integer(CLASSES)),
    'int32',
  );
  const different = tensorSource(x, y);
  return {
    size: SAMPLES,
    take: (indices) => different.take(indices.map((index) => index % DIFFERENT_SAMPLES)),
    // In float32: TensorFlow computes with int32 in host memory, for which it would have to wait for the GPU.
    takeRows: (indices) => {
      const rows = tf.tidy(() => tf.cast(tf.mod(tf.cast(indices, 'float32'), DIFFERENT_SAMPLES), 'int32'));
      const batch = different.takeRows(rows as tf.Tensor1D);
      rows.dispose();
      return batch;
    },
    dispose: () => tf.dispose([x, y]),
  };
}
