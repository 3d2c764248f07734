import { describe, expect, test } from 'vitest';
import { chiSquareUpperBound, expectFrequencies, normalBound } from '../src/statistics.js';

/** P(χ²ₖ > x) for even k, in closed form: e^(−x/2) Σ_{i < k/2} (x/2)^i / i!. */
function chiSquareTail(x: number, k: number): number {
  let term = Math.exp(-x / 2);
  let sum = term;
  for (let i = 1; i < k / 2; i++) sum += term *= x / 2 / i;
  return sum;
}

describe('chiSquareUpperBound', () => {
  test.each([2, 10, 100, 1000])('is exceeded with the asked probability at %d degrees of freedom', (k) => {
    for (const falseAlarm of [0.05, 1e-3, 1e-9]) {
      expect(chiSquareTail(chiSquareUpperBound(k, falseAlarm), k) / falseAlarm).toBeCloseTo(1, 4);
    }
  });
});

describe('normalBound', () => {
  test('agrees with the tabulated two-sided quantiles', () => {
    expect(normalBound(0.05)).toBeCloseTo(1.959963984540054, 9);
    expect(normalBound(1e-9)).toBeCloseTo(6.109410204869, 7);
  });
});

describe('expectFrequencies', () => {
  const probabilities = [0.4, 0.3, 0.2, 0.1];
  /** Counts of a perfect sampler with these probabilities. */
  const ideal = (draws: number, p: number[]) => p.map((value) => Math.round(draws * value));

  test('accepts frequencies that follow the probabilities', () => {
    expectFrequencies(ideal(10_000, probabilities), probabilities);
  });

  test('refuses a bias of 5 % and names the statistic and its bound', () => {
    const biased = ideal(100_000, [0.42, 0.3, 0.18, 0.1]);
    expect(() => expectFrequencies(biased, probabilities)).toThrow(
      /^χ² = 300\.0 exceeds 4\d\.\d \(100000 draws, 4 cells/,
    );
  });

  test('refuses a count where the probability is zero, however rare', () => {
    expect(() => expectFrequencies([500_000, 499_999, 1], [0.5, 0.5, 0])).toThrow(
      'Outcome 2 has probability 0 and was drawn 1 times.',
    );
  });

  test('pools rare outcomes, so that one lucky draw does not fail and many do', () => {
    const rare = [0.5, 0.4999, ...Array<number>(100).fill(1e-6)];
    const counts = [5000, 4999, 1, ...Array<number>(99).fill(0)];
    expectFrequencies(counts, rare);
    expect(() => expectFrequencies([4600, 4600, 800, ...Array<number>(99).fill(0)], rare)).toThrow('exceeds');
  });

  test('says when there are too few draws to tell anything', () => {
    expect(() => expectFrequencies([1, 1, 1, 1], probabilities)).toThrow('draw more');
  });

  test('refuses probabilities that do not fit the counts', () => {
    expect(() => expectFrequencies([1, 2], [1])).toThrow('There are 2 counts for 1 probabilities.');
    expect(() => expectFrequencies([1, 2], [0.5, 0.6])).toThrow('sum to 1.1');
  });

  test('a smaller false alarm has a wider bound', () => {
    const counts = [4150, 2850, 2000, 1000];
    expect(() => expectFrequencies(counts, probabilities, { falseAlarm: 0.1 })).toThrow('exceeds');
    expectFrequencies(counts, probabilities, { falseAlarm: 1e-9 });
  });
});
