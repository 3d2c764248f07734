import { requireCount, requireInteger, requireLength, requireNumber, requireState } from './checks.js';
import { RandomGenerator, type RandomGeneratorState } from './RandomGenerator.js';

/** Options of a `PrioritySample`. */
export interface PrioritySampleOptions {
  /** Seed of all random choices; any safe integer. Default 0. */
  seed?: number;
}

/** Saved state of a `PrioritySample`; a structured clone if its items can be cloned. */
export interface PrioritySampleState<T> {
  readonly kind: 'PrioritySample';
  readonly version: 1;
  readonly capacity: number;
  readonly random: RandomGeneratorState;
  readonly seen: number;
  readonly threshold: number;
  /** The items that are kept, in any order. */
  readonly items: readonly T[];
  /** Their scores, > 0, and their priorities, no smaller than their scores and the threshold. */
  readonly scores: Float64Array;
  readonly priorities: Float64Array;
}

const KIND = 'PrioritySample';

/** The priority of a larger score could be infinite. */
const LARGEST_SCORE = 1e290;

/**
 * A weighted sample of a stream, unbiased: k items at most, however long the stream is ("priority sampling").
 *
 * Each item gets the priority `q = s/u`, s its score and u uniform in (0, 1]. The k items with the highest priorities
 * stay. With τ the highest priority of all others, `max(s, τ)` of an item that stayed, and 0 for one that did not, are
 * unbiased estimates of s: so is their sum over any subset. The weights say the same of means: over the n items so far,
 * `(1/k) Σ wᵢ f(i)` with `wᵢ = (k/n) max(1, τ/sᵢ)` is unbiased for the mean of any f that is 0 where the score is 0.
 *
 * Best where scores differ much and f goes with them. The weights have a common noise of about 1/√k: where all scores
 * are alike, a `ReservoirSample` is better. An item takes O(log k) at most, and one of zero score is never kept.
 *
 * @see Duffield, Lund and Thorup, Priority sampling for estimation of arbitrary subset sums, J. ACM 54(6), 2007, §1.1.
 *
 * @example
 * ```ts
 * import { PrioritySample } from '@gradis/samplers';
 *
 * const sample = new PrioritySample<number>(1000, { seed: 1 });
 * for (let n = 1; n <= 100_000; n++) sample.add(n, n);
 * const even = sample.items().filter((n) => n % 2 === 0);
 * const sum = even.reduce((total, n) => total + Math.max(n, sample.threshold), 0);
 * console.log((sum / 2_500_050_000).toFixed(1)); // → 1.0
 * ```
 */
export class PrioritySample<T> {
  readonly capacity: number;
  #random: RandomGenerator;
  #seen = 0;
  #threshold = 0;
  /** A heap: the children of slot j are 2j + 1 and 2j + 2, with higher priorities. */
  readonly #items: T[] = [];
  readonly #scores: Float64Array;
  readonly #priorities: Float64Array;

  /**
   * @param capacity Number of items k that are kept, ≥ 1.
   * @throws RangeError on a capacity or a seed out of its range.
   */
  constructor(capacity: number, { seed = 0 }: PrioritySampleOptions = {}) {
    requireInteger('capacity', capacity, 1);
    this.capacity = capacity;
    this.#random = new RandomGenerator(seed);
    this.#scores = new Float64Array(capacity);
    this.#priorities = new Float64Array(capacity);
  }

  /** Number n of items so far. */
  get seen(): number {
    return this.#seen;
  }

  /** Number of items that are kept: k at most. */
  get size(): number {
    return this.#items.length;
  }

  /** The highest priority τ of the items that are not kept; 0 while all with a score above 0 are. */
  get threshold(): number {
    return this.#threshold;
  }

