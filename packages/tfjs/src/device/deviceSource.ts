import * as tf from '@tensorflow/tfjs';
import { type GatherableDataset, type GatheredArray, type TensorSource, tensorSource } from '../DataSource.js';

/** Samples that were uploaded to the device, and can be freed. */
export interface DeviceSource extends TensorSource {
  /** Frees the tensors. */
  dispose(): void;
}

/** Samples and views that are compared to see whether a data set is augmented. */
const PROBED_SAMPLES = 16;
const PROBED_VIEWS = 4;

/**
 * Uploads a data set of typed arrays to the device, once and as a whole, so that training steps need nothing from the host.
 *
 * @param dataset such as a `Dataset` of `@gradis/datasets`
 * @throws if its samples are augmented: their views are made on the host
 * @example
 * ```ts
 * import { deviceSource } from '@gradis/tfjs';
 *
 * const gather = (indices: Int32Array) => ({
 *   inputs: { data: Float32Array.from(indices), shape: [indices.length, 1] },
 *   targets: { data: Int32Array.from(indices), shape: [indices.length] },
 * });
 * const source = deviceSource({ size: 3, gather });
 * console.log(Array.from(await source.take(Int32Array.of(2, 0)).inputs.data())); // → [ 2, 0 ]
 * source.dispose();
 * ```
 */
export function deviceSource(dataset: GatherableDataset): DeviceSource {
  assertNotAugmented(dataset);
  const { inputs, targets } = dataset.gather(firstIndices(dataset.size));
  const tensors = [inputs, targets].map(({ data, shape }) =>
    tf.tensor(data, shape, data instanceof Int32Array ? 'int32' : 'float32'),
  );
  return { ...tensorSource(tensors[0], tensors[1]), dispose: () => tf.dispose(tensors) };
}

function assertNotAugmented(dataset: GatherableDataset): void {
  const probe = firstIndices(Math.min(PROBED_SAMPLES, dataset.size));
  const { inputs } = dataset.gather(probe);
  const plain = inputs.data.slice(); // `gather` may use its arrays again
  for (let view = 0; view < PROBED_VIEWS; view++) {
    if (isSame(plain, dataset.gather(probe, undefined, view).inputs.data)) continue;
    throw new Error(
      'the samples of the data set are augmented: each step sees them in another view, which is made on the host. ' +
        'Give deviceSource the data set without augmentation, or give the data set itself to the learner and use `train`.',
    );
  }
}

function firstIndices(length: number): Int32Array {
  return Int32Array.from({ length }, (_, index) => index);
}

function isSame(one: GatheredArray['data'], other: GatheredArray['data']): boolean {
  return one.length === other.length && one.every((value, i) => Object.is(value, other[i]));
}
