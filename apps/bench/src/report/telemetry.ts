import { mean, type RunRecord, type VarianceSummary } from '@gradis/metrics';

/** Mean over the epochs and runs of the second-moment ratio; below 1 the sampling reduces the variance. */
export function meanSecondMomentRatio(runs: readonly RunRecord[]): number | undefined {
  const summaries = runs.flatMap(telemetryOf);
  return summaries.length > 0 ? mean(summaries.map((summary) => summary.secondMomentRatio)) : undefined;
}

/** In how many epochs of these runs the mean weight lay below or above its interval. */
export function inconsistentWeights(runs: readonly RunRecord[]): {
  epochs: number;
  tooSmall: number;
  tooLarge: number;
} {
  const summaries = runs.flatMap(telemetryOf);
  const flagged = summaries.filter((summary) => !summary.weightsConsistent);
  const tooSmall = flagged.filter((summary) => summary.weightMean < 1).length;
  return { epochs: summaries.length, tooSmall, tooLarge: flagged.length - tooSmall };
}

function telemetryOf({ epochs }: RunRecord): VarianceSummary[] {
  return epochs.flatMap(({ telemetry }) => telemetry ?? []);
}
