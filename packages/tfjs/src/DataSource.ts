import * as tf from '@tensorflow/tfjs';
import { gatherRows } from './gatherRows.js';
import { type Tensors, toList, unwrap } from './tensors.js';

/** Inputs and targets of some samples, on the device. Whoever took them disposes them. */
export interface TensorBatch {
  inputs: Tensors;
  targets: Tensors;
}

/** Where a learner gets its samples: N of them, taken by their indices. */
export interface DataSource {
  /** Number of samples N. */
  readonly size: number;
  /**
   * The samples at these indices, in this order.
   *
   * @param view which views to take where samples are augmented: the number of the training step; without it, the samples
   *   as they are, for evaluation
   */
  take(indices: Int32Array, view?: number): TensorBatch;
  /** The samples at indices that are on the device, without reading them; only where the samples are there, too. int32, [n] */
  takeRows?(indices: tf.Tensor1D): TensorBatch;
}

/** A data source whose samples are on the device. */
export type TensorSource = Required<DataSource>;

/** Values of one field of a batch, and their shape, [n, …]. */
export interface GatheredArray {
  data: Float32Array | Int32Array;
  shape: number[];
}

/** Data in typed arrays, such as a `Dataset` of `@gradis/datasets`. */
export interface GatherableDataset {
  readonly size: number;
  gather(
    indices: Int32Array,
    into?: { inputs: GatheredArray; targets: GatheredArray },
    view?: number,
  ): { inputs: GatheredArray; targets: GatheredArray };
}

/**
 * Samples that live in typed arrays; only the batch is copied to the device.
 *
 * One buffer serves every batch: on the cpu backend, whose tensors share the arrays they are made of, the tensors of a batch
 * are valid until the next `take`.
 *
 * @param dataset such as a `Dataset` of `@gradis/datasets`
 * @example
 * ```ts
 * import { datasetSource } from '@gradis/tfjs';
 *
 * const gather = (indices: Int32Array) => ({
 *   inputs: { data: Float32Array.from(indices), shape: [indices.length, 1] },
 *   targets: { data: Int32Array.from(indices), shape: [indices.length] },
 * });
 * const { inputs, targets } = datasetSource({ size: 3, gather }).take(Int32Array.of(2, 0));
 * console.log(inputs.shape, targets.dtype); // → [ 2, 1 ] int32
 * ```
 */
export function datasetSource(dataset: GatherableDataset): DataSource {
  let buffers: { inputs: GatheredArray; targets: GatheredArray } | undefined;
  return {
    size: dataset.size,
    take(indices, view) {
      buffers = dataset.gather(indices, buffers, view);
      return { inputs: toTensor(buffers.inputs), targets: toTensor(buffers.targets) };
    },
  };
}

/**
 * Samples that live in tensors on the device; the caller keeps and disposes them.
 *
 * @param x inputs of shape [N, …], one tensor for each input of the model
 * @param y targets of shape [N, …], one tensor for each output of the model
 * @throws if the tensors do not all hold the same number of samples
 * @example
 * ```ts
 * import { tensorSource } from '@gradis/tfjs';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const { inputs } = tensorSource(tf.tensor1d([5, 6, 7]), tf.zeros([3])).take(Int32Array.of(2, 0));
 * console.log(Array.from(inputs.dataSync())); // → [ 7, 5 ]
 * ```
 */
export function tensorSource(x: Tensors, y: Tensors): TensorSource {
  const sizes = [...toList(x), ...toList(y)].map((tensor) => tensor.shape[0] ?? 0);
  const size = sizes[0];
  if (sizes.some((other) => other !== size)) {
    throw new Error(`the tensors hold ${sizes.join(', ')} samples; all must hold the same number.`);
  }
  const rowsOf = (tensors: Tensors, indices: tf.Tensor1D) =>
    unwrap(toList(tensors).map((tensor) => gatherRows(tensor, indices)));
  const takeRows = (indices: tf.Tensor1D) =>
    tf.tidy(() => ({ inputs: rowsOf(x, indices), targets: rowsOf(y, indices) }));
  return {
    size,
    take(indices) {
      assertIndices(indices, size);
      return tf.tidy(() => takeRows(tf.tensor1d(indices, 'int32')));
    },
    takeRows,
  };
}

function assertIndices(indices: Int32Array, size: number): void {
  const wrong = indices.findIndex((index) => !(index >= 0 && index < size));
  if (wrong >= 0) throw new RangeError(`indices[${wrong}] is ${indices[wrong]}; it must be in [0, ${size}).`);
}

function toTensor({ data, shape }: GatheredArray): tf.Tensor {
  return tf.tensor(data, shape, data instanceof Int32Array ? 'int32' : 'float32');
}
