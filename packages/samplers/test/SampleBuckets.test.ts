import { RandomGenerator } from '@gradis/samplers';
import { describe, expect, test } from 'vitest';
import { MAX_STAMP, SampleBuckets } from '../src/SampleBuckets.js';

/** Buckets as plain lists: remove by filling the gap with the last member, append at the end. */
class Oracle {
  readonly lists: number[][];
  readonly stamps: number[];
  readonly levels: number[];

  constructor(size: number, buckets: number) {
    this.lists = Array.from({ length: buckets }, () => []);
    this.lists[0] = Array.from({ length: size }, (_, i) => i);
    this.stamps = new Array(size).fill(0);
    this.levels = new Array(size).fill(0);
  }

  move(index: number, bucket: number, stamp: number): void {
    const from = this.lists.find((list) => list.includes(index))!;
    this.stamps[index] = stamp;
    if (from === this.lists[bucket]) return;
    const last = from.pop()!;
    if (last !== index) from[from.indexOf(index)] = last;
    this.lists[bucket]!.push(index);
  }
}

function expectSame(buckets: SampleBuckets, oracle: Oracle): void {
  const occupied = new Int32Array(oracle.lists.length);
  const length = buckets.occupiedInto(occupied);
  expect(Array.from(occupied.subarray(0, length))).toEqual(
    [...oracle.lists.keys()].filter((b) => oracle.lists[b]!.length > 0),
  );
  for (const [bucket, list] of oracle.lists.entries()) {
    expect(Array.from({ length: buckets.count(bucket) }, (_, k) => buckets.member(bucket, k))).toEqual(list);
    for (const index of list) {
      expect(buckets.bucketOf(index)).toBe(bucket);
      expect(buckets.stampOf(index)).toBe(oracle.stamps[index]);
      expect(buckets.levelOf(index)).toBe(oracle.levels[index]);
    }
  }
}

describe('SampleBuckets', () => {
  test.each([
    [1, 1],
    [10, 3],
    [70, 2048],
    [1000, 5],
  ])('does what plain lists do, with %d samples in %d buckets, over 40,000 random moves', (size, count) => {
    const random = new RandomGenerator(size);
    let buckets = new SampleBuckets(size, count);
    const oracle = new Oracle(size, count);
    for (let move = 1; move <= 40_000; move++) {
      const index = random.integer(size);
      // Mostly into a few buckets, so that they grow over many pages and are emptied again.
      const bucket = random.uniform() < 0.7 ? (move >> 11) % count : random.integer(count);
      const stamp = random.integer(MAX_STAMP + 1);
      buckets.move(index, bucket, stamp);
      oracle.move(index, bucket, stamp);
      oracle.levels[index] = Math.fround(random.uniform());
      buckets.setLevel(index, oracle.levels[index]);
      if (move % 4000 === 0) {
        expectSame(buckets, oracle);
        buckets = SampleBuckets.fromState(structuredClone(buckets.getState()));
        expectSame(buckets, oracle);
      }
    }
  });

  test('refuses more buckets than a record can name', () => {
    expect(() => new SampleBuckets(10, 2049)).toThrow('buckets is 2049; it must be an integer in [1, 2048].');
  });
});
