import { RandomGenerator } from '@gradis/samplers';
import { describe, expect, test } from 'vitest';
import { matchMean } from '../src/matchMean.js';

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Distance of the mean of the chosen values from the mean of all. */
function error(sorted: Float64Array, chosen: ArrayLike<number>): number {
  return Math.abs(mean(Array.from(sorted).filter((_, k) => chosen[k] === 1)) - mean(Array.from(sorted)));
}

/** All choices that one swap makes of this one. */
function swaps(chosen: Uint8Array): Uint8Array[] {
  const results: Uint8Array[] = [];
  for (let out = 0; out < chosen.length; out++) {
    for (let into = 0; into < chosen.length; into++) {
      if (chosen[out] === 1 && chosen[into] === 0) results.push(chosen.with(out, 0).with(into, 1));
    }
  }
  return results;
}

/** All choices of `count` values out of n. */
function choices(n: number, count: number): Uint8Array[] {
  if (n === 0) return count === 0 ? [new Uint8Array(0)] : [];
  const without = choices(n - 1, count).map((rest) => Uint8Array.of(0, ...rest));
  const withFirst = count > 0 ? choices(n - 1, count - 1).map((rest) => Uint8Array.of(1, ...rest)) : [];
  return [...without, ...withFirst];
}

function randomCase(random: RandomGenerator, n: number, count: number, kind: 'exponential' | 'integers') {
  const value = () => (kind === 'integers' ? random.integer(5) : -Math.log(1 - random.uniform()));
  const sorted = Float64Array.from({ length: n }, value).sort();
  const positions = random.shuffle(Int32Array.from({ length: n }, (_, k) => k)).slice(0, count);
  const chosen = new Uint8Array(n);
  for (const position of positions) chosen[position] = 1;
  return { sorted, chosen };
}

describe('matchMean', () => {
  test.each(['exponential', 'integers'] as const)('ends where no swap is better (%s)', (kind) => {
    const random = new RandomGenerator(1);
    for (let round = 0; round < 1000; round++) {
      const n = 1 + random.integer(20);
      const count = 1 + random.integer(n);
      const { sorted, chosen } = randomCase(random, n, count, kind);
      const before = error(sorted, chosen);
      matchMean(sorted, chosen);
      const after = error(sorted, chosen);
      expect(chosen.reduce((sum, flag) => sum + flag, 0)).toBe(count);
      expect(after).toBeLessThanOrEqual(before + 1e-12);
      for (const other of swaps(chosen)) expect(error(sorted, other)).toBeGreaterThanOrEqual(after - 1e-12);
    }
  });

  test('makes the best swap each time, as trying them all does', () => {
    const random = new RandomGenerator(2);
    for (let round = 0; round < 1000; round++) {
      const { sorted, chosen } = randomCase(random, 2 + random.integer(15), 1 + random.integer(3), 'exponential');
      let expected: Uint8Array = chosen.slice();
      for (;;) {
        const best = swaps(expected).reduce((a, b) => (error(sorted, b) < error(sorted, a) ? b : a), expected);
        if (error(sorted, best) > error(sorted, expected) - 1e-13) break;
        expected = best;
      }
      matchMean(sorted, chosen);
      expect(error(sorted, chosen)).toBeCloseTo(error(sorted, expected), 12);
    }
  });

  test('comes near the best of all choices: exact for one of n, and in the mean far nearer than chance', () => {
    const random = new RandomGenerator(3);
    for (const [n, count] of [
      [10, 1],
      [12, 3],
      [12, 4],
    ] as const) {
      const all = choices(n, count);
      let [start, end, best] = [0, 0, 0];
      for (let round = 0; round < 100; round++) {
        const { sorted, chosen } = randomCase(random, n, count, 'exponential');
        start += error(sorted, chosen);
        matchMean(sorted, chosen);
        end += error(sorted, chosen);
        best += all.reduce((least, choice) => Math.min(least, error(sorted, choice)), Number.POSITIVE_INFINITY);
      }
      expect(end).toBeGreaterThanOrEqual(best - 1e-12);
      if (count === 1) expect(end).toBeCloseTo(best, 12);
      else expect(end).toBeLessThan(0.1 * start);
    }
  });

  test('leaves a choice of all values, or of none, as it is', () => {
    for (const flag of [0, 1]) {
      const chosen = new Uint8Array(4).fill(flag);
      matchMean(Float64Array.of(1, 2, 5, 9), chosen);
      expect(chosen).toEqual(new Uint8Array(4).fill(flag));
    }
  });
});
