import { normalBound } from '@gradis/tooling/testing';
import { expect } from 'vitest';

/**
 * Throws unless the mean square of n weights agrees with the variance of a uniform distribution on ±limit,
 * limit² = 3 · variance. The variance of w² is limit⁴ (1/5 − 1/9).
 */
export function expectVariance(weights: Float32Array, variance: number): void {
  const meanSquare = weights.reduce((sum, w) => sum + w * w, 0) / weights.length;
  const standardError = 3 * variance * Math.sqrt((1 / 5 - 1 / 9) / weights.length);
  expect(Math.abs(meanSquare - variance)).toBeLessThan(normalBound() * standardError);
}
