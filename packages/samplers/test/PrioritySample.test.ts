import { PrioritySample, type PrioritySampleState, RandomGenerator } from '@gradis/samplers';
import { normalBound } from '@gradis/tooling/testing';
import { describe, expect, test } from 'vitest';

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);

/** The definition: every priority so far, sorted; the first k stay, and the next one is the threshold. */
class Oracle {
  readonly #random: RandomGenerator;
  #entries: { item: number; score: number; priority: number }[] = [];
  seen = 0;

  constructor(
    readonly capacity: number,
    seed: number,
  ) {
    this.#random = new RandomGenerator(seed);
  }

  add(item: number, score: number): number | undefined {
    this.seen++;
    if (score === 0) return item;
    const before = this.kept.map((entry) => entry.item);
    this.#entries.push({ item, score, priority: score / (1 - this.#random.uniform()) });
    this.#entries.sort((a, b) => b.priority - a.priority);
    this.#entries.length = Math.min(this.#entries.length, this.capacity + 1);
    const after = new Set(this.kept.map((entry) => entry.item));
    return [...before, item].find((candidate) => !after.has(candidate));
  }

  get kept() {
    return this.#entries.slice(0, this.capacity);
  }

  get threshold(): number {
    return this.#entries[this.capacity]?.priority ?? 0;
  }

  weightOf(item: number): number {
    const { score } = this.kept.find((entry) => entry.item === item)!;
    return (this.kept.length / this.seen) * Math.max(1, this.threshold / score);
  }
}

