import { mean, type RunRecord } from '@gradis/metrics';
import { type Axis, curveOf, valueAt } from './curve.js';
import { type Estimate, estimateMean } from './estimateMean.js';
import { type Measure, measuresOf } from './measures.js';

/** A point up to which every run has trained, so that all can be compared there. */
export interface Budget {
  axis: Axis;
  /** In epochs or seconds. */
  limit: number;
}

/** The runs of one method. */
export interface MethodRuns {
  method: string;
  biased: boolean;
  runs: RunRecord[];
}

/** A method against the baseline, by runs with the same seed. */
export interface Difference {
  /** Mean of method − baseline over the pairs of runs; negative is better. */
  estimate: Estimate;
  /** Mean of the method and of the baseline over the same pairs. */
  method: number;
  baseline: number;
  standing: Standing;
}

/** What a difference says: its interval lies below zero, above zero, holds zero, or does not exist (one pair). */
export type Standing = 'ahead' | 'behind' | 'undecided' | 'unknown';

/** One method, one measure, one budget. */
export interface Result {
  method: string;
  measure: Measure;
  budget: Budget;
  /** Over all runs of the method; undefined where the measure did not exist yet. */
  estimate?: Estimate;
  /** Undefined for the baseline itself and without common seeds. */
  difference?: Difference;
}

/** Everything that a report says about which method is ahead. */
export interface Comparison {
  /** In the order of their first run, the baseline first. */
  methods: MethodRuns[];
  baseline: string;
  measures: Measure[];
  /** Equal epochs, then equal time. */
  budgets: [epochs: Budget, time: Budget];
  results: Result[];
  /** Runs that are unfinished or diverged and in none of the numbers. */
  leftOut: RunRecord[];
}

/**
 * Compares methods at the most epochs, and at the most training time, that every run has reached.
 *
 * @param runs Runs of one experiment. Unfinished and diverged ones are left out, unless there are no others.
 * @throws If there is no run that has trained, or the runs are of several experiments.
 */
export function compareRuns(runs: readonly RunRecord[]): Comparison {
  validate(runs);
  const trained = runs.filter((run) => (run.epochs.at(-1)?.epoch ?? 0) > 0);
  const finished = trained.filter((run) => run.end && run.end.reason !== 'diverged');
  const compared = finished.length > 0 ? finished : trained;
  const methods = groupByMethod(compared);
  const measures = measuresOf(compared);
  const least = (axis: Axis) => Math.min(...compared.map((run) => run.epochs.at(-1)![axis]));
  const budgets: Comparison['budgets'] = [
    { axis: 'epoch', limit: least('epoch') },
    { axis: 'trainingSeconds', limit: least('trainingSeconds') },
  ];
  const [baseline, ...others] = methods;
  const results = budgets.flatMap((budget) =>
    measures.flatMap((measure) => [
      resultOf(baseline!, measure, budget),
      ...others.map((method) => resultOf(method, measure, budget, baseline)),
    ]),
  );
  const leftOut = runs.filter((run) => !compared.includes(run));
  return { methods, baseline: baseline!.method, measures, budgets, results, leftOut };
}

/** Best value that each run reached within the budget, averaged over the runs. */
export function bestWithin(
  runs: readonly RunRecord[],
  measure: Measure,
  { axis, limit }: Budget,
): Estimate | undefined {
  const values = runs.map((run) =>
    Math.min(
      ...curveOf(run, measure.read, axis)
        .filter(({ x }) => x <= limit)
        .map(({ y }) => y),
    ),
  );
  return values.every(Number.isFinite) ? estimateMean(values) : undefined;
}

function validate(runs: readonly RunRecord[]): void {
  const experiments = [...new Set(runs.map((run) => run.experiment))];
  if (experiments.length > 1) {
    throw new Error(`The runs are of the experiments ${experiments.join(', ')}; report one experiment at a time.`);
  }
  if (!runs.some((run) => (run.epochs.at(-1)?.epoch ?? 0) > 0)) {
    throw new Error(`None of the ${runs.length} runs has finished an epoch; let at least one train that long.`);
  }
}

function groupByMethod(runs: readonly RunRecord[]): MethodRuns[] {
  const names = [...new Set(runs.map((run) => run.method))];
  const baselineFirst = names.includes('uniform') ? ['uniform', ...names.filter((name) => name !== 'uniform')] : names;
  return baselineFirst.map((method) => {
    const own = runs.filter((run) => run.method === method).toSorted((a, b) => a.seed - b.seed);
    return { method, biased: own.some((run) => run.biased), runs: own };
  });
}

function resultOf({ method, runs }: MethodRuns, measure: Measure, budget: Budget, baseline?: MethodRuns): Result {
  const values = valuesBySeed(runs, measure, budget);
  const against = baseline && valuesBySeed(baseline.runs, measure, budget);
  const estimate = values.size === runs.length ? estimateMean([...values.values()]) : undefined;
  return { method, measure, budget, estimate, difference: against && differenceOf(values, against) };
}

function valuesBySeed(runs: readonly RunRecord[], measure: Measure, { axis, limit }: Budget): Map<number, number> {
  const entries = runs.flatMap((run) => {
    const value = valueAt(curveOf(run, measure.read, axis), limit);
    return value === undefined ? [] : [[run.seed, value] as const];
  });
  return new Map(entries);
}

function differenceOf(values: Map<number, number>, baseline: Map<number, number>): Difference | undefined {
  const seeds = [...values.keys()].filter((seed) => baseline.has(seed));
  const own = seeds.map((seed) => values.get(seed)!);
  const other = seeds.map((seed) => baseline.get(seed)!);
  const estimate = estimateMean(own.map((value, i) => value - other[i]!));
  return estimate && { estimate, method: mean(own), baseline: mean(other), standing: standingOf(estimate) };
}

function standingOf({ mean, halfWidth }: Estimate): Standing {
  if (halfWidth === undefined) return 'unknown';
  if (Math.abs(mean) <= halfWidth) return 'undecided';
  return mean < 0 ? 'ahead' : 'behind';
}
