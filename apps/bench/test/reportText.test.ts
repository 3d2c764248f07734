import { describe, expect, test } from 'vitest';
import { compareRuns } from '../src/report/compareRuns.js';
import {
  formatEstimate,
  formatInterval,
  formatNumber,
  formatSeconds,
  joinWords,
  splitCamelCase,
} from '../src/report/format.js';
import type { Measure } from '../src/report/measures.js';
import { notes } from '../src/report/notes.js';
import { renderSummary } from '../src/report/renderSummary.js';
import { verdicts } from '../src/report/verdicts.js';
import { epochOf, runOf, syntheticRuns } from './reportRuns.js';

const loss: Measure = { key: 'testLoss', name: 'test loss', isShare: false, read: () => undefined };
const error: Measure = { key: 'testError', name: 'test error', isShare: true, read: () => undefined };

/** Runs of one epoch in one second, one for each error; seeds count from 1. */
const runsWith = (method: string, errors: readonly number[], pace = 1) =>
  errors.map((value, i) => runOf(method, i + 1, [epochOf(1, pace, { test: { loss: 1, error: value } })]));

describe('numbers', () => {
  test('an estimate has its interval with the decimals of the mean', () => {
    expect(formatEstimate({ count: 3, mean: 0.02134, halfWidth: 0.00123 }, loss)).toBe('0.0213 ± 0.0012');
    expect(formatEstimate({ count: 3, mean: 0.0195, halfWidth: 0.001 }, error)).toBe('1.95 ± 0.10 %');
    expect(formatEstimate({ count: 1, mean: 0.0195 }, error)).toBe('1.95 %');
    expect(formatEstimate(undefined, error)).toBe('–');
  });

  test('a difference has signs and, for shares, percentage points', () => {
    expect(formatInterval({ count: 3, mean: -0.0021, halfWidth: 0.0009 }, loss)).toBe('−0.00210 [−0.00300, −0.00120]');
    expect(formatInterval({ count: 3, mean: 0.0012, halfWidth: 0.0022 }, error)).toBe('+0.12 [−0.10, +0.34] points');
    expect(formatInterval({ count: 1, mean: -0.0012 }, error)).toBe('−0.12 points');
    expect(formatInterval({ count: 2, mean: -0.0004, halfWidth: 0.11 }, loss)).toBe('0.00 [−0.11, +0.11]');
  });

  test('seconds come in a fitting unit', () => {
    expect([0.85, 41.234, 99.96, 192].map(formatSeconds)).toEqual(['850 ms', '41.2 s', '1 min 40 s', '3 min 12 s']);
  });

  test('names of settings and phases are split into words', () => {
    expect(splitCamelCase('presampleFactor')).toBe('presample factor');
    expect(splitCamelCase('readBack', '-')).toBe('read-back');
    expect(splitCamelCase('epochs')).toBe('epochs');
  });

  test('small numbers and lists', () => {
    expect(formatNumber(-1.2e-8)).toBe('−1.20e−8');
    expect([joinWords(['a']), joinWords(['a', 'b']), joinWords(['a', 'b', 'c'])]).toEqual([
      'a',
      'a and b',
      'a, b and c',
    ]);
  });
});

describe('verdicts', () => {
  test('say who is ahead, and that the interval excludes zero', () => {
    const [epochs] = verdicts(
      compareRuns([...runsWith('uniform', [0.1, 0.12, 0.11]), ...runsWith('memory-is', [0.08, 0.1, 0.0901])]),
    );
    expect(epochs?.heading).toBe('At equal epochs (after 1 epoch)');
    expect(epochs?.leader).toBe(
      'Lowest mean test error: memory-is, 9.00 %, against 11.00 % of uniform; the interval of the difference excludes zero.',
    );
    expect(epochs?.sentences).toEqual([
      'memory-is is ahead of uniform in test error (−2.00 [−2.01, −1.98] points); undecided in test loss (0.0 [0.0, 0.0]).',
    ]);
  });

  test('say that a difference may be chance when its interval includes zero', () => {
    const [epochs] = verdicts(compareRuns([...runsWith('uniform', [0.1, 0.2]), ...runsWith('low', [0.09, 0.18])]));
    expect(epochs?.leader).toContain('the interval of the difference includes zero, so that may be chance.');
    expect(epochs?.sentences[0]).toMatch(/^low is undecided in test loss .* and test error/);
  });

  test('conclude nothing from one seed', () => {
    const [epochs] = verdicts(compareRuns([...runsWith('uniform', [0.1]), ...runsWith('low', [0.05])]));
    expect(epochs?.leader).toContain('with one seed nothing can be concluded from that.');
    expect(epochs?.sentences).toEqual([
      'low differs from uniform by 0.0 in test loss and −5.00 points in test error: one common seed, so nothing can be concluded.',
    ]);
  });

  test('say that nothing beats the baseline, also when it is alone', () => {
    const both = [...runsWith('uniform', [0.1]), ...runsWith('low', [0.2])];
    expect(verdicts(compareRuns(both))[0]?.leader).toBe(
      'Lowest mean test error: uniform, 10.00 %; no method does better on average.',
    );
    expect(verdicts(compareRuns(runsWith('low', [0.2])))[0]?.leader).toContain('there is nothing to compare it with');
  });

  test('of a method that has no value yet at that time say so', () => {
    const [, time] = verdicts(compareRuns([...runsWith('uniform', [0.1], 1), ...runsWith('dlis', [0.1], 2)]));
    expect(time?.sentences).toEqual(['dlis cannot be compared with uniform: no values for a common seed.']);
  });
});

