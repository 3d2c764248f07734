import type { OnlineBatchSampler } from '@gradis/samplers';
import type { Scorer } from './Learner.js';
import type { MethodOptions } from './MethodOptions.js';
import { SamplerStrategy } from './SamplerStrategy.js';
import type { PlannedBatch } from './Strategy.js';

/** Biased: draws by the rank of the losses, and computes those of all samples anew when the sampler asks for it. */
export class OnlineBatchStrategy extends SamplerStrategy {
  readonly #sampler: OnlineBatchSampler;

  constructor(name: string, options: MethodOptions, sampler: OnlineBatchSampler) {
    super(name, options, sampler, { learnsFrom: 'losses' });
    this.#sampler = sampler;
  }

  override async next(batchSize: number, scorer: Scorer): Promise<PlannedBatch> {
    if (this.#sampler.recomputeDue) {
      const all = Int32Array.from({ length: this.size }, (_, index) => index);
      this.#sampler.recompute(await scorer.losses(all));
    }
    return super.next(batchSize);
  }
}
