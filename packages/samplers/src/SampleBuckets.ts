import {
  requireInteger,
  requireIntegers,
  requireLength,
  requireNumbers,
  requirePermutation,
  requireState,
  savedLength,
} from './checks.js';

/** Bits of a record that hold the bucket; the rest of the word is the stamp. */
const BUCKET_BITS = 11;
const BUCKET_MASK = (1 << BUCKET_BITS) - 1;

/** Most buckets, and largest stamp, that a record can hold. */
export const MAX_BUCKETS = 1 << BUCKET_BITS;
export const MAX_STAMP = 2 ** (31 - BUCKET_BITS) - 1;

/** Most samples: the length of a typed array and the range of a slot allow no more. */
export const MAX_MEMBERS = 2 ** 30;

/** Saved state of `SampleBuckets`. */
export interface SampleBucketsState {
  readonly kind: 'SampleBuckets';
  readonly version: 1;
  /** Members of bucket 0 in their order, then those of bucket 1, and so on. Shape [N]. */
  readonly members: Int32Array;
  /** Members of each bucket. Shape [buckets]. */
  readonly counts: Int32Array;
  /** Stamp of each sample. Shape [N]. */
  readonly stamps: Int32Array;
  /** Level of each sample. Shape [N]. */
  readonly levels: Float32Array;
}

const KIND = 'SampleBuckets';

/**
 * Samples 0 … N − 1 in buckets, each sample in exactly one: a member by its position and a move to another bucket both
 * take the same time whatever N is.
 *
 * A bucket is a list of pages of one shared pool, so that it grows and shrinks without copying. A move fills the gap it
 * leaves with the last member of the bucket. Takes 16 bytes a sample, and a page or two a bucket.
 */
export class SampleBuckets {
  readonly size: number;
  /** Three words a sample, side by side in memory: its slot in the pool; its stamp and its bucket; its level. */
  readonly #records: Int32Array;
  readonly #levels: Float32Array;
  readonly #counts: Int32Array;
  /** A bit for each bucket: whether it has members. */
  readonly #occupied: Int32Array;
  readonly #pool: Int32Array;
  /** Slot of the last member of each bucket that has members. */
  readonly #tails: Int32Array;
  readonly #pages: number[][];
  readonly #freePages: number[];
  readonly #pageBits: number;

  /** @param size Number of samples N, in [1, 2³⁰]; all begin in bucket 0, in their order, with stamp 0. */
  constructor(size: number, buckets: number) {
    requireInteger('size', size, 1, MAX_MEMBERS);
    requireInteger('buckets', buckets, 1, MAX_BUCKETS);
    this.size = size;
    this.#pageBits = Math.min(8, Math.max(3, Math.ceil(Math.log2(size / buckets))));
    const pageSize = 1 << this.#pageBits;
    const pageCount = Math.ceil(size / pageSize) + buckets;
    this.#records = new Int32Array(3 * size);
    this.#levels = new Float32Array(this.#records.buffer);
    this.#counts = new Int32Array(buckets);
    this.#occupied = new Int32Array(Math.ceil(buckets / 32));
    this.#pool = new Int32Array(pageCount * pageSize);
    this.#tails = new Int32Array(buckets);
    this.#pages = Array.from({ length: buckets }, () => []);
    this.#freePages = Array.from({ length: pageCount }, (_, i) => pageCount - 1 - i);
    for (let index = 0; index < size; index++) this.#append(index, 0, 0);
  }

  /** Number of buckets. */
  get buckets(): number {
    return this.#counts.length;
  }

  /** Number of members of a bucket. */
  count(bucket: number): number {
    return this.#counts[bucket];
  }

  /** Writes the buckets that have members, in rising order, and returns how many they are. */
  occupiedInto(out: Int32Array): number {
    let length = 0;
    for (let word = 0; word < this.#occupied.length; word++) {
      for (let rest = this.#occupied[word]; rest !== 0; rest &= rest - 1) {
        out[length++] = 32 * word + 31 - Math.clz32(rest & -rest);
      }
    }
    return length;
  }

  /** The member at a position in [0, count). */
  member(bucket: number, position: number): number {
    const bits = this.#pageBits;
    return this.#pool[(this.#pages[bucket][position >> bits] << bits) | (position & ((1 << bits) - 1))];
  }

