import type { Draw, OnlineBatchSampler } from '@gradis/samplers';
import type { Scorer } from './Learner.js';
import { SamplerStrategy } from './SamplerStrategy.js';

/** Biased: draws by the rank of the losses, and computes those of all samples anew when the sampler asks for it. */
export class OnlineBatchStrategy extends SamplerStrategy<OnlineBatchSampler> {
  /** The losses of all samples must be those of the model that the last step made. */
  override get allowsDelay(): boolean {
    return false;
  }

  protected override async draw(batchSize: number, scorer: Scorer): Promise<Draw> {
    if (this.sampler.recomputeDue) {
      const all = Int32Array.from({ length: this.size }, (_, index) => index);
      this.sampler.recompute(await scorer.losses(all));
    }
    return super.draw(batchSize, scorer);
  }
}
