import { bootstrapInterval, mean, type RunRecord } from '@gradis/metrics';
import { RandomGenerator } from '@gradis/samplers';
import type { Axis, Reading } from './curve.js';
import { LEVEL } from './estimateMean.js';

/** Mean over the seeds of a method at the end of an epoch, and its bootstrap interval. */
export interface BandPoint {
  epoch: number;
  x: number;
  mean: number;
  low: number;
  high: number;
}

/**
 * The curve of a method: for each epoch in which the quantity was read in all its runs, the mean over the runs with its
 * percentile bootstrap interval, at the mean time of reaching that epoch. Last epochs that a budget cut short count as one.
 *
 * Runs are not read at equal times here: interpolation in the steep first epoch would invent a spread.
 */
export function bandOf(runs: readonly RunRecord[], read: Reading, axis: Axis): BandPoint[] {
  const random = new RandomGenerator(1);
  const numbers = runs[0]?.epochs.map(({ epoch }) => Math.ceil(epoch)) ?? [];
  return numbers.flatMap((number) => {
    const epochs = runs.flatMap((run) => run.epochs.filter(({ epoch }) => Math.ceil(epoch) === number));
    const values = epochs.map(read).filter((value) => value !== undefined);
    if (values.length < runs.length) return [];
    const [low, high] = bootstrapInterval(values, { level: LEVEL, resamples: 2_000, random: () => random.uniform() });
    return [{ epoch: number, x: mean(epochs.map((epoch) => epoch[axis])), mean: mean(values), low, high }];
  });
}
