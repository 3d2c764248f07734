import type { CandidateSampler, Draw } from '@gradis/samplers';
import type { Scorer, Signal } from './Learner.js';
import type { MethodOptions } from './MethodOptions.js';
import { SamplerStrategy, type SamplerStrategyOptions } from './SamplerStrategy.js';

/** What a `CandidateStrategy` tells its sampler of the candidates and of the batch, and may conclude from its draws. */
export interface CandidateStrategyOptions extends SamplerStrategyOptions {
  /** Scores or losses. Default: what a sampler of `@gradis/samplers` is made for, else `'scores'`. */
  learnsFrom?: Signal;
}

/** Looks at candidates by a forward pass and trains on those that a sampler chooses from them. */
export class CandidateStrategy<S extends CandidateSampler = CandidateSampler> extends SamplerStrategy<S> {
  declare protected readonly learnsFrom: Signal;

  constructor(name: string, options: MethodOptions, sampler: S, strategyOptions?: CandidateStrategyOptions) {
    super(name, options, sampler, strategyOptions);
  }

  /** What it looks at must be judged by the model that the last step made. */
  override get allowsDelay(): boolean {
    return false;
  }

  protected override async draw(batchSize: number, scorer: Scorer): Promise<Draw> {
    let draw: Draw | undefined;
    while (!draw) {
      const candidates = this.sampler.presample(batchSize);
      draw = candidates
        ? this.sampler.resample(await scorer[this.learnsFrom](candidates))
        : this.sampler.draw(batchSize);
    }
    return draw;
  }
}
