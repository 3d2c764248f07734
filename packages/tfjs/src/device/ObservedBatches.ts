import type * as tf from '@tensorflow/tfjs';

/**
 * Keeps count, on the host, of the samples that have a score.
 *
 * What a tensor of indices holds is not known there, but who made it is: a batch of the first epoch, each of whose samples is in
 * no other such batch.
 */
export class ObservedBatches {
  readonly #batches = new WeakSet<tf.Tensor>();
  readonly #unobserved = new WeakSet<tf.Tensor>();
  #unobservedSamples: number;

  /** @param unobservedSamples samples that are not both drawn and observed */
  constructor(unobservedSamples: number) {
    this.#unobservedSamples = unobservedSamples;
  }

  /** Whether every sample was observed; false while that is not certain. */
  get areAll(): boolean {
    return this.#unobservedSamples === 0;
  }

  /** Takes notice of a batch of the first epoch. */
  add(indices: tf.Tensor): void {
    this.#batches.add(indices);
    this.#unobserved.add(indices);
  }

  /** Whether this is a batch of the first epoch. */
  has(indices: tf.Tensor): boolean {
    return this.#batches.has(indices);
  }

  /** Takes notice that the scores of these samples came. */
  observe(indices: tf.Tensor): void {
    if (this.#unobserved.delete(indices)) this.#unobservedSamples -= indices.size;
  }
}
