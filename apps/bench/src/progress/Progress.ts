import type { RunRecord } from '@gradis/metrics';
import type { TrainEvent } from '@gradis/training';
import type { RunId } from '../run/RunId.js';

/** What a comparison is going to do. */
export interface ProgressPlan {
  epochs?: number;
  budgetSeconds?: number;
  stepsPerEpoch: number;
}

/** Shows a person how a comparison gets on. */
export interface Progress {
  /** A line of its own. */
  note(text: string): void;
  start(runs: readonly RunId[], plan: ProgressPlan): void;
  /** @param steps steps that the run has made already, before it was interrupted */
  startRun(id: RunId, steps: number): void;
  event(id: RunId, event: TrainEvent): void;
  endRun(id: RunId, record: RunRecord): void;
  stop(): void;
}