  bucketOf(index: number): number {
    return this.#records[3 * index + 1] & BUCKET_MASK;
  }

  stampOf(index: number): number {
    return this.#records[3 * index + 1] >> BUCKET_BITS;
  }

  /** A number ≥ 0 that is kept with the sample, in float32; 0 at first. */
  levelOf(index: number): number {
    return this.#levels[3 * index + 2];
  }

  setLevel(index: number, level: number): void {
    this.#levels[3 * index + 2] = level;
  }

  /** Moves a sample to a bucket, its own included, and stamps it with an integer in [0, MAX_STAMP]. */
  move(index: number, bucket: number, stamp: number): void {
    if (this.bucketOf(index) === bucket) {
      this.#records[3 * index + 1] = (stamp << BUCKET_BITS) | bucket;
      return;
    }
    this.#remove(index);
    this.#append(index, bucket, stamp);
  }

  getState(): SampleBucketsState {
    const members = new Int32Array(this.size);
    let length = 0;
    for (let bucket = 0; bucket < this.buckets; bucket++) {
      for (let k = 0; k < this.#counts[bucket]; k++) members[length++] = this.member(bucket, k);
    }
    const stamps = new Int32Array(this.size);
    const levels = new Float32Array(this.size);
    for (let index = 0; index < this.size; index++) {
      stamps[index] = this.stampOf(index);
      levels[index] = this.levelOf(index);
    }
    return { kind: KIND, version: 1, members, counts: this.#counts.slice(), stamps, levels };
  }

  /** Buckets with the saved members in the saved order. */
  static fromState(state: SampleBucketsState): SampleBuckets {
    requireState(state, KIND);
    const { members, counts, stamps, levels } = state;
    const size = savedLength('state.members', members);
    requireLength('state.stamps', stamps, size);
    requireLength('state.levels', levels, size);
    requirePermutation('state.members', members);
    requireIntegers('state.counts', counts, size + 1);
    requireIntegers('state.stamps', stamps, MAX_STAMP + 1);
    requireNumbers('state.levels', levels);
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total !== size) throw new RangeError(`state.counts sum to ${total}; they must sum to ${size}, one a member.`);
    const restored = new SampleBuckets(size, counts.length);
    for (const index of members) restored.#remove(index);
    let next = 0;
    for (let bucket = 0; bucket < counts.length; bucket++) {
      for (let k = 0; k < counts[bucket]; k++) {
        const index = members[next++];
        restored.#append(index, bucket, stamps[index]);
        restored.setLevel(index, levels[index]);
      }
    }
    return restored;
  }

  #append(index: number, bucket: number, stamp: number): void {
    const position = this.#counts[bucket]++;
    if (position === 0) this.#occupied[bucket >> 5] |= 1 << bucket;
    const slot = this.#isPageStart(position) ? this.#addPage(bucket) : this.#tails[bucket] + 1;
    this.#tails[bucket] = slot;
    this.#pool[slot] = index;
    this.#records[3 * index] = slot;
    this.#records[3 * index + 1] = (stamp << BUCKET_BITS) | bucket;
  }

  #remove(index: number): void {
    const bucket = this.bucketOf(index);
    const slot = this.#records[3 * index];
    const tail = this.#tails[bucket];
    if (slot !== tail) {
      const moved = this.#pool[tail];
      this.#pool[slot] = moved;
      this.#records[3 * moved] = slot;
    }
    const last = --this.#counts[bucket];
    if (last === 0) this.#occupied[bucket >> 5] &= ~(1 << bucket);
    this.#tails[bucket] = this.#isPageStart(last) ? this.#dropPage(bucket) : tail - 1;
  }

  #isPageStart(position: number): boolean {
    return (position & ((1 << this.#pageBits) - 1)) === 0;
  }

  /** Gives a page to a bucket; returns its first slot. */
  #addPage(bucket: number): number {
    const page = this.#freePages.pop() as number;
    this.#pages[bucket].push(page);
    return page << this.#pageBits;
  }

  /** Takes the last page of a bucket; returns the last slot of the one before, if there is one. */
  #dropPage(bucket: number): number {
    const pages = this.#pages[bucket];
    this.#freePages.push(pages.pop() as number);
    return pages.length === 0 ? 0 : ((pages[pages.length - 1] + 1) << this.#pageBits) - 1;
  }
}
