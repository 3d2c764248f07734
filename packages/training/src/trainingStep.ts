import type { PhaseSeconds } from './Clock.js';
import { addSeconds, secondsNow } from './Clock.js';
import type { Learner, StepResult } from './Learner.js';
import type { PlannedBatch, Strategy } from './Strategy.js';

/** One step of training: the batch, what came of it, and the unbiased estimate of the mean loss that it gives. */
export interface TrainingStep {
  batch: PlannedBatch;
  result: StepResult;
  loss: number;
}

/** Plans a batch, trains on it, teaches the strategy, and adds the time of each phase to `seconds`. */
export async function trainingStep(
  learner: Learner,
  strategy: Strategy,
  batchSize: number,
  seconds: PhaseSeconds,
): Promise<TrainingStep> {
  let scoring = 0;
  const start = secondsNow();
  const batch = await strategy.next(batchSize, async (indices) => {
    const startOfScoring = secondsNow();
    const scores = await learner.score(indices);
    scoring += secondsNow() - startOfScoring;
    return scores;
  });
  seconds.scoring += scoring;
  seconds.sampling += secondsNow() - start - scoring;

  const result = await learner.step(batch);
  addSeconds(seconds, result.seconds);

  const loss = weightedMean(result.losses, batch.importanceWeights);
  if (Number.isFinite(loss)) {
    const startOfUpdate = secondsNow();
    strategy.observe(batch, result);
    seconds.update += secondsNow() - startOfUpdate;
  }
  return { batch, result, loss };
}

/** `(1/B) Σ wᵢ vᵢ`, the weights being 1 if there are none: with w = 1/(N·p), an unbiased estimate of the mean of v. */
export function weightedMean(values: Float32Array, weights?: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += weights ? values[i] * weights[i] : values[i];
  return sum / values.length;
}
