import { mean } from '@gradis/metrics';
import type { MethodRuns } from './compareRuns.js';
import { formatNumber, formatSeconds } from './format.js';
import { meanSecondMomentRatio } from './telemetry.js';

/** Mean training time of an epoch. */
export function timePerEpoch({ runs }: MethodRuns): string {
  const ends = runs.map(({ epochs }) => epochs.at(-1)!);
  return formatSeconds(mean(ends.map(({ trainingSeconds, epoch }) => trainingSeconds / epoch)));
}

/** By which share the slowest run of a method takes longer for a step than its fastest. */
export function stepTimeSpread({ runs }: MethodRuns): number {
  const times = runs.map(({ epochs }) => epochs.at(-1)!.trainingSeconds / epochs.at(-1)!.steps);
  return Math.max(...times) / Math.min(...times) - 1;
}

/** Mean second-moment ratio, or a dash for a method without telemetry. */
export function momentRatio({ runs }: MethodRuns): string {
  const ratio = meanSecondMomentRatio(runs);
  return ratio === undefined ? '–' : formatNumber(ratio);
}
