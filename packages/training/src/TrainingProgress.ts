import { VarianceTelemetry, type VarianceTelemetryState } from '@gradis/metrics';
import { type PhaseSeconds, zeroSeconds } from './Clock.js';
import type { TrainingStep } from './trainingStep.js';

/** Saved state of a {@link TrainingProgress}. */
export interface TrainingProgressState {
  readonly kind: 'TrainingProgress';
  readonly version: 1;
  readonly epoch: number;
  readonly steps: number;
  readonly samples: number;
  readonly stepsInEpoch: number;
  /** Samples of the epoch in batches that are not skewed, and the sum of their losses. */
  readonly estimateSamples: number;
  readonly lossSum: number;
  readonly seconds: PhaseSeconds;
  readonly telemetry: VarianceTelemetryState;
}

/**
 * How far a run has come: what must be kept, beside the states of learner and strategy, to continue it.
 *
 * @example
 * ```ts
 * import { TrainingProgress } from '@gradis/training';
 *
 * const progress = new TrainingProgress(); // give it to train(learner, strategy, { progress, … })
 * const saved = structuredClone(progress.getState());
 * console.log(TrainingProgress.fromState(saved).epoch); // → 0
 * ```
 */
export class TrainingProgress {
  /** Complete epochs. */
  epoch = 0;
  /** Steps of the whole run. */
  steps = 0;
  /** Samples trained on in the whole run, repetitions counted. */
  samples = 0;
  /** Training time by phase. */
  readonly seconds: PhaseSeconds = zeroSeconds();
  /** Steps of the epoch under way. */
  stepsInEpoch = 0;
  /** What the sampling does to the variance in the epoch under way, from batches with importance weights and scores. */
  telemetry = new VarianceTelemetry();
  #estimateSamples = 0;
  #lossSum = 0;

  /** Unbiased estimate of the mean training loss over the epoch under way; undefined while all its batches were skewed. */
  get estimatedLoss(): number | undefined {
    return this.#estimateSamples > 0 ? this.#lossSum / this.#estimateSamples : undefined;
  }

  addStep({ batch, result, loss }: TrainingStep): void {
    const size = batch.indices.length;
    this.steps++;
    this.stepsInEpoch++;
    this.samples += size;
    if (!batch.skewed) {
      this.#estimateSamples += size;
      this.#lossSum += loss * size;
    }
    if (batch.importanceWeights && result.scores) this.telemetry.observe(result.scores, batch.importanceWeights);
  }

  endEpoch(): void {
    this.epoch++;
    this.stepsInEpoch = 0;
    this.#estimateSamples = 0;
    this.#lossSum = 0;
    this.telemetry.reset();
  }

  getState(): TrainingProgressState {
    const { epoch, steps, samples, stepsInEpoch } = this;
    return {
      kind: 'TrainingProgress',
      version: 1,
      epoch,
      steps,
      samples,
      stepsInEpoch,
      estimateSamples: this.#estimateSamples,
      lossSum: this.#lossSum,
      seconds: { ...this.seconds },
      telemetry: this.telemetry.getState(),
    };
  }

  static fromState(state: TrainingProgressState): TrainingProgress {
    if (state.kind !== 'TrainingProgress' || state.version !== 1) {
      throw new Error(
        `cannot restore a TrainingProgress from a state of kind ${state.kind}, version ${state.version}.`,
      );
    }
    const progress = new TrainingProgress();
    const { epoch, steps, samples, stepsInEpoch } = state;
    Object.assign(progress, { epoch, steps, samples, stepsInEpoch });
    Object.assign(progress.seconds, state.seconds);
    progress.#estimateSamples = state.estimateSamples;
    progress.#lossSum = state.lossSum;
    progress.telemetry = VarianceTelemetry.fromState(state.telemetry);
    return progress;
  }
}
