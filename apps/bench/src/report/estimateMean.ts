import { mean, sampleStandardDeviation } from '@gradis/metrics';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';

/** Nominal coverage of every interval of a report. */
export const LEVEL = 0.95;

/** A mean and how sure it is. */
export interface Estimate {
  /** Number n of values. */
  count: number;
  mean: number;
  /** Half the width of Student's t interval; undefined for a single value, about which nothing is known. */
  halfWidth?: number;
}

/** Mean of independent values with Student's t interval `mean ± t(n − 1)·s/√n`; undefined if there are no values. */
export function estimateMean(values: readonly number[]): Estimate | undefined {
  const count = values.length;
  if (count === 0) return undefined;
  if (count === 1) return { count, mean: values[0]! };
  const quantile = tQuantile(1 - (1 - LEVEL) / 2, count - 1);
  return { count, mean: mean(values), halfWidth: (quantile * sampleStandardDeviation(values)) / Math.sqrt(count) };
}