  /**
   * Takes in the next item of the stream.
   *
   * @param score Finite and ≥ 0, at most 1e290.
   * @returns The item that is not kept for it: this one or an earlier one, to be disposed of if it holds resources, or
   *   undefined while there is room.
   * @throws RangeError on NaN, ∞ or a negative score; the sample stays as it was.
   */
  add(item: T, score: number): T | undefined {
    requireNumber('score', score, 0, LARGEST_SCORE);
    this.#seen++;
    if (score === 0) return item;
    const priority = score / (1 - this.#random.uniform());
    if (this.size < this.capacity) {
      this.#siftUp(item, score, priority);
      return undefined;
    }
    const lowest = this.#priorities[0];
    this.#threshold = Math.max(this.#threshold, Math.min(priority, lowest));
    if (priority <= lowest) return item;
    const gone = this.#items[0];
    this.#siftDown(item, score, priority);
    return gone;
  }

  /** The items that are kept, in an order without meaning. Shape [size]. */
  items(): T[] {
    return this.#items.slice();
  }

  /** Weight of each of `items()` in a mean over all items so far; see the class. Shape [size]. */
  weights(): Float32Array {
    const share = this.size / this.#seen;
    return Float32Array.from(this.#items, (_, j) => share * Math.max(1, this.#threshold / this.#scores[j]));
  }

  /** Probability that each of `items()` is kept, given τ: `min(1, s/τ)`. Shape [size]. */
  inclusionProbabilities(): Float64Array {
    return Float64Array.from(this.#items, (_, j) => Math.min(1, this.#scores[j] / this.#threshold));
  }

  getState(): PrioritySampleState<T> {
    return {
      kind: KIND,
      version: 1,
      capacity: this.capacity,
      random: this.#random.getState(),
      seen: this.#seen,
      threshold: this.#threshold,
      items: this.items(),
      scores: this.#scores.slice(0, this.size),
      priorities: this.#priorities.slice(0, this.size),
    };
  }

  /**
   * A sample that goes on as the saved one would have.
   *
   * @throws TypeError on the state of something else or of another version; RangeError that names the field on a damaged one.
   */
  static fromState<T>(state: PrioritySampleState<T>): PrioritySample<T> {
    requireState(state, KIND);
    const { capacity, seen, threshold, items, scores, priorities } = state;
    const sample = new PrioritySample<T>(capacity);
    requireNumber('state.threshold', threshold, 0);
    requireInteger('state.items.length', items.length, threshold > 0 ? capacity : 0, capacity);
    requireCount('state.seen', seen);
    requireNumber('state.seen', seen, items.length);
    requireLength('state.scores', scores, items.length);
    requireLength('state.priorities', priorities, items.length);
    for (let j = 0; j < items.length; j++) {
      requireNumber(`state.scores[${j}]`, scores[j], Number.MIN_VALUE, LARGEST_SCORE);
      requireNumber(`state.priorities[${j}]`, priorities[j], Math.max(threshold, scores[j]));
      sample.#siftUp(items[j], scores[j], priorities[j]);
    }
    sample.#random = RandomGenerator.fromState(state.random);
    sample.#seen = seen;
    sample.#threshold = threshold;
    return sample;
  }

  /** Adds an item to the heap. */
  #siftUp(item: T, score: number, priority: number): void {
    let slot = this.size;
    while (slot > 0) {
      const parent = (slot - 1) >> 1;
      if (this.#priorities[parent] <= priority) break;
      this.#put(slot, this.#items[parent], this.#scores[parent], this.#priorities[parent]);
      slot = parent;
    }
    this.#put(slot, item, score, priority);
  }

  /** Replaces the item of the lowest priority. */
  #siftDown(item: T, score: number, priority: number): void {
    const priorities = this.#priorities;
    const { size } = this;
    let slot = 0;
    for (let child = 1; child < size; child = 2 * slot + 1) {
      if (child + 1 < size && priorities[child + 1] < priorities[child]) child++;
      if (priorities[child] >= priority) break;
      this.#put(slot, this.#items[child], this.#scores[child], priorities[child]);
      slot = child;
    }
    this.#put(slot, item, score, priority);
  }

  #put(slot: number, item: T, score: number, priority: number): void {
    this.#items[slot] = item;
    this.#scores[slot] = score;
    this.#priorities[slot] = priority;
  }
}