describe('PrioritySample', () => {
  test.each([1, 2, 3, 17])('keeps what sorted priorities keep, over 30,000 random items and restores: k = %d', (k) => {
    const random = new RandomGenerator(k);
    let sample = new PrioritySample<number>(k, { seed: 5 });
    const oracle = new Oracle(k, 5);
    for (let item = 0; item < 30_000; item++) {
      const score = random.integer(4) === 0 ? random.integer(3) : Math.exp(2 * random.normal() + item / 3000);
      const gone = oracle.add(item, score);
      if (sample.add(item, score) !== gone) expect(`item ${item}`).toBe('the one that has to go');
      if (random.integer(50) > 0) continue;
      expect(sample.items().toSorted((a, b) => a - b)).toEqual(
        oracle.kept.map((entry) => entry.item).toSorted((a, b) => a - b),
      );
      expect([sample.seen, sample.size, sample.threshold]).toEqual([item + 1, oracle.kept.length, oracle.threshold]);
      const weights = sample.weights();
      const inclusion = sample.inclusionProbabilities();
      sample.items().forEach((kept, slot) => {
        expect(weights[slot]).toBeCloseTo(oracle.weightOf(kept), 5);
        expect((weights[slot]! * inclusion[slot]! * sample.seen) / sample.size).toBeCloseTo(1, 5);
      });
      sample = PrioritySample.fromState(structuredClone(sample.getState()));
    }
  });

  test('estimates the sum of the scores in any subset without bias, and another threshold does not', () => {
    const scores = Array.from({ length: 20 }, (_, i) => [0, 1, 1, 2, 3, 5, 8, 0.1, 0.5, 30][i % 10]!);
    const subsets: ((item: number) => boolean)[] = [
      () => true,
      (item) => item === 9,
      (item) => item === 7,
      (item) => item % 3 === 0,
      (item) => scores[item]! <= 1,
    ];
    /** Deviation of the mean estimate from the truth in standard errors, largest over the subsets. */
    const deviation = (estimate: (score: number, threshold: number) => number) => {
      const runs = 20_000;
      const estimates = subsets.map(() => new Float64Array(runs));
      for (let run = 0; run < runs; run++) {
        const sample = new PrioritySample<number>(5, { seed: run });
        scores.forEach((score, item) => {
          sample.add(item, score);
        });
        subsets.forEach((contains, j) => {
          estimates[j]![run] = sum(
            sample.items().map((item) => (contains(item) ? estimate(scores[item]!, sample.threshold) : 0)),
          );
        });
      }
      return Math.max(
        ...estimates.map((values, j) => {
          const mean = sum(values) / runs;
          const variance = sum(values.map((value) => (value - mean) ** 2)) / (runs - 1);
          return Math.abs(mean - sum(scores.filter((_, item) => subsets[j]!(item)))) / Math.sqrt(variance / runs);
        }),
      );
    };
    expect(deviation(Math.max)).toBeLessThan(normalBound());
    expect(deviation((score, threshold) => Math.max(score, 1.05 * threshold))).toBeGreaterThan(normalBound());
  });

  test('has weights that make means over the stream unbiased, and weights 5 % off do not', () => {
    const values = Array.from({ length: 60 }, (_, n) => Math.sin(n) * (n % 7) + (n % 5));
    const scores = values.map((value, n) => Math.abs(value) * (1 + (n % 3)));
    const runs = 20_000;
    const means = Float64Array.from({ length: runs }, (_, run) => {
      const sample = new PrioritySample<number>(8, { seed: run });
      values.forEach((value, n) => {
        sample.add(value, scores[n]!);
      });
      const weights = sample.weights();
      return sum(sample.items().map((value, slot) => weights[slot]! * value)) / sample.size;
    });
    const mean = sum(means) / runs;
    const error = Math.sqrt(sum(means.map((value) => (value - mean) ** 2))) / runs;
    const expected = sum(values) / values.length;
    expect(Math.abs(mean - expected)).toBeLessThan(normalBound() * error);
    expect(Math.abs(1.05 * mean - expected)).toBeGreaterThan(normalBound() * error);
  });

  test('is exact while there is room: all items with a score, and the weights of their plain mean', () => {
    const sample = new PrioritySample<string>(4);
    expect([sample.size, sample.seen, sample.threshold, ...sample.weights()]).toEqual([0, 0, 0]);
    expect(['a', 'b', 'c', 'd'].map((item, n) => sample.add(item, n))).toEqual(['a', undefined, undefined, undefined]);
    expect(sample.items().toSorted()).toEqual(['b', 'c', 'd']);
    expect(sample.weights()).toEqual(new Float32Array(3).fill(3 / 4));
    expect(sample.inclusionProbabilities()).toEqual(new Float64Array(3).fill(1));
  });

  test('never keeps an item of zero score, and always one that outweighs all others', () => {
    for (let seed = 0; seed < 200; seed++) {
      const sample = new PrioritySample<number>(3, { seed });
      for (let item = 0; item < 50; item++) sample.add(item, item === 20 ? 1e290 : item % 2);
      const items = sample.items();
      expect(items).toContain(20);
      expect(items.every((item) => item % 2 === 1 || item === 20)).toBe(true);
      const weights = sample.weights();
      expect(weights[items.indexOf(20)]).toBe(Math.fround(3 / 50));
      expect(weights.every(Number.isFinite)).toBe(true);
    }
  });

  test('keeps the same with the same seed, and otherwise with another', () => {
    const keep = (seed: number) => {
      const sample = new PrioritySample<number>(5, { seed });
      for (let item = 0; item < 100; item++) sample.add(item, 1 + (item % 9));
      return sample.getState();
    };
    expect(keep(3)).toEqual(keep(3));
    expect(keep(3)).not.toEqual(keep(4));
  });

  test('refuses a bad score, capacity or seed by name and stays as it was', () => {
    const sample = new PrioritySample<number>(2);
    sample.add(1, 2);
    const before = sample.getState();
    for (const score of [Number.NaN, Number.POSITIVE_INFINITY, -1, 1e291]) {
      expect(() => sample.add(2, score)).toThrow(`score is ${score}; it must be in [0, 1e+290].`);
    }
    expect(sample.getState()).toEqual(before);
    for (const capacity of [0, -1, 1.5, Number.NaN]) {
      expect(() => new PrioritySample(capacity)).toThrow(`capacity is ${capacity}; it must be an integer`);
    }
    expect(() => new PrioritySample(2, { seed: 0.5 })).toThrow('seed is 0.5');
  });

  test('refuses a damaged state by name', () => {
    const sample = new PrioritySample<number>(3);
    for (let item = 0; item < 10; item++) sample.add(item, 1 + item);
    const state: PrioritySampleState<number> = sample.getState();
    const { items, scores, priorities, threshold } = state;
    const restore = (damage: object) => () => PrioritySample.fromState({ ...state, ...damage });
    expect(restore({ kind: 'ReservoirSample' })).toThrow("state.kind is 'ReservoirSample'");
    expect(restore({ version: 2 })).toThrow('state.version is 2');
    expect(restore({ capacity: 0 })).toThrow('capacity is 0');
    for (const seen of [Number.NaN, -1, 0.5, 2, undefined]) {
      expect(restore({ seen })).toThrow(`state.seen is ${seen}; it must`);
    }
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -1, undefined]) {
      expect(restore({ threshold: value })).toThrow(`state.threshold is ${value}; it must`);
    }
    expect(restore({ items: items.slice(1) })).toThrow('state.items.length is 2; it must be an integer in [3, 3].');
    expect(restore({ capacity: 2 })).toThrow('state.items.length is 3; it must be an integer in [2, 2].');
    expect(restore({ scores: scores.slice(1) })).toThrow('state.scores has 2 elements; it must have 3.');
    expect(restore({ priorities: priorities.slice(1) })).toThrow('state.priorities has 2 elements; it must have 3.');
    for (const score of [Number.NaN, -1, 0, 1e291]) {
      expect(restore({ scores: scores.with(1, score) })).toThrow(`state.scores[1] is ${score}; it must`);
    }
    for (const priority of [Number.NaN, threshold / 2, Number.POSITIVE_INFINITY]) {
      expect(restore({ priorities: priorities.with(1, priority) })).toThrow(`state.priorities[1] is ${priority}; it`);
    }
    expect(restore({ random: { ...state.random, words: [0, 0, 0, 0] } })).toThrow('state.words is all zero');
  });

  test('shares nothing with its state', () => {
    const sample = new PrioritySample<number>(3);
    for (let item = 0; item < 10; item++) sample.add(item, 1 + item);
    const state = sample.getState();
    const copy = structuredClone(state);
    const restored = PrioritySample.fromState(state);
    for (let item = 10; item < 50; item++) restored.add(item, item);
    sample.items().fill(-1);
    expect(state).toEqual(copy);
    expect(sample.getState()).toEqual(copy);
  });
});
