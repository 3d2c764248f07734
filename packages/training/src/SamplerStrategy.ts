import { importanceWeights, type Sampler } from '@gradis/samplers';
import type { StepResult } from './Learner.js';
import type { MethodOptions } from './MethodOptions.js';
import type { MethodSetting, PlannedBatch, Strategy, StrategyState } from './Strategy.js';
import { samplerSettings } from './samplerSettings.js';

/**
 * Trains on what a sampler draws and teaches it the scores of the training forward pass. `createStrategy` and
 * `strategyOf` make one.
 */
export class SamplerStrategy implements Strategy {
  readonly #options: MethodOptions;
  readonly #sampler: Sampler;
  readonly #scored: boolean;

  /** @param scored whether the sampler learns; without it no score is computed, as plain SGD computes none. Default true. */
  constructor(
    readonly name: string,
    options: MethodOptions,
    sampler: Sampler,
    { scored = true }: { scored?: boolean } = {},
  ) {
    this.#options = options;
    this.#sampler = sampler;
    this.#scored = scored;
  }

  get size(): number {
    return this.#sampler.size;
  }

  async next(batchSize: number): Promise<PlannedBatch> {
    const { indices, probabilities, weights } = this.#sampler.draw(batchSize);
    if (!this.#scored) return { indices, weights, scored: false };
    return { indices, weights, scored: true, importanceWeights: importanceWeights(probabilities, this.size) };
  }

  observe(batch: PlannedBatch, result: StepResult): void {
    if (result.scores) this.#sampler.observe(batch.indices, result.scores);
  }

  settings(): Readonly<Record<string, MethodSetting>> {
    return samplerSettings(this.#sampler);
  }

  diagnostics(): Record<string, number> {
    return {};
  }

  getState(): StrategyState {
    return { name: this.name, version: 1, options: this.#options, sampler: this.#sampler.getState() };
  }
}
