import type { ResamplingSampler } from '@gradis/samplers';
import { CandidateStrategy } from './CandidateStrategy.js';
import { secondsNow, totalSeconds } from './Clock.js';
import type { Scorer, StepResult } from './Learner.js';
import { PassCosts } from './PassCosts.js';
import type { PlannedBatch } from './Strategy.js';

/** Steps between two scoring passes that are made for their time alone. */
const PROBE_EVERY = 100;

/** Samples in such a pass, for each one of a batch: as in a presample. */
const PROBE_FACTOR = 5;

/**
 * Resampling that measures what a backward pass costs in forward passes, and begins when that says it pays: for no
 * other threshold need be known.
 *
 * Its batches depend on the clock: two runs with the same seed may begin to resample at different steps.
 */
export class MeasuredResamplingStrategy extends CandidateStrategy<ResamplingSampler> {
  readonly #costs = new PassCosts();
  #steps = 0;

  override async next(batchSize: number, scorer: Scorer): Promise<PlannedBatch> {
    const scores: Scorer['scores'] = async (indices) => {
      const start = secondsNow();
      const values = await scorer.scores(indices);
      this.#costs.addForward((secondsNow() - start) / indices.length);
      return values;
    };
    if (this.#steps++ % PROBE_EVERY === PROBE_EVERY / 2) {
      await scores(Int32Array.from({ length: PROBE_FACTOR * batchSize }, (_, k) => k % this.size));
      const ratio = this.#costs.backwardForwardRatio;
      if (ratio) this.sampler.backwardForwardRatio = ratio;
    }
    return super.next(batchSize, { ...scorer, scores });
  }

  override observe(batch: PlannedBatch, result: StepResult): void {
    this.#costs.addStep(totalSeconds(result.seconds) / batch.indices.length);
    super.observe(batch, result);
  }

  override diagnostics(): Record<string, number> {
    return { ...super.diagnostics(), backwardForwardRatio: this.sampler.backwardForwardRatio };
  }
}
