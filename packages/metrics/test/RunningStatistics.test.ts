import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RunningStatistics } from '../src/index.js';

const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 60 });

function collect(values: readonly number[]): RunningStatistics {
  const statistics = new RunningStatistics();
  for (const value of values) statistics.add(value);
  return statistics;
}

/** Two passes over the stored values. */
function twoPass(values: readonly number[]) {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return {
    mean,
    variance: values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1),
    secondMoment: values.reduce((sum, x) => sum + x * x, 0) / values.length,
  };
}

/** The largest value squared sets the scale of the rounding error of a variance. */
function tolerance(values: readonly number[]): number {
  return 1e-12 * (1 + Math.max(...values.map((x) => x * x)));
}

function expectEqual(statistics: RunningStatistics, values: readonly number[]): void {
  const { mean, variance, secondMoment } = twoPass(values);
  const slack = tolerance(values);
  expect(statistics.count).toBe(values.length);
  expect(Math.abs(statistics.mean - mean)).toBeLessThanOrEqual(slack);
  expect(Math.abs(statistics.variance - variance)).toBeLessThanOrEqual(slack);
  expect(Math.abs(statistics.secondMoment - secondMoment)).toBeLessThanOrEqual(slack);
  expect(statistics.min).toBe(Math.min(...values));
  expect(statistics.max).toBe(Math.max(...values));
}

describe('RunningStatistics', () => {
  test('agrees with two passes over the stored values', () => {
    fc.assert(fc.property(numbers, (values) => expectEqual(collect(values), values)));
  });

  test('keeps the variance of small differences on a large offset, where sums of squares cancel', () => {
    const values = [4, 7, 13, 16].map((x) => x + 1e9);
    expect(collect(values).variance).toBe(30);
    const sumOfSquares = values.reduce((sum, x) => sum + x * x, 0);
    const sum = values.reduce((total, x) => total + x, 0);
    expect((sumOfSquares - sum ** 2 / 4) / 3).not.toBe(30);
  });

  test('merging two streams equals one stream of both', () => {
    fc.assert(
      fc.property(numbers, numbers, (first, second) => {
        const statistics = collect(first);
        statistics.merge(collect(second));
        expectEqual(statistics, [...first, ...second]);
      }),
    );
  });

  test('merging with an empty stream changes nothing', () => {
    const statistics = collect([1, 2]);
    const before = statistics.getState();
    statistics.merge(new RunningStatistics());
    expect(statistics.getState()).toEqual(before);
    const empty = new RunningStatistics();
    empty.merge(statistics);
    expect(empty.getState()).toEqual(before);
  });

  test('refuses a value that is not finite and stays as it was', () => {
    const statistics = collect([1, 2]);
    const before = statistics.getState();
    expect(() => statistics.add(Number.NaN)).toThrow('value is NaN; values must be finite.');
    expect(statistics.getState()).toEqual(before);
  });

  test.each([[[]], [[3]], [[3, -1, 8]]])('continues from a state that went through JSON (%j)', (values) => {
    const original = collect(values);
    const restored = RunningStatistics.fromState(JSON.parse(JSON.stringify(original.getState())));
    original.add(5);
    restored.add(5);
    expect(restored.getState()).toEqual(original.getState());
  });

  test('refuses the state of something else', () => {
    const state = { ...new RunningStatistics().getState(), kind: 'SumTree' as 'RunningStatistics' };
    expect(() => RunningStatistics.fromState(state)).toThrow('state is of kind SumTree');
  });
});
