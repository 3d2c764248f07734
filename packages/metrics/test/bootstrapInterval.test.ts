import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bootstrapInterval, mean, sampleStandardDeviation } from '../src/index.js';
import { normalNumbers, uniformNumbers } from './random.js';

const smallSamples = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 5 });

/** Means of all resamples by counting in base n, sorted. */
function enumerate(values: readonly number[]): number[] {
  const n = values.length;
  return Array.from({ length: n ** n }, (_, code) => {
    let rest = code;
    let sum = 0;
    for (let draw = 0; draw < n; draw++) {
      sum += values[rest % n]!;
      rest = Math.floor(rest / n);
    }
    return sum / n;
  }).sort((a, b) => a - b);
}

describe('bootstrapInterval', () => {
  test('is exact for up to six values: at most half of 1 − level of all resamples lie on either side', () => {
    fc.assert(
      fc.property(smallSamples, fc.constantFrom(0.5, 0.8, 0.9, 0.95), (values, level) => {
        const [low, high] = bootstrapInterval(values, { level });
        const means = enumerate(values);
        const allowed = ((1 - level) / 2) * means.length + 1e-9;
        expect(means.filter((value) => value < low).length).toBeLessThanOrEqual(allowed);
        expect(means.filter((value) => value > high).length).toBeLessThanOrEqual(allowed);
        // and the interval is not wider than that needs
        expect(means.filter((value) => value <= low).length).toBeGreaterThan(allowed - 1);
        expect(means.filter((value) => value >= high).length).toBeGreaterThan(allowed - 1);
      }),
    );
  });

  test('of one value is that value, of two values their range', () => {
    expect(bootstrapInterval([3])).toEqual([3, 3]);
    expect(bootstrapInterval([7, 3])).toEqual([3, 7]);
  });

  test('has the level 0.95 and 10,000 resamples by default', () => {
    expect(bootstrapInterval([1, 2, 4, 8, 16])).toEqual(bootstrapInterval([1, 2, 4, 8, 16], { level: 0.95 }));
    expect(bootstrapInterval([1, 2, 4, 8, 16])).not.toEqual(bootstrapInterval([1, 2, 4, 8, 16], { level: 0.94 }));
    let draws = 0;
    const random = () => {
      draws++;
      return 0.5;
    };
    bootstrapInterval([1, 2, 3, 4, 5, 6, 7], { random });
    expect(draws).toBe(7 * 10_000);
  });

  test('shifts and scales with its values', () => {
    const values = [1, 5, 2, 9];
    const [low, high] = bootstrapInterval(values);
    const [movedLow, movedHigh] = bootstrapInterval(values.map((x) => 10 + 2 * x));
    expect(movedLow).toBeCloseTo(10 + 2 * low, 12);
    expect(movedHigh).toBeCloseTo(10 + 2 * high, 12);
  });

  test('with many values approaches the normal interval of the mean', () => {
    const normal = normalNumbers(3);
    const values = Array.from({ length: 200 }, normal);
    const [low, high] = bootstrapInterval(values, { random: uniformNumbers(4) });
    // standard error of a 2.5 % quantile of 10,000 normal means: √(q(1−q)/R)/φ(1.96) = 0.027 standard errors; z = 5
    const standardError = (sampleStandardDeviation(values) * Math.sqrt(199 / 200)) / Math.sqrt(200);
    expect(Math.abs(low - (mean(values) - 1.96 * standardError))).toBeLessThan(0.2 * standardError);
    expect(Math.abs(high - (mean(values) + 1.96 * standardError))).toBeLessThan(0.2 * standardError);
  });

  test('the same random numbers give the same interval', () => {
    const values = [1, 2, 3, 4, 5, 6, 7, 8];
    const draw = (seed: number) => bootstrapInterval(values, { random: uniformNumbers(seed), resamples: 500 });
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  test('covers the mean in 1 − 2/2ⁿ of cases with two and three values, as its documentation warns', () => {
    // There the interval is the range, which misses when all values lie on one side. Binomial, 4,000 trials, z = 4.
    for (const [n, coverage] of [
      [2, 0.5],
      [3, 0.75],
    ] as const) {
      const normal = normalNumbers(n);
      const covered = Array.from({ length: 4_000 }, () => {
        const [low, high] = bootstrapInterval(Array.from({ length: n }, normal));
        return low <= 0 && high >= 0;
      }).filter(Boolean).length;
      expect(Math.abs(covered / 4_000 - coverage)).toBeLessThan(4 * Math.sqrt((coverage * (1 - coverage)) / 4_000));
    }
  });

  test.each([
    [[], {}, 'values is empty'],
    [[1, Number.NaN], {}, 'values[1] is NaN; values must be finite.'],
    [[1, 2], { level: 95 }, 'level is 95; it must lie between 0 and 1, such as 0.95.'],
    [[1, 2], { resamples: 0 }, 'resamples is 0;'],
    [[1, 2, 3, 4, 5, 6, 7], {}, 'random is missing; 7 values'],
  ])('refuses %j with %j', (values, options, message) => {
    expect(() => bootstrapInterval(values, options)).toThrow(message);
  });
});

describe('mean and sampleStandardDeviation', () => {
  test('of values worked out by hand', () => {
    expect(mean([2, 4, 9])).toBe(5);
    expect(sampleStandardDeviation([2, 4, 9])).toBe(Math.sqrt(13));
  });

  test('refuse what they are not defined for', () => {
    expect(() => mean([])).toThrow('values is empty');
    expect(() => sampleStandardDeviation([1])).toThrow('values has length 1');
  });
});
