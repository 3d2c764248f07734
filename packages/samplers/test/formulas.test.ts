import { assertScores, effectiveSampleSize, equivalentBatchGrowth, importanceWeights } from '@gradis/samplers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const scoresOf = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 1e-3, max: 1e3, noNaN: true })), {
  minLength: 1,
  maxLength: 50,
});

/** τ by its definition, (1 − ‖g − u‖² / Σ gᵢ²)^(−1/2). */
function growthByDefinition(scores: readonly number[]): number {
  const total = scores.reduce((sum, score) => sum + score, 0);
  const g = scores.map((score) => score / total);
  const sumOfSquares = g.reduce((sum, value) => sum + value ** 2, 0);
  const squaredDistance = g.reduce((sum, value) => sum + (value - 1 / g.length) ** 2, 0);
  return (1 - squaredDistance / sumOfSquares) ** -0.5;
}

/** Standard deviation over mean. */
function variationCoefficient(scores: readonly number[]): number {
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  return Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length) / mean;
}

describe('equivalentBatchGrowth', () => {
  test('equals its definition, and 1 + CV² if exact', () => {
    const property = fc.property(scoresOf, (scores) => {
      fc.pre(scores.some((score) => score > 0));
      expect(equivalentBatchGrowth(scores) / growthByDefinition(scores)).toBeCloseTo(1, 9);
      const exact = equivalentBatchGrowth(scores, { exact: true });
      expect(exact / (1 + variationCoefficient(scores) ** 2)).toBeCloseTo(1, 9);
    });
    fc.assert(property, { seed: 2, numRuns: 1000 });
  });

  test('is τ and not τ² by default', () => {
    expect(equivalentBatchGrowth([1, 0, 0, 0])).toBe(2);
  });

  test('is 1 for equal scores, for none above zero, and never less', () => {
    expect(equivalentBatchGrowth([0.1, 0.1, 0.1])).toBe(1);
    expect(equivalentBatchGrowth([0, 0])).toBe(1);
    expect(equivalentBatchGrowth([5])).toBe(1);
    const property = fc.property(
      fc.double({ min: 1e-30, max: 1e30, noNaN: true }),
      fc.integer({ min: 1, max: 99 }),
      (x, n) => {
        expect(equivalentBatchGrowth(new Array(n).fill(x))).toBeGreaterThanOrEqual(1);
      },
    );
    fc.assert(property, { seed: 3 });
  });

  test('does not depend on the scale of the scores, however small or large', () => {
    for (const scale of [1e-300, 1e-40, 1, 1e37]) {
      expect(equivalentBatchGrowth([3 * scale, scale, 0, 0])).toBeCloseTo(Math.sqrt(2.5), 12);
    }
  });
});

describe('effectiveSampleSize', () => {
  test('is (Σq)² / Σq²', () => {
    expect(effectiveSampleSize([1, 2, 3])).toBeCloseTo(36 / 14, 12);
    expect(effectiveSampleSize([0, 0, 4])).toBe(1);
    expect(effectiveSampleSize([0, 0, 0])).toBe(3);
  });
});

describe('importanceWeights', () => {
  test('is 1/(N p), and averages 1 under p', () => {
    const probabilities = [0.5, 0.25, 0.125, 0.125];
    const weights = importanceWeights(probabilities, 4);
    expect(weights).toEqual(Float32Array.of(0.5, 1, 2, 2));
    expect(probabilities.reduce((sum, probability, i) => sum + probability * weights[i]!, 0)).toBe(1);
  });

  test('refuses what is no probability', () => {
    for (const probability of [0, -0.1, 1.1, Number.NaN]) {
      expect(() => importanceWeights([0.5, probability], 4)).toThrow(`probabilities[1] is ${probability}`);
    }
    expect(() => importanceWeights([0.5], 0)).toThrow('size is 0');
  });
});

describe('assertScores', () => {
  test('takes every finite Float32 ≥ 0 and names the first other value', () => {
    assertScores(Float32Array.of(0, 1e-45, 3.4028234663852886e38));
    expect(() => assertScores(Float32Array.of(1, 1e39))).toThrow(
      'scores[1] is Infinity; scores must be finite and ≥ 0.',
    );
    expect(() => assertScores([1, Number.NaN, -1], [5, 6, 7])).toThrow('scores[1] (sample 6) is NaN');
    expect(() => assertScores([-1])).toThrow('scores[0] is -1');
    expect(() => assertScores([1, 4e38], undefined, 'losses')).toThrow(
      'losses[1] is 4e+38; losses must be finite and at most 3.4e38, the largest Float32.',
    );
    for (const score of [undefined, null, '1', [1], true, 1n] as unknown[] as number[]) {
      expect(() => assertScores([score])).toThrow(
        new TypeError(`scores[0] is ${score}, of type ${typeof score}; scores must be numbers.`),
      );
    }
  });

  test('is called by every formula', () => {
    for (const formula of [equivalentBatchGrowth, effectiveSampleSize]) {
      expect(() => formula([1, -2])).toThrow('scores[1] is -2');
      expect(() => formula([])).toThrow('scores is empty');
    }
  });
});
