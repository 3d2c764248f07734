import type { PhaseSeconds } from './Clock.js';
import { addSeconds, secondsNow } from './Clock.js';
import { assertFinite } from './DivergedError.js';
import type { Learner, Signal, StepResult, WeightRule } from './Learner.js';
import type { PlannedBatch, Strategy } from './Strategy.js';

/** One step of training. */
export interface TrainingStep {
  batch: PlannedBatch;
  result: StepResult;
  /** Unbiased estimate of the mean training loss, from this batch; where the batch is skewed, just its own mean. */
  loss: number;
}

/** A step that the learner is at work on. */
export interface BegunStep {
  batch: PlannedBatch;
  result: Promise<StepResult>;
}

/**
 * Plans a batch, trains on it, teaches the strategy, and adds the time of each phase to `seconds`: what `train` does over
 * and over, for loops of one's own.
 *
 * @param seconds is added to, in place
 * @throws DivergedError if a loss or a score is not finite; the strategy is then not taught
 */
export async function trainingStep(
  learner: Learner,
  strategy: Strategy,
  batchSize: number,
  seconds: PhaseSeconds,
): Promise<TrainingStep> {
  const { batch, result } = await beginStep(learner, strategy, batchSize, seconds);
  return finishStep(strategy, batch, await result, seconds);
}

/** Plans a batch and has the learner begin with it. */
export async function beginStep(
  learner: Learner,
  strategy: Strategy,
  batchSize: number,
  seconds: PhaseSeconds,
): Promise<BegunStep> {
  let scoring = 0;
  const start = secondsNow();
  const timed = async (signal: Signal, indices: Int32Array) => {
    const startOfScoring = secondsNow();
    const values = await learner[signal](indices);
    scoring += secondsNow() - startOfScoring;
    assertFinite(signal, values);
    return values;
  };
  const batch = await strategy.next(batchSize, {
    scores: (indices) => timed('scores', indices),
    losses: (indices) => timed('losses', indices),
  });
  seconds.scoring += scoring;
  seconds.sampling += secondsNow() - start - scoring;

  const { weights } = batch;
  const asked = typeof weights === 'function' ? { ...batch, weights: checked(weights) } : batch;
  return { batch, result: learner.step(asked) };
}

/** Teaches the strategy what came of a batch. */
export function finishStep(
  strategy: Strategy,
  batch: PlannedBatch,
  result: StepResult,
  seconds: PhaseSeconds,
): TrainingStep {
  addSeconds(seconds, result.seconds);
  assertFinite('losses', result.losses);
  if (result.scores) assertFinite('scores', result.scores);

  const startOfUpdate = secondsNow();
  strategy.observe(batch, result);
  seconds.update += secondsNow() - startOfUpdate;
  return { batch, result, loss: weightedMean(result.losses, batch.importanceWeights) };
}

/**
 * `(1/B) Σ wᵢ vᵢ`, the weights being 1 if there are none: with w = 1/(N·p), an unbiased estimate of the mean of v.
 *
 * @param values v, one for each sample of a batch. [B]
 * @param weights w. [B]
 * @example
 * ```ts
 * import { weightedMean } from '@gradis/training';
 *
 * console.log(weightedMean(Float32Array.of(2, 4), Float32Array.of(1.5, 0.5))); // → 2.5
 * ```
 */
export function weightedMean(values: Float32Array, weights?: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += weights ? values[i] * weights[i] : values[i];
  return sum / values.length;
}

function checked(rule: WeightRule): WeightRule {
  return (scores) => {
    assertFinite('scores', scores);
    return rule(scores);
  };
}
