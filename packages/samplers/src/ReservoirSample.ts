import { requireCount, requireInteger, requireLength, requireNumber, requireState } from './checks.js';
import { RandomGenerator, type RandomGeneratorState } from './RandomGenerator.js';

/** Options of a `ReservoirSample`. */
export interface ReservoirSampleOptions {
  /** Seed of all random choices; any safe integer. Default 0. */
  seed?: number;
}

/** Saved state of a `ReservoirSample`; a structured clone if its items can be cloned. */
export interface ReservoirSampleState<T> {
  readonly kind: 'ReservoirSample';
  readonly version: 1;
  readonly capacity: number;
  readonly random: RandomGeneratorState;
  readonly seen: number;
  readonly items: readonly T[];
  /** Largest of the random keys that k kept items would have, in (0, 1]. */
  readonly largestKey: number;
  /** Position in the stream of the next item that is kept. */
  readonly next: number;
}

const KIND = 'ReservoirSample';

/**
 * A uniform sample of a stream: k items at most, however long the stream is, every set of k of the n items so far
 * equally likely. The mean over the sample is unbiased for the mean over all items.
 *
 * "Algorithm L": it knows how many items to skip until it takes the next one. Random numbers are needed only for the
 * `k (1 + ln(n/k))` items that are taken; all others cost next to nothing.
 *
 * @see Li, Reservoir-sampling algorithms of time complexity O(n(1 + log(N/n))), ACM TOMS 20(4), 1994.
 *
 * @example
 * ```ts
 * import { ReservoirSample } from '@gradis/samplers';
 *
 * const sample = new ReservoirSample<number>(1000, { seed: 1 });
 * for (let n = 0; n < 1_000_000; n++) sample.add(n);
 * const mean = sample.items().reduce((sum, n) => sum + n, 0) / sample.size;
 * console.log(sample.size, Math.abs(mean - 500_000) < 30_000); // → 1000 true
 * ```
 */
export class ReservoirSample<T> {
  readonly capacity: number;
  #random: RandomGenerator;
  #seen = 0;
  readonly #items: T[] = [];
  #largestKey = 1;
  #next = 0;

  /**
   * @param capacity Number of items k that are kept, ≥ 1.
   * @throws RangeError on a capacity or a seed out of its range.
   */
  constructor(capacity: number, { seed = 0 }: ReservoirSampleOptions = {}) {
    requireInteger('capacity', capacity, 1);
    this.capacity = capacity;
    this.#random = new RandomGenerator(seed);
  }

  /** Number n of items so far. */
  get seen(): number {
    return this.#seen;
  }

  /** Number of items that are kept: k at most. */
  get size(): number {
    return this.#items.length;
  }

  /**
   * Takes in the next item of the stream.
   *
   * @returns The item that is not kept for it: this one or an earlier one, to be disposed of if it holds resources, or
   *   undefined while there is room.
   */
  add(item: T): T | undefined {
    const position = this.#seen++;
    if (position < this.#next) return item;
    const slot = this.size < this.capacity ? this.size : this.#random.integer(this.capacity);
    const gone = this.#items[slot];
    this.#items[slot] = item;
    if (this.size === this.capacity) this.#skip();
    return gone;
  }

  /** The items that are kept, in an order without meaning. Shape [size]. */
  items(): T[] {
    return this.#items.slice();
  }

  getState(): ReservoirSampleState<T> {
    return {
      kind: KIND,
      version: 1,
      capacity: this.capacity,
      random: this.#random.getState(),
      seen: this.#seen,
      items: this.items(),
      largestKey: this.#largestKey,
      next: this.#next,
    };
  }

  /**
   * A sample that goes on as the saved one would have.
   *
   * @throws TypeError on the state of something else or of another version; RangeError that names the field on a damaged one.
   */
  static fromState<T>(state: ReservoirSampleState<T>): ReservoirSample<T> {
    requireState(state, KIND);
    const { capacity, seen, items, largestKey, next } = state;
    const sample = new ReservoirSample<T>(capacity);
    requireCount('state.seen', seen);
    requireLength('state.items', items, Math.min(seen, capacity));
    const isFull = seen >= capacity;
    requireNumber('state.largestKey', largestKey, isFull ? Number.MIN_VALUE : 1, 1);
    requireNumber('state.next', next, isFull ? seen : 0, isFull ? Number.MAX_VALUE : 0);
    sample.#random = RandomGenerator.fromState(state.random);
    sample.#seen = seen;
    for (const item of items) sample.#items.push(item);
    sample.#largestKey = largestKey;
    sample.#next = next;
    return sample;
  }

  /**
   * Were every item given a random key, the sample would be those with the k smallest keys. The largest of these falls
   * with each item that is taken, and the wait for the next smaller key is geometric.
   */
  #skip(): void {
    this.#largestKey *= Math.exp(Math.log(1 - this.#random.uniform()) / this.capacity);
    const skipped = Math.floor(Math.log(1 - this.#random.uniform()) / Math.log1p(-this.#largestKey));
    this.#next = this.#seen + skipped;
  }
}
