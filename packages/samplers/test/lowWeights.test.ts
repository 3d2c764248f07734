import { type LowOptions, lowWeights, lowWeightsInto, RandomGenerator } from '@gradis/samplers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

/** The minimiser by bisection on μ, for the objective λ‖w‖² − Σ (gᵢ² + λ) wᵢ; independent of any sort. */
function solveByBisection(scores: readonly number[], lambda: number): number[] {
  const targets = scores.map((score) => (score * score + lambda) / (2 * lambda));
  const weightsAt = (mu: number) => targets.map((target) => Math.max(target - mu, 0));
  const sumAt = (mu: number) => weightsAt(mu).reduce((sum, weight) => sum + weight, 0);
  let low = Math.min(...targets) - 1;
  let high = Math.max(...targets);
  for (let k = 0; k < 200; k++) {
    const middle = (low + high) / 2;
    if (sumAt(middle) > scores.length) low = middle;
    else high = middle;
  }
  return weightsAt((low + high) / 2);
}

/** How far w is from the optimality (Karush–Kuhn–Tucker) conditions of the objective, relative to its gradient. */
function violation(scores: readonly number[], weights: ArrayLike<number>, lambda: number): number {
  const gradients = scores.map((score, i) => 2 * lambda * weights[i]! - score * score - lambda);
  const smallest = Math.min(...gradients);
  const scale = Math.max(...gradients.map(Math.abs), lambda);
  const sum = Array.from(weights).reduce((total, weight) => total + weight, 0);
  const stationarity = Math.max(...gradients.map((gradient, i) => (weights[i]! > 0 ? gradient - smallest : 0))) / scale;
  return Math.max(stationarity, Math.abs(sum / scores.length - 1), -Math.min(...Array.from(weights)));
}

const problems = Array.from({ length: 400 }, (_, seed) => {
  const random = new RandomGenerator(seed);
  const scores = Array.from({ length: 1 + random.integer(100) }, () =>
    random.uniform() < 0.2 ? 0 : Math.abs(random.normal()) ** (1 + random.integer(3)),
  );
  return { scores, lambda: 10 ** (4 * random.uniform() - 1.5) };
});

const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!) / a.length));

describe('lowWeights', () => {
  test('agrees with bisection and is optimal on 400 random problems', () => {
    let clipped = 0;
    for (const { scores, lambda } of problems) {
      const weights = lowWeights(scores, { lambda });
      expect(distance(weights, solveByBisection(scores, lambda))).toBeLessThan(1e-6);
      expect(violation(scores, weights, lambda)).toBeLessThan(1e-5);
      if (weights.includes(0)) clipped++;
    }
    // Both kinds of problems occur: with and without weights at the boundary.
    expect(clipped).toBeGreaterThan(100);
    expect(clipped).toBeLessThan(300);
  });

  test('weights of a λ that is 1 % off fail the same checks', () => {
    const off = problems.map(({ scores, lambda }) => {
      const weights = lowWeights(scores, { lambda: 1.01 * lambda });
      return [distance(weights, solveByBisection(scores, lambda)), violation(scores, weights, lambda)];
    });
    expect(off.filter(([far]) => far! > 1e-6).length).toBeGreaterThan(200);
    expect(off.filter(([, wrong]) => wrong! > 1e-5).length).toBeGreaterThan(200);
  });

  const score = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 10, noNaN: true }));
  const scoresOf = fc.array(score, { minLength: 1, maxLength: 64 });
  const lambdaOf = fc.double({ min: 0.01, max: 100, noNaN: true });
  const holds = (property: (scores: number[], lambda: number) => void) =>
    fc.assert(fc.property(scoresOf, lambdaOf, property), { seed: 5, numRuns: 300 });

  test('does not change when a constant is added to every g²', () => {
    holds((scores, lambda) => {
      const shifted = scores.map((value) => Math.sqrt(value * value + 7));
      expect(distance(lowWeights(shifted, { lambda }), lowWeights(scores, { lambda }))).toBeLessThan(1e-6);
    });
  });

  test('does not change when g is scaled by c and λ by c²', () => {
    holds((scores, lambda) => {
      const scaled = scores.map((value) => 8 * value);
      expect(lowWeights(scaled, { lambda: 64 * lambda })).toEqual(lowWeights(scores, { lambda }));
    });
  });

  test('follows a reordering of the batch, and never gives a larger score a smaller weight', () => {
    holds((scores, lambda) => {
      const weights = lowWeights(scores, { lambda });
      expect(lowWeights(scores.toReversed(), { lambda })).toEqual(weights.toReversed());
      const byScore = [...weights.keys()].sort((a, b) => scores[a]! - scores[b]!);
      byScore.slice(1).forEach((index, k) => {
        expect(weights[index]).toBeGreaterThanOrEqual(weights[byScore[k]!]!);
      });
    });
  });

  test("lossScaling 'mean' is 'sum' with λ·n²", () => {
    holds((scores, lambda) => {
      const mean = lowWeights(scores, { lambda, lossScaling: 'mean' });
      expect(distance(mean, lowWeights(scores, { lambda: lambda * scores.length ** 2 }))).toBeLessThan(1e-6);
    });
  });

  test('gives all ones for a huge λ and for equal scores, and everything to the largest score for a tiny λ', () => {
    const scores = [0, 1, 2, 3];
    const lambdas = [1e20, Number.MAX_VALUE];
    for (const lambda of lambdas) expect(lowWeights(scores, { lambda })).toEqual(Float32Array.of(1, 1, 1, 1));
    expect(lowWeights([3e38, 3e38, 3e38])).toEqual(Float32Array.of(1, 1, 1));
    for (const lambda of [1e-9, Number.MIN_VALUE]) {
      expect(lowWeights(scores, { lambda })).toEqual(Float32Array.of(0, 0, 0, 4));
    }
  });

  test("has the defaults λ = 0.1 and 'sum': strong, where 'mean' with the same λ is weak", () => {
    const scores = Float64Array.from({ length: 64 }, (_, k) => (k * Math.SQRT2) / 63);
    const weights = lowWeights(scores);
    expect(weights).toEqual(lowWeights(scores, { lambda: 0.1, lossScaling: 'sum' }));
    expect(weights.filter((weight) => weight === 0).length).toBeGreaterThan(32);
    for (const weight of lowWeights(scores, { lossScaling: 'mean' })) expect(Math.abs(weight - 1)).toBeLessThan(0.01);
  });

  test('writes into the array given, and returns it', () => {
    const out = new Float32Array(3);
    expect(lowWeightsInto([1, 2, 3], out, { lambda: 1 })).toBe(out);
    expect(out).toEqual(lowWeights([1, 2, 3], { lambda: 1 }));
  });

  test('refuses what it cannot weight, and leaves the output as it was', () => {
    const out = Float32Array.of(7, 7);
    const refused: [number[], LowOptions, string][] = [
      [[1, Number.NaN], {}, 'scores[1] is NaN'],
      [[1, -1], {}, 'scores[1] is -1'],
      [[1, 1], { lambda: 0 }, 'lambda is 0; it must be finite and > 0.'],
      [[1, 1], { lambda: Number.NaN }, 'lambda is NaN'],
      [[1, 1], { lossScaling: 'max' as 'sum' }, "lossScaling is 'max'"],
      [[1, 1, 1], {}, 'out has 2 elements; it must have 3.'],
    ];
    for (const [scores, options, message] of refused) {
      expect(() => lowWeightsInto(scores, out, options)).toThrow(message);
    }
    expect(() => lowWeights([])).toThrow('scores is empty');
    expect(out).toEqual(Float32Array.of(7, 7));
  });
});
