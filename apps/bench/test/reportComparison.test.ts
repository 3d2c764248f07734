import { describe, expect, test } from 'vitest';
import { bandOf } from '../src/report/bandOf.js';
import { bestWithin, compareRuns, type Result } from '../src/report/compareRuns.js';
import { curveOf, valueAt } from '../src/report/curve.js';
import { estimateMean } from '../src/report/estimateMean.js';
import { measuresOf } from '../src/report/measures.js';
import { settingsOverview } from '../src/report/settings.js';
import { inconsistentWeights, meanSecondMomentRatio } from '../src/report/telemetry.js';
import { timeBreakdown, totalTime } from '../src/report/timeBreakdown.js';
import { epochOf, runOf, syntheticRuns } from './reportRuns.js';

/** A run whose test losses are given epoch by epoch, from epoch 1, each epoch taking `pace` seconds. */
function runWith(method: string, seed: number, losses: readonly number[], pace = 1) {
  return runOf(
    method,
    seed,
    losses.map((loss, i) => epochOf(i + 1, pace * (i + 1), { test: { loss } })),
  );
}

function find(results: readonly Result[], method: string, axis: string): Result {
  return results.find((result) => result.method === method && result.budget.axis === axis)!;
}

describe('valueAt', () => {
  const curve = [
    { x: 1, y: 8 },
    { x: 3, y: 2 },
    { x: 4, y: 0 },
  ];

  test.each([
    [1, 8],
    [1.5, 8 / Math.SQRT2],
    [2, 4], // halfway between 8 and 2 in the logarithm; 5 on a straight line
    [3, 2],
    [3.5, 1], // on a straight line, because it ends at 0
    [4, 0],
  ])('reads the curve at %d, linear in the logarithm where both ends are above zero', (x, y) => {
    expect(valueAt(curve, x)).toBeCloseTo(y, 12);
  });

  test('is undefined before the first point, after the last and on an empty curve', () => {
    expect([valueAt(curve, 0.9), valueAt(curve, 4.1), valueAt([], 1)]).toEqual([undefined, undefined, undefined]);
  });

  test('curves leave out the epochs in which nothing was measured', () => {
    const run = runOf('uniform', 1, [epochOf(0, 0), epochOf(1, 2, { test: { loss: 5 } }), epochOf(2, 4)]);
    expect(curveOf(run, ({ test: quality }) => quality?.loss, 'trainingSeconds')).toEqual([{ x: 2, y: 5 }]);
  });
});

describe('estimateMean', () => {
  // t(0.975) with 1, 2 and 4 degrees of freedom, from a printed table.
  test.each([
    [[1, 3], 2, 12.706],
    [[1, 2, 3], 2, 4.303 / Math.sqrt(3)],
    [[1, 2, 3, 4, 5], 3, (2.776 * Math.sqrt(2.5)) / Math.sqrt(5)],
  ])('of %j is Student’s t interval', (values, mean, halfWidth) => {
    const estimate = estimateMean(values)!;
    expect(estimate.mean).toBe(mean);
    expect(estimate.halfWidth).toBeCloseTo(halfWidth, 2);
  });

  test('of one value has no width, and of none does not exist', () => {
    expect(estimateMean([4])).toEqual({ count: 1, mean: 4 });
    expect(estimateMean([])).toBeUndefined();
  });
});

