import type { SampleBuckets } from './SampleBuckets.js';

/** Samples of a batch and the probability of each. Shapes [B]. */
export interface MixtureDraw {
  readonly indices: Int32Array;
  readonly probabilities: Float64Array;
}

/**
 * The mixture `p = (1 − λ) v/Σv + λ/N` over samples in buckets, v being the same for all members of a bucket.
 *
 * A draw finds the bucket in the running sum of the probabilities of all buckets, and takes a member of it.
 */
export class BucketMixture {
  /** Probability of one member of each bucket. */
  readonly #probabilities: Float64Array;
  /** Running sum over the members of the buckets. It ends at the total, which is near 1. */
  readonly #cumulative: Float64Array;
  #total = 0;

  constructor(buckets: number) {
    this.#probabilities = new Float64Array(buckets);
    this.#cumulative = new Float64Array(buckets);
  }

  /**
   * Sets the probabilities for the present members.
   *
   * @param values v of each bucket, ≥ 0; all zero make p uniform. Shape [buckets].
   */
  weigh(buckets: SampleBuckets, values: Float64Array, uniformMix: number): void {
    let sum = 0;
    for (let bucket = 0; bucket < values.length; bucket++) sum += buckets.count(bucket) * values[bucket];
    const slope = sum > 0 ? (1 - uniformMix) / sum : 0;
    const floor = (sum > 0 ? uniformMix : 1) / buckets.size;
    let total = 0;
    for (let bucket = 0; bucket < values.length; bucket++) {
      const probability = slope * values[bucket] + floor;
      this.#probabilities[bucket] = probability;
      total += buckets.count(bucket) * probability;
      this.#cumulative[bucket] = total;
    }
    this.#total = total;
  }

  /** Probability of one member of a bucket. */
  probability(bucket: number): number {
    return this.#probabilities[bucket];
  }

  /**
   * Draws at positions of the running sum.
   *
   * @param positions Each in [0, 1) and, if `rising`, none below the one before it. Shape [B].
   */
  draw(buckets: SampleBuckets, positions: Float64Array, rising: boolean): MixtureDraw {
    const { length } = positions;
    const indices = new Int32Array(length);
    const probabilities = new Float64Array(length);
    let bucket = -1;
    let [probability, start, count] = [0, 0, 0];
    for (let k = 0; k < length; k++) {
      const position = this.#total * positions[k];
      const next = rising ? this.#nextAbove(position, bucket) : this.#firstAbove(position);
      if (next !== bucket) {
        bucket = next;
        count = buckets.count(bucket);
        probability = this.#probabilities[bucket];
        start = this.#cumulative[bucket] - count * probability;
      }
      const place = Math.floor((position - start) / probability);
      indices[k] = buckets.member(bucket, Math.min(count - 1, Math.max(0, place)));
      probabilities[k] = probability;
    }
    return { indices, probabilities };
  }

  /** First bucket whose running sum lies above a position, or has come to the total: it has members. */
  #firstAbove(position: number): number {
    const cumulative = this.#cumulative;
    const total = this.#total;
    let low = 0;
    let high = cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle] > position || cumulative[middle] >= total) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The same by steps from a bucket that is not beyond it: for rising positions, few in all. */
  #nextAbove(position: number, from: number): number {
    const cumulative = this.#cumulative;
    const total = this.#total;
    let bucket = Math.max(0, from);
    while (cumulative[bucket] <= position && cumulative[bucket] < total) bucket++;
    return bucket;
  }
}