describe('notes', () => {
  const notesOf = (runs: Parameters<typeof compareRuns>[0]) => notes(compareRuns(runs)).join('\n');

  test('name the seeds, the biased methods and the number of intervals', () => {
    const text = notesOf(syntheticRuns(3, 4));
    expect(text).toContain('3 seeds per method.');
    expect(text).toContain('memory-as and low are biased');
    expect(text).toContain('24 intervals are held against zero'); // 4 methods × 3 measures × 2 budgets
    expect(text).toContain('unbiased estimate from the batches');
  });

  test('of a single seed say that nothing can be concluded', () => {
    expect(notesOf(syntheticRuns(1, 4))).toContain('nothing can be concluded from one seed');
  });

  test('name the runs that were left out', () => {
    const [uniform, other, third] = runsWith('uniform', [0.1, 0.2, 0.3]);
    other!.end = { reason: 'diverged', finishedAt: '2026-01-31T12:00:00Z' };
    const text = notesOf([uniform!, other!, { ...third!, end: undefined }]);
    expect(text).toContain('uniform with seed 2 diverged after 1 epoch and is in none of the numbers');
    expect(text).toContain('uniform with seed 3 is unfinished');
  });

  test('warn of times from different machines, and of a time within the first epoch', () => {
    const fast = runOf('uniform', 1, [epochOf(0, 0, { test: { loss: 2 } }), epochOf(1, 1, { test: { loss: 1 } })]);
    const slow = runOf('dlis', 1, [epochOf(0, 0, { test: { loss: 2 } }), epochOf(1, 2, { test: { loss: 1 } })]);
    slow.environment = { ...slow.environment, cpu: '8 × Other CPU' };
    const text = notesOf([fast, slow]);
    expect(text).toContain('their times cannot be compared');
    expect(text).toContain('within the first epoch of dlis');
    expect(notesOf([fast])).not.toContain('their times cannot be compared');
  });

  test('warn of a busy machine where the seeds of a method differ by more than a fifth in seconds per step', () => {
    const pair = (method: string, slow: number) =>
      [1, slow].map((pace, i) => runOf(method, i + 1, [epochOf(1, pace, { test: { loss: 1 } })]));
    const text = notesOf([...pair('uniform', 1.19), ...pair('dlis', 1.25), ...pair('low', 1.5)]);
    expect(text).toContain('Seconds per step differ between the seeds by 25 % for dlis and 50 % for low: the machine');
    expect(notesOf([...pair('uniform', 1.19), ...pair('dlis', 1.19)])).not.toContain('Seconds per step differ');
  });

  test('point at weights that do not agree with the sampler', () => {
    const runs = syntheticRuns(1, 2);
    const telemetry = runs[0]!.epochs[2]!.telemetry!;
    telemetry.weightsConsistent = false;
    telemetry.weightMean = 1.05;
    expect(notesOf(runs)).toContain(`weights of ${runs[0]!.method} were too large on average in 1 of 2 epochs`);
  });
});

describe('renderSummary', () => {
  const summary = renderSummary(syntheticRuns(3, 4), { colors: false, columns: 90 });

  test('has a table and a verdict at equal epochs and at equal time', () => {
    expect(summary).toMatch(/At equal epochs \(after 4 epochs\)\n┌/);
    expect(summary).toMatch(/At equal time \(after 10\.\d s of training\)\n┌/);
    for (const method of ['uniform', 'memory-is', 'memory-as', 'dlis', 'low']) {
      expect(summary.match(new RegExp(`│ ${method} `, 'g'))).toHaveLength(2);
    }
    expect(summary.match(/Lowest mean test error: /g)).toHaveLength(2);
  });

  test('explains the column of ratios, where there are any', () => {
    const explanation = 'ratio: second moment of the gradient estimate relative to uniform draws';
    expect(summary.replace(/\s+/g, ' ')).toContain(explanation);
    expect(renderSummary(runsWith('uniform', [0.1]), { colors: false, columns: 200 })).not.toContain(explanation);
  });

  test('fits into the width it was given', () => {
    expect(Math.max(...summary.split('\n').map((line) => line.length))).toBeLessThanOrEqual(90);
  });

  test('has colours only if asked for', () => {
    const escapeCode = String.fromCharCode(27);
    expect(summary).not.toContain(escapeCode);
    expect(renderSummary(syntheticRuns(1, 1), { colors: true })).toContain(escapeCode);
  });
});
