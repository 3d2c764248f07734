import type { RandomGenerator } from './RandomGenerator.js';
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
  /** Probability of one member of each bucket; meaningful for buckets that have members. */
  readonly #probabilities: Float64Array;
  /** The buckets that have members, `#length` of them, and the running sum over them of their members' probabilities. */
  readonly #occupied: Int32Array;
  readonly #cumulative: Float64Array;
  #length = 0;

  constructor(buckets: number) {
    this.#probabilities = new Float64Array(buckets);
    this.#occupied = new Int32Array(buckets);
    this.#cumulative = new Float64Array(buckets);
  }

  /**
   * Sets the probabilities for the present members.
   *
   * @param values v of each bucket, ≥ 0; all zero make p uniform. Shape [buckets].
   */
  weigh(buckets: SampleBuckets, values: Float64Array, uniformMix: number): void {
    const occupied = this.#occupied;
    const length = buckets.occupiedInto(occupied);
    let sum = 0;
    for (let place = 0; place < length; place++) sum += buckets.count(occupied[place]) * values[occupied[place]];
    const slope = sum > 0 ? (1 - uniformMix) / sum : 0;
    const floor = (sum > 0 ? uniformMix : 1) / buckets.size;
    let total = 0;
    for (let place = 0; place < length; place++) {
      const bucket = occupied[place];
      // Rounding can lift the probability of the only sample that is ever drawn above 1.
      const probability = Math.min(1, slope * values[bucket] + floor);
      this.#probabilities[bucket] = probability;
      total += buckets.count(bucket) * probability;
      this.#cumulative[place] = total;
    }
    this.#length = length;
  }

  /** Probability of one member of a bucket that had members when it was weighed. */
  probability(bucket: number): number {
    return this.#probabilities[bucket];
  }

  /**
   * Draws samples of the present members.
   *
   * @param systematic At equal steps through the probabilities from a random start; else independently.
   */
  draw(buckets: SampleBuckets, batchSize: number, random: RandomGenerator, systematic: boolean): MixtureDraw {
    const indices = new Int32Array(batchSize);
    const probabilities = new Float64Array(batchSize);
    const total = this.#cumulative[this.#length - 1];
    const offset = systematic ? random.uniform() : 0;
    let place = -1;
    let [bucket, probability, start, count] = [0, 0, 0, 0];
    for (let k = 0; k < batchSize; k++) {
      const position = total * (systematic ? (k + offset) / batchSize : random.uniform());
      const next = systematic ? this.#nextAbove(position, place) : this.#firstAbove(position);
      if (next !== place) {
        place = next;
        bucket = this.#occupied[place];
        count = buckets.count(bucket);
        probability = this.#probabilities[bucket];
        start = this.#cumulative[place] - count * probability;
      }
      const member = Math.floor((position - start) / probability);
      indices[k] = buckets.member(bucket, Math.min(count - 1, Math.max(0, member)));
      probabilities[k] = probability;
    }
    return { indices, probabilities };
  }

  /** First place whose running sum lies above a position; the last one if none does. */
  #firstAbove(position: number): number {
    const cumulative = this.#cumulative;
    let low = 0;
    let high = this.#length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle] > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The same by steps from a place that is not beyond it: for rising positions, few in all. */
  #nextAbove(position: number, from: number): number {
    const cumulative = this.#cumulative;
    const last = this.#length - 1;
    let place = Math.max(0, from);
    while (place < last && cumulative[place] <= position) place++;
    return place;
  }
}
