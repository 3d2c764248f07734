import { RandomGenerator } from '@gradis/samplers';
import { normalBound } from '@gradis/tooling/testing';
import { describe, expect, test } from 'vitest';
import { systematicSample } from '../src/systematicSample.js';

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);

/** `min(1, x/τ)` that sum to the count, τ by bisection. */
function inclusionOf(sizes: readonly number[], count: number): number[] {
  const inclusion = (threshold: number) => sizes.map((size) => Math.min(1, size / threshold));
  let [low, high] = [Math.min(...sizes.filter((size) => size > 0)) / 2, sum(sizes)];
  for (let step = 0; step < 80; step++) {
    const middle = Math.sqrt(low) * Math.sqrt(high);
    if (sum(inclusion(middle)) > count) low = middle;
    else high = middle;
  }
  return inclusion(high);
}

/** Whether each position is drawn as often as its probability says, in independent samples. */
function isDrawnAs(inclusion: readonly number[], draws: number, draw: () => Int32Array): boolean {
  const counts = new Int32Array(inclusion.length);
  for (let k = 0; k < draws; k++) for (const position of draw()) counts[position]!++;
  return inclusion.every((probability, position) => {
    const tolerance = normalBound(1e-9) * Math.sqrt(draws * probability * (1 - probability));
    return Math.abs(counts[position]! - draws * probability) <= tolerance + 1e-6;
  });
}

describe('systematicSample', () => {
  test('takes distinct positions with the probabilities that bisection finds, in 10,000 random cases', () => {
    const random = new RandomGenerator(1);
    for (let round = 0; round < 10_000; round++) {
      const spread = 6 * random.uniform();
      const sizes = Array.from({ length: 1 + random.integer(12) }, () =>
        random.integer(5) === 0 ? random.integer(2) : Math.exp(spread * random.normal()),
      );
      const positive = sizes.filter((size) => size > 0).length;
      if (positive === 0) continue;
      const count = 1 + random.integer(sizes.length);
      const { positions, inclusionProbabilities } = systematicSample(Float64Array.from(sizes), count, random);
      const length = Math.min(count, positive);
      if (positions.length !== length || new Set(positions).size !== length) expect(positions).toHaveLength(length);
      const expected = inclusionOf(sizes, length);
      positions.forEach((position, k) => {
        const ratio = inclusionProbabilities[k]! / expected[position]!;
        if (!(Math.abs(ratio - 1) < 1e-9)) expect(ratio).toBe(1);
      });
    }
  });

  test.each([
    [[1, 2, 3, 4, 0, 5, 6], 3],
    [[1, 1, 1, 1], 2],
    [[100, 1, 2, 0.5, 3], 3],
    [[1e-200, 1e200, 1e-200, 1e-200], 2],
  ])('draws each of %j as often as it says: %d at a time; 5 % off fails the same check', (sizes, count) => {
    const random = new RandomGenerator(2);
    const inclusion = inclusionOf(sizes, count);
    const draw = () => systematicSample(Float64Array.from(sizes), count, random).positions;
    const biased = () =>
      draw().map((position) => (position % 2 === 0 && random.uniform() < 0.05 ? position + 1 : position));
    expect(isDrawnAs(inclusion, 100_000, draw)).toBe(true);
    expect(isDrawnAs(inclusion, 100_000, biased)).toBe(false);
  });

  test('takes as many as it should even if rounding leaves the sum of the probabilities short', () => {
    class LargestOffset extends RandomGenerator {
      override uniform(): number {
        return 1 - 2 ** -53;
      }
    }
    const random = new RandomGenerator(4);
    for (let round = 0; round < 5000; round++) {
      const sizes = Float64Array.from({ length: 3 + random.integer(30) }, () => random.uniform() + 0.01);
      const count = 1 + random.integer(sizes.length - 1);
      const { positions, inclusionProbabilities } = systematicSample(sizes, count, new LargestOffset(round));
      if (new Set(positions).size !== count) expect(positions).toHaveLength(count);
      if (inclusionProbabilities.includes(0)) expect(inclusionProbabilities).not.toContain(0);
    }
  });

  test('does not follow the period of its sizes: every pair of equal ones is drawn', () => {
    const random = new RandomGenerator(3);
    const seen = new Set<string>();
    for (let k = 0; k < 1000; k++) {
      seen.add(systematicSample(new Float64Array(8).fill(1), 2, random).positions.toSorted().join());
    }
    expect(seen.size).toBe(28);
  });
});
