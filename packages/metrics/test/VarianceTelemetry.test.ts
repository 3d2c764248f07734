import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VarianceTelemetry } from '../src/index.js';
import { uniformNumbers } from './random.js';

const pairs = fc.array(
  fc.tuple(fc.double({ min: 0, max: 100, noNaN: true }), fc.double({ min: 0.01, max: 100, noNaN: true })),
  { minLength: 2, maxLength: 80 },
);

function observeAll(samples: readonly (readonly [score: number, weight: number])[], batchSize = samples.length) {
  const telemetry = new VarianceTelemetry();
  for (let start = 0; start < samples.length; start += batchSize) {
    const batch = samples.slice(start, start + batchSize);
    telemetry.observe(
      batch.map(([score]) => score),
      batch.map(([, weight]) => weight),
    );
  }
  return telemetry;
}

const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('VarianceTelemetry', () => {
  test('computes U, I, W and the effective sample size of a batch worked out by hand', () => {
    const summary = observeAll([
      [2, 0.5],
      [1, 2],
    ]).summary();
    expect(summary).toMatchObject({
      count: 2,
      uniformSecondMoment: 2, // (4·½ + 1·2)/2
      secondMoment: 2.5, // (4·¼ + 1·4)/2
      secondMomentRatio: 1.25,
      equivalentBatchGrowth: 0.8,
      weightMean: 1.25,
    });
    expect(summary?.effectiveSampleSizeShare).toBeCloseTo(2.5 ** 2 / (2 * 4.25), 14);
  });

  test('agrees with the definitions applied to the stored samples, however they are cut into batches', () => {
    fc.assert(
      fc.property(pairs, fc.integer({ min: 1, max: 20 }), (samples, batchSize) => {
        const summary = observeAll(samples, batchSize).summary()!;
        const scores = samples.map(([score]) => score);
        const weights = samples.map(([, weight]) => weight);
        const squares = weights.map((weight) => weight ** 2);
        expect(summary.uniformSecondMoment).toBeCloseTo(average(scores.map((s, i) => s * s * weights[i]!)), 5);
        expect(summary.secondMoment / (1 + summary.secondMoment)).toBeCloseTo(
          average(scores.map((s, i) => s * s * squares[i]!)) / (1 + summary.secondMoment),
          10,
        );
        expect(summary.weightMean).toBeCloseTo(average(weights), 10);
        expect(summary.effectiveSampleSizeShare).toBeCloseTo(average(weights) ** 2 / average(squares), 10);
      }),
    );
  });

  test('its expectations are the exact second moments, by enumeration of every draw', () => {
    const scores = [5, 1, 2, 0.5];
    const probabilities = [0.5, 0.2, 0.2, 0.1];
    const draws = scores.flatMap((score, i) =>
      Array.from({ length: probabilities[i]! * 10 }, () => [score, 1 / (4 * probabilities[i]!)] as const),
    );
    const summary = observeAll(draws).summary()!;
    const uniform = average(scores.map((s) => s ** 2));
    const importance = scores.reduce((sum, s, i) => sum + s ** 2 / (16 * probabilities[i]!), 0);
    expect(summary.uniformSecondMoment).toBeCloseTo(uniform, 12);
    expect(summary.secondMoment).toBeCloseTo(importance, 12);
    expect(summary.weightMean).toBeCloseTo(1, 12);
  });

  test('probabilities proportional to the scores give the largest growth, 1 + CV² of the scores', () => {
    const scores = [4, 2, 1, 1];
    const draws = scores.flatMap((score) => Array.from({ length: score }, () => [score, 8 / (4 * score)] as const));
    expect(observeAll(draws).summary()?.equivalentBatchGrowth).toBeCloseTo(average([16, 4, 1, 1]) / 2 ** 2, 12);
  });

  test('uniform sampling changes nothing: ratio 1, full effective sample size, consistent', () => {
    const uniform = observeAll(Array.from({ length: 100 }, (_, i) => [i, 1 + (i % 2 ? 1e-8 : -1e-8)] as const));
    const summary = uniform.summary()!;
    expect(summary.secondMomentRatio).toBeCloseTo(1, 6);
    expect(summary.effectiveSampleSizeShare).toBeCloseTo(1, 12);
    expect(summary.weightsConsistent).toBe(true);
  });

  test('reports a ratio of 1 when all scores are zero', () => {
    const { secondMomentRatio, equivalentBatchGrowth } = observeAll([
      [0, 0.5],
      [0, 2],
    ]).summary()!;
    expect([secondMomentRatio, equivalentBatchGrowth]).toEqual([1, 1]);
  });

  test('has no summary with fewer than two samples, and none after a reset', () => {
    const telemetry = new VarianceTelemetry();
    expect(telemetry.summary()).toBeUndefined();
    telemetry.observe([1], [1]);
    expect(telemetry.summary()).toBeUndefined();
    telemetry.observe([1], [1]);
    expect(telemetry.summary()).toBeDefined();
    telemetry.reset();
    expect(telemetry.summary()).toBeUndefined();
    expect(telemetry.getState()).toEqual(new VarianceTelemetry().getState());
  });

  test('continues from a state that went through JSON', () => {
    const original = observeAll([
      [1, 0.7],
      [3, 1.2],
    ]);
    const restored = VarianceTelemetry.fromState(JSON.parse(JSON.stringify(original.getState())));
    for (const telemetry of [original, restored]) telemetry.observe([2], [0.9]);
    expect(restored.summary()).toEqual(original.summary());
  });

  test.each([
    [[1, Number.NaN], [1, 1], 'scores[1] is NaN; scores must be finite and ≥ 0.'],
    [[-1, 1], [1, 1], 'scores[0] is -1;'],
    [[1, 1], [1, 0], 'importanceWeights[1] is 0; weights 1/(N·p) must be finite and > 0.'],
    [[1, 1], [Number.POSITIVE_INFINITY, 1], 'importanceWeights[0] is Infinity;'],
    [[1, 1], [1], 'importanceWeights has 1 values and scores 2;'],
  ])('refuses %j with weights %j and stays as it was', (scores, weights, message) => {
    const telemetry = observeAll([
      [1, 0.7],
      [3, 1.2],
    ]);
    const before = telemetry.getState();
    expect(() => telemetry.observe(scores, weights)).toThrow(message);
    expect(telemetry.getState()).toEqual(before);
  });

  test('refuses the state of something else', () => {
    const state = { ...new VarianceTelemetry().getState(), version: 2 as 1 };
    expect(() => VarianceTelemetry.fromState(state)).toThrow('version 2');
  });
});