describe('compareRuns', () => {
  test('compares at the epochs and at the training time that every run has reached', () => {
    const { budgets, results } = compareRuns([
      runWith('uniform', 1, [0.1, 0.06, 0.05], 1), // 3 epochs in 3 s
      runWith('dlis', 1, [0.1, 0.04], 2), // 2 epochs in 4 s
    ]);
    expect(budgets.map(({ limit }) => limit)).toEqual([2, 3]);
    expect(find(results, 'uniform', 'epoch').estimate?.mean).toBe(0.06);
    expect(find(results, 'dlis', 'epoch').estimate?.mean).toBe(0.04);
    expect(find(results, 'uniform', 'trainingSeconds').estimate?.mean).toBe(0.05);
    expect(find(results, 'dlis', 'trainingSeconds').estimate?.mean).toBeCloseTo(Math.sqrt(0.1 * 0.04), 12);
  });

  test('pairs runs by seed, whatever their order and however many a method has', () => {
    const { results } = compareRuns([
      runWith('uniform', 2, [0.8]),
      runWith('uniform', 1, [0.6]),
      runWith('low', 1, [0.5]),
      runWith('low', 2, [0.4]),
      runWith('low', 3, [0.9]),
    ]);
    const { estimate, difference } = find(results, 'low', 'epoch');
    expect(estimate?.count).toBe(3);
    expect(difference?.estimate.count).toBe(2);
    expect(difference?.estimate.mean).toBeCloseTo(-0.25, 12); // −0.1 and −0.4
    expect(difference?.estimate.halfWidth).toBeCloseTo((12.7062 * 0.3) / 2, 4);
    expect(difference?.baseline).toBeCloseTo(0.7, 12);
    expect(difference?.method).toBeCloseTo(0.45, 12);
  });

  // Standard deviation 0.01, three pairs: the half-width is 4.3027·0.01/√3 = 0.0248.
  test.each([
    ['ahead', -0.03],
    ['undecided', -0.024],
    ['undecided', 0.024],
    ['behind', 0.03],
  ])('calls a method %s when its interval says so (mean difference %d)', (standing, shift) => {
    const uniform = [1, 2, 3].map((seed) => runWith('uniform', seed, [0.5 + 0.1 * seed]));
    const other = [1, 2, 3].map((seed) => runWith('low', seed, [0.5 + 0.1 * seed + shift + 0.01 * (seed - 2)]));
    expect(find(compareRuns([...uniform, ...other]).results, 'low', 'epoch').difference?.standing).toBe(standing);
  });

  test('concludes nothing from a single pair', () => {
    const { results } = compareRuns([runWith('uniform', 1, [0.5]), runWith('low', 1, [0.1])]);
    expect(find(results, 'low', 'epoch').difference?.standing).toBe('unknown');
  });

  test('has no difference without common seeds, nor for the baseline', () => {
    const { results } = compareRuns([runWith('uniform', 1, [0.5]), runWith('low', 2, [0.1])]);
    expect(find(results, 'low', 'epoch').difference).toBeUndefined();
    expect(find(results, 'uniform', 'epoch').difference).toBeUndefined();
  });

  test('puts uniform first as the baseline, else the first method', () => {
    const names = (runs: Parameters<typeof compareRuns>[0]) => compareRuns(runs).methods.map(({ method }) => method);
    expect(names([runWith('low', 1, [1]), runWith('uniform', 1, [1]), runWith('dlis', 1, [1])])).toEqual([
      'uniform',
      'low',
      'dlis',
    ]);
    expect(compareRuns([runWith('low', 1, [1]), runWith('dlis', 1, [1])]).baseline).toBe('low');
  });

  test('leaves out diverged and unfinished runs, so that they do not shorten the comparison', () => {
    const diverged = runWith('low', 1, [1]);
    diverged.end = { reason: 'diverged', finishedAt: '2026-01-31T12:00:00Z' };
    const { end: _, ...unfinished } = runWith('uniform', 2, [1]);
    const { budgets, leftOut } = compareRuns([runWith('uniform', 1, [1, 1, 1]), diverged, unfinished]);
    expect(budgets[0].limit).toBe(3);
    expect(leftOut).toEqual([diverged, unfinished]);
  });

  test('compares unfinished runs if there are no others', () => {
    const { end: _, ...unfinished } = runWith('uniform', 1, [1, 1]);
    expect(compareRuns([unfinished]).budgets[0].limit).toBe(2);
  });

  test('refuses runs of several experiments and runs without training', () => {
    const other = { ...runWith('low', 1, [1]), experiment: 'moons' };
    expect(() => compareRuns([runWith('low', 1, [1]), other])).toThrow('experiments mnist, moons;');
    expect(() => compareRuns([runOf('low', 1, [epochOf(0, 0)])])).toThrow('None of the 1 runs has finished an epoch');
    expect(() => compareRuns([])).toThrow('None of the 0 runs');
  });

  test('the best value counts only what was reached within the budget', () => {
    const runs = [runWith('uniform', 1, [0.5, 0.2, 0.3, 0.1]), runWith('uniform', 2, [0.5, 0.4, 0.3, 0.1])];
    const [measure] = measuresOf(runs);
    expect(bestWithin(runs, measure!, { axis: 'epoch', limit: 3 })?.mean).toBeCloseTo(0.25, 12);
    expect(bestWithin(runs, measure!, { axis: 'epoch', limit: 0.5 })).toBeUndefined();
  });
});

