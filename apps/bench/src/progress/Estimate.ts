import type { StepEvent } from '@gradis/training';
import type { ProgressPlan } from './Progress.js';

/** Estimates how much of a comparison is done and how long the rest will take. */
export class Estimate {
  readonly #startedAt = performance.now();
  readonly #runs: number;
  readonly #plan: ProgressPlan;
  #finished = 0;
  #current = 0;
  #doneBefore = 0;

  constructor(runs: number, plan: ProgressPlan) {
    this.#runs = runs;
    this.#plan = plan;
  }

  /** @param steps steps that the run made before it was interrupted; they take no time now */
  startRun(steps: number): void {
    const { epochs, stepsPerEpoch } = this.#plan;
    this.#current = epochs ? steps / (epochs * stepsPerEpoch) : 0;
    this.#doneBefore += this.#current;
  }

  step({ step, trainingSeconds }: StepEvent): void {
    const { epochs, stepsPerEpoch, budgetSeconds } = this.#plan;
    const byEpochs = epochs ? step / (epochs * stepsPerEpoch) : 0;
    const byTime = budgetSeconds ? trainingSeconds / budgetSeconds : 0;
    this.#current = Math.min(1, Math.max(byEpochs, byTime));
  }

  endRun(): void {
    this.#finished++;
    this.#current = 0;
  }

  /** Share of the comparison that is done, in [0, 1]. */
  get share(): number {
    return Math.min(1, (this.#finished + this.#current) / this.#runs);
  }

  /** Seconds until the end, at the pace so far; undefined before there is one. */
  get remainingSeconds(): number | undefined {
    const doneNow = this.#finished + this.#current - this.#doneBefore;
    if (doneNow <= 0) return undefined;
    const elapsed = (performance.now() - this.#startedAt) / 1000;
    return (elapsed / doneNow) * (this.#runs - this.#finished - this.#current);
  }
}