/**
 * N = 100 samples with probabilities between 0.4/N and 1.6/N: the weights have standard deviation σ ≈ 0.4. With n draws
 * the mean weight lies outside ±3.8906 σ/√n once in 10,000 checks; weights that are 5 % too large move it by 0.05, which
 * at n = 40,000 is 25 standard errors.
 */
describe('the check of the weights', () => {
  const size = 100;
  const probabilities = Array.from({ length: size }, (_, i) => (0.4 + (1.2 * (i + 0.5)) / size) / size);
  const cumulative = probabilities.map((_, i) => probabilities.slice(0, i + 1).reduce((sum, value) => sum + value, 0));

  /** The importance weight of a sample that is drawn by the inverse of the cumulative probabilities. */
  function drawWeight(uniform: () => number): number {
    const position = uniform();
    const index = cumulative.findIndex((bound) => position < bound);
    return 1 / (size * probabilities[index < 0 ? size - 1 : index]!);
  }

  function check(draws: number, seed: number, factor: number): boolean {
    const uniform = uniformNumbers(seed);
    const telemetry = new VarianceTelemetry();
    for (let i = 0; i < draws; i++) {
      telemetry.observe([1], [factor * drawWeight(uniform)]);
    }
    return telemetry.summary()!.weightsConsistent;
  }

  test('passes weights that are those of the sampler, 200 times over', () => {
    // 200 checks raise a false alarm with probability 2 %; the seeds are fixed.
    const alarms = Array.from({ length: 200 }, (_, seed) => check(2_000, seed, 1)).filter((passed) => !passed);
    expect(alarms).toHaveLength(0);
  });

  test('flags weights that disagree with the sampler by 5 %, in either direction', () => {
    expect(check(40_000, 1, 1)).toBe(true);
    expect(check(40_000, 1, 1.05)).toBe(false);
    expect(check(40_000, 1, 1 / 1.05)).toBe(false);
  });

  test('its interval has the coverage that it claims', () => {
    // The same interval shrunk to 1.96 standard errors must miss in about 5 % of cases: binomial, 400 trials, z = 4.
    const misses = Array.from({ length: 400 }, (_, seed) => {
      const uniform = uniformNumbers(1_000 + seed);
      const telemetry = new VarianceTelemetry();
      for (let i = 0; i < 500; i++) {
        telemetry.observe([1], [drawWeight(uniform)]);
      }
      const { weightMean, weightInterval } = telemetry.summary()!;
      const standardError = (weightInterval[1] - weightInterval[0]) / (2 * 3.8906);
      return Math.abs(weightMean - 1) > 1.96 * standardError;
    }).filter(Boolean).length;
    expect(Math.abs(misses - 20)).toBeLessThan(4 * Math.sqrt(400 * 0.05 * 0.95));
  });
});
