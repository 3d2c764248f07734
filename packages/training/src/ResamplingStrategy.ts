import type { ResamplingSampler } from '@gradis/samplers';
import type { StepResult } from './Learner.js';
import type { MethodOptions } from './MethodOptions.js';
import type { MethodSetting, PlannedBatch, Scorer, Strategy, StrategyState } from './Strategy.js';
import { samplerSettings } from './samplerSettings.js';

/** Scores a large uniform batch and trains on a small one drawn from it, while that is worth its forward pass. */
export class ResamplingStrategy implements Strategy {
  readonly #options: MethodOptions;
  readonly #sampler: ResamplingSampler;

  constructor(
    readonly name: string,
    options: MethodOptions,
    sampler: ResamplingSampler,
  ) {
    this.#options = options;
    this.#sampler = sampler;
  }

  get size(): number {
    return this.#sampler.size;
  }

  async next(batchSize: number, score: Scorer): Promise<PlannedBatch> {
    const presample = this.#sampler.presample(batchSize);
    const draw = presample ? this.#sampler.resample(await score(presample)) : this.#sampler.draw(batchSize);
    const { indices, weights } = draw;
    return { indices, weights, scored: true, importanceWeights: weights };
  }

  observe(batch: PlannedBatch, result: StepResult): void {
    if (result.scores) this.#sampler.observe(batch.indices, result.scores);
  }

  settings(): Readonly<Record<string, MethodSetting>> {
    return samplerSettings(this.#sampler);
  }

  diagnostics(): Record<string, number> {
    return { tau: this.#sampler.tau };
  }

  getState(): StrategyState {
    return { name: this.name, version: 1, options: this.#options, sampler: this.#sampler.getState() };
  }
}
