/** Values of one field of every sample, one after another. */
export interface Field {
  /** `size × product(shape)` values. */
  readonly data: Uint8Array | Int32Array | Float32Array;
  /** Shape of one sample: `[28, 28, 1]` for an image, `[]` for a class index. */
  readonly shape: readonly number[];
  /** Each value is read as `value · scale + shift`; 1 if absent. */
  readonly scale?: number;
  /** Added after scaling; 0 if absent. Integer targets with neither scale nor shift stay integers. */
  readonly shift?: number;
}

/** The same field of the samples of one batch. */
export interface GatheredField {
  /** `batch size × product(shape of one sample)` values. */
  data: Float32Array | Int32Array;
  /** The batch size, then the shape of one sample: `[64, 28, 28, 1]`. */
  shape: number[];
}

/** A batch: inputs always as Float32, targets as Int32 class indices or Float32 values. */
export interface GatheredBatch {
  inputs: GatheredField;
  targets: GatheredField;
}

/** A data set in memory: typed arrays, shapes, and a gather into a batch. No tensors. */
export interface Dataset {
  /** What it is called in logs and reports, such as `mnist-train`. */
  readonly name: string;
  /** Number of samples N. */
  readonly size: number;
  readonly inputs: Field;
  readonly targets: Field;
  /** Names of the classes, if the targets are class indices. */
  readonly classNames?: readonly string[];
  /**
   * Copies samples into a batch.
   *
   * @param indices Samples to copy, each in [0, N), in this order; repetitions allowed. [B]
   * @param into A batch from an earlier call, to be overwritten and returned. An array whose length no longer fits is
   *   replaced. Reuse a batch only when nothing refers to it any more: a tensor on TF.js's cpu backend shares its memory.
   * @param view Which views to copy where samples are augmented, an integer ≥ 0 such as the number of the step: the same
   *   view of a sample for the same number. Without it, or without augmentation, the samples as they are.
   * @returns `into`, or a new batch.
   * @throws RangeError if an index is outside [0, N); `into` is then unchanged.
   */
  gather(indices: Int32Array, into?: GatheredBatch, view?: number): GatheredBatch;
}
