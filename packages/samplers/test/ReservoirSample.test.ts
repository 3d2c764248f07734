import { RandomGenerator, ReservoirSample, type ReservoirSampleState } from '@gradis/samplers';
import { expectFrequencies } from '@gradis/tooling/testing';
import { describe, expect, test } from 'vitest';

/** Algorithm L over a stream that lies before it in full: it jumps from one item that is taken to the next. */
function reservoirOf(stream: readonly number[], capacity: number, seed: number): number[] {
  const random = new RandomGenerator(seed);
  const uniform = () => 1 - random.uniform();
  const reservoir = stream.slice(0, capacity);
  let key = uniform() ** (1 / capacity);
  let position = capacity - 1;
  for (;;) {
    position += 1 + Math.floor(Math.log(uniform()) / Math.log(1 - key));
    if (!(position < stream.length)) return reservoir;
    reservoir[random.integer(capacity)] = stream[position]!;
    key *= uniform() ** (1 / capacity);
  }
}

/** How often each pair of six items is the sample of two. */
function countPairs(sampleOf: (seed: number) => readonly number[]): Int32Array {
  const counts = new Int32Array(36);
  for (let seed = 0; seed < 60_000; seed++) {
    const [low, high] = sampleOf(seed).toSorted((a, b) => a - b);
    counts[6 * low! + high!]!++;
  }
  return counts;
}

const pairs = Float64Array.from({ length: 36 }, (_, cell) => (cell % 6 > Math.floor(cell / 6) ? 1 / 15 : 0));

const sampleOfSix = (seed: number) => {
  const sample = new ReservoirSample<number>(2, { seed });
  for (let item = 0; item < 6; item++) sample.add(item);
  return sample.items();
};

describe('ReservoirSample', () => {
  test('keeps every set of items equally likely', () => {
    expectFrequencies(countPairs(sampleOfSix), pairs);
  });

  test('a sample that prefers late items by 5 % fails the same check', () => {
    const random = new RandomGenerator(1);
    const biased = (seed: number) => {
      const items = sampleOfSix(seed);
      return items.includes(5) || random.uniform() > 0.05 ? items : [items[0]!, 5];
    };
    expect(() => expectFrequencies(countPairs(biased), pairs)).toThrow('exceeds');
  });

  test('keeps each item of a long stream with the same probability', () => {
    const counts = new Int32Array(100);
    for (let seed = 0; seed < 5000; seed++) {
      const sample = new ReservoirSample<number>(10, { seed });
      for (let item = 0; item < 2000; item++) sample.add(item);
      for (const item of sample.items()) counts[Math.floor(item / 20)]!++;
    }
    expectFrequencies(counts, new Float64Array(100).fill(1 / 100));
  });

  test.each([1, 2, 10, 64])(
    'keeps what jumps over an array keep, over 40,000 items, restored at random times: k = %d',
    (capacity) => {
      const random = new RandomGenerator(capacity);
      const stream = Array.from({ length: 40_000 }, (_, item) => item);
      let sample = new ReservoirSample<number>(capacity, { seed: 3 });
      for (const item of stream) {
        const before = sample.items();
        const gone = sample.add(item);
        if (gone !== undefined && gone !== item) expect(before).toContain(gone);
        if (random.integer(20) > 0) continue;
        expect(sample.items()).toEqual(reservoirOf(stream.slice(0, item + 1), capacity, 3));
        expect([sample.seen, sample.size]).toEqual([item + 1, Math.min(item + 1, capacity)]);
        sample = ReservoirSample.fromState(structuredClone(sample.getState()));
      }
    },
  );

  test('gives back each item that it does not keep, once', () => {
    const sample = new ReservoirSample<number>(7, { seed: 2 });
    const gone = Array.from({ length: 500 }, (_, item) => sample.add(item)).filter((item) => item !== undefined);
    expect([...gone, ...sample.items()].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, n) => n));
  });

  test('refuses a bad capacity or seed by name', () => {
    for (const capacity of [0, -1, 1.5, Number.NaN]) {
      expect(() => new ReservoirSample(capacity)).toThrow(`capacity is ${capacity}; it must be an integer`);
    }
    expect(() => new ReservoirSample(2, { seed: 0.5 })).toThrow('seed is 0.5');
  });

  test('refuses a damaged state by name, and shares nothing with a good one', () => {
    const sample = new ReservoirSample<number>(3);
    for (let item = 0; item < 10; item++) sample.add(item);
    const state: ReservoirSampleState<number> = sample.getState();
    const restore = (damage: object) => () => ReservoirSample.fromState({ ...state, ...damage });
    expect(restore({ kind: 'PrioritySample' })).toThrow("state.kind is 'PrioritySample'");
    expect(restore({ version: 2 })).toThrow('state.version is 2');
    expect(restore({ capacity: 0 })).toThrow('capacity is 0');
    for (const seen of [Number.NaN, -1, 0.5, undefined]) expect(restore({ seen })).toThrow(`state.seen is ${seen}`);
    expect(restore({ seen: 2 })).toThrow('state.items has 3 elements; it must have 2.');
    expect(restore({ items: [1, 2] })).toThrow('state.items has 2 elements; it must have 3.');
    for (const key of [Number.NaN, 0, 1.5, undefined]) {
      expect(restore({ largestKey: key })).toThrow(`state.largestKey is ${key}; it must`);
    }
    for (const next of [Number.NaN, 9, Number.POSITIVE_INFINITY, undefined]) {
      expect(restore({ next })).toThrow(`state.next is ${next}; it must`);
    }
    const open = new ReservoirSample<number>(3).getState();
    expect(() => ReservoirSample.fromState({ ...open, next: 4 })).toThrow('state.next is 4; it must be in [0, 0].');
    expect(() => ReservoirSample.fromState({ ...open, largestKey: 0.5 })).toThrow('state.largestKey is 0.5');
    const copy = structuredClone(state);
    const restored = ReservoirSample.fromState(state);
    for (let item = 10; item < 100; item++) restored.add(item);
    expect(state).toEqual(copy);
  });
});
