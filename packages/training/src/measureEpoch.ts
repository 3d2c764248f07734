import type { VarianceSummary } from '@gradis/metrics';
import { type PhaseSeconds, totalSeconds } from './Clock.js';
import type { Evaluation, Learner } from './Learner.js';
import type { TrainingProgress } from './TrainingProgress.js';

/** Before training (epoch 0), after each epoch, and when the budget ends a run within an epoch. Times are cumulative. */
export interface EpochEvent {
  kind: 'epoch';
  /** Epochs so far: a whole number, or a fraction where the budget ended the run within an epoch. */
  epoch: number;
  steps: number;
  /** Samples trained on so far, repetitions counted. */
  samples: number;
  seconds: PhaseSeconds;
  trainingSeconds: number;
  /** Unbiased estimate of the mean training loss over this epoch; undefined in epoch 0 and where all batches were skewed. */
  estimatedLoss?: number;
  train?: Evaluation;
  test?: Evaluation;
  /** What the sampling did to the variance; undefined for methods that draw uniformly or whose batches are skewed. */
  telemetry?: VarianceSummary;
  diagnostics: Record<string, number>;
}

/** What to measure. */
export interface EpochMeasurement {
  /** Epochs so far. */
  epoch: number;
  /** Splits to evaluate, one after the other. */
  evaluate: readonly ('train' | 'test')[];
  /** What the method says of itself. Default: nothing. */
  diagnostics?: Record<string, number>;
}

/**
 * How far a run has come, and how good the model is now: what `train` yields after an epoch, for loops of one's own.
 *
 * @returns undefined where a loss is not finite: a step with a finite loss may leave parameters that are not
 * @example
 * ```ts
 * import { measureEpoch, TrainingProgress } from '@gradis/training';
 *
 * const learner = { evaluate: async () => ({ loss: 0.5 }) };
 * const event = await measureEpoch(learner, new TrainingProgress(), { epoch: 0, evaluate: ['test'] });
 * console.log(event?.steps, event?.test?.loss); // → 0 0.5
 * ```
 */
export async function measureEpoch(
  learner: Pick<Learner, 'evaluate'>,
  progress: TrainingProgress,
  { epoch, evaluate, diagnostics = {} }: EpochMeasurement,
): Promise<EpochEvent | undefined> {
  const event: EpochEvent = {
    kind: 'epoch',
    epoch,
    steps: progress.steps,
    samples: progress.samples,
    seconds: { ...progress.seconds },
    trainingSeconds: totalSeconds(progress.seconds),
    estimatedLoss: progress.estimatedLoss,
    telemetry: progress.telemetry.summary(),
    diagnostics,
  };
  for (const split of evaluate) {
    const evaluation = await learner.evaluate(split);
    if (!Number.isFinite(evaluation.loss)) return undefined;
    event[split] = evaluation;
  }
  return event;
}