describe('measuresOf', () => {
  test('takes the measured training loss if every run has it, and else the estimate', () => {
    const measured = runOf('uniform', 1, [epochOf(1, 1, { train: { loss: 0.2 }, estimatedLoss: 0.3 })]);
    const estimated = runOf('low', 1, [epochOf(1, 1, { estimatedLoss: 0.4 })]);
    expect(measuresOf([measured])[0]?.read(measured.epochs[0]!)).toBe(0.2);
    expect(measuresOf([measured, estimated])[0]?.read(measured.epochs[0]!)).toBe(0.3);
  });

  test('leaves out what a run lacks, such as the error of a regression', () => {
    expect(measuresOf([runWith('uniform', 1, [1])]).map(({ key }) => key)).toEqual(['testLoss']);
  });
});

describe('bandOf', () => {
  test('is the mean and the bootstrap interval at each epoch that all runs have, at their mean time', () => {
    const runs = [runWith('low', 1, [4, 2], 1), runWith('low', 2, [6, 4, 1], 3)];
    const read = measuresOf(runs)[0]!.read;
    expect(bandOf(runs, read, 'trainingSeconds')).toEqual([
      { epoch: 1, x: 2, mean: 5, low: 4, high: 6 },
      { epoch: 2, x: 4, mean: 3, low: 2, high: 4 },
    ]);
  });

  test('of many seeds is the same every time', () => {
    const runs = Array.from({ length: 8 }, (_, i) => runWith('low', i, [i, 0]));
    const band = () => bandOf(runs, ({ test: quality }) => quality?.loss, 'epoch');
    expect(band()).toEqual(band());
    expect(band()[0]!.low).toBeGreaterThan(0);
  });
});

describe('what methods tell besides', () => {
  test('time per step of each phase, averaged over runs', () => {
    const seconds: Record<string, number>[] = [{ step: 2, readBack: 1 }, { step: 4 }];
    const runs = seconds.map((phases, i) => runOf('low', i, [epochOf(1, 3, { seconds: phases, steps: 1000 })]));
    const times = timeBreakdown([{ method: 'low', biased: true, runs }]);
    expect(times).toEqual([
      { method: 'low', phase: 'step', milliseconds: 3 },
      { method: 'low', phase: 'read-back', milliseconds: 0.5 },
    ]);
    expect(totalTime(times, 'low')).toBe(3.5);
  });

  test('settings that all runs share apart from those of single methods', () => {
    const runs = [
      runOf('uniform', 1, [], { settings: { batchSize: 64, layers: [2, 3] } }),
      runOf('low', 1, [], { settings: { batchSize: 64, layers: [2, 3], lambda: 0.1 } }),
    ];
    const methods = runs.map((run) => ({ method: run.method, biased: false, runs: [run] }));
    expect(settingsOverview(methods)).toEqual({
      shared: [
        ['batch size', '64'],
        ['layers', '[2,3]'],
      ],
      particular: [{ method: 'low', settings: [['lambda', '0.1']] }],
    });
  });

  test('mean second-moment ratio and the epochs whose weights are wrong', () => {
    const telemetry = syntheticRuns(1, 1).find(({ method }) => method === 'dlis')!.epochs[1]!.telemetry!;
    const run = runOf('dlis', 1, [
      epochOf(1, 1, { telemetry: { ...telemetry, secondMomentRatio: 0.4 } }),
      epochOf(2, 2, { telemetry: { ...telemetry, secondMomentRatio: 0.6, weightsConsistent: false, weightMean: 0.9 } }),
      epochOf(3, 3, { telemetry: { ...telemetry, secondMomentRatio: 0.8, weightsConsistent: false, weightMean: 1.1 } }),
    ]);
    expect(meanSecondMomentRatio([run])).toBeCloseTo(0.6, 12);
    expect(inconsistentWeights([run])).toEqual({ epochs: 3, tooSmall: 1, tooLarge: 1 });
    expect(meanSecondMomentRatio([runWith('uniform', 1, [1])])).toBeUndefined();
  });
});
