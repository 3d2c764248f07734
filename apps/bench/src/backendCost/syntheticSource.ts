import { RandomGenerator } from '@gradis/samplers';
import { type DataSource, tensorSource } from '@gradis/tfjs';
import * as tf from '@tensorflow/tfjs';
import { CLASSES } from './benchModels.js';

/** Number of samples that a method has to choose from: as in MNIST and CIFAR-10, and a multiple of the usual batch sizes. */
export const SAMPLES = 51_200;

/** Number of samples that there really are; they repeat, so that few of them have to be in memory. */
const DIFFERENT_SAMPLES = 1024;

/** Random samples of a shape, with random labels, in tensors on the device, from which `dispose` frees them. */
export function syntheticSource(shape: readonly number[]): DataSource & { dispose(): void } {
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
    dispose: () => tf.dispose([x, y]),
  };
}
