import { importanceWeights, type Sampler } from '@gradis/samplers';
import type { Scorer, Signal, StepResult } from './Learner.js';
import type { MethodOptions } from './MethodOptions.js';
import type { MethodSetting, PlannedBatch, Strategy, StrategyState } from './Strategy.js';
import { samplerSettings } from './samplerSettings.js';

/** What a `SamplerStrategy` teaches its sampler. */
export interface SamplerStrategyOptions {
  /** Scores or losses of the training forward pass; with 'nothing', no score is computed, as plain SGD computes none. */
  learnsFrom?: Signal | 'nothing';
}

/** Trains on what a sampler draws and teaches it what the step found out. `createStrategy` and `strategyOf` make one. */
export class SamplerStrategy implements Strategy {
  readonly #options: MethodOptions;
  readonly #sampler: Sampler;
  readonly #learnsFrom: Signal | 'nothing';

  constructor(
    readonly name: string,
    options: MethodOptions,
    sampler: Sampler,
    { learnsFrom = 'scores' }: SamplerStrategyOptions = {},
  ) {
    this.#options = options;
    this.#sampler = sampler;
    this.#learnsFrom = learnsFrom;
  }

  get size(): number {
    return this.#sampler.size;
  }

  async next(batchSize: number, _scorer?: Scorer): Promise<PlannedBatch> {
    const { indices, probabilities, weights } = this.#sampler.draw(batchSize);
    if (this.#learnsFrom === 'nothing') return { indices, weights, scored: false };
    return { indices, weights, scored: true, importanceWeights: importanceWeights(probabilities, this.size) };
  }

  observe({ indices }: PlannedBatch, result: StepResult): void {
    const learned = this.#learnsFrom === 'nothing' ? undefined : result[this.#learnsFrom];
    if (learned) this.#sampler.observe(indices, learned);
  }

  settings(): Readonly<Record<string, MethodSetting>> {
    return samplerSettings(this.#sampler);
  }

  diagnostics(): Record<string, number> {
    return this.#sampler.diagnostics?.() ?? {};
  }

  getState(): StrategyState {
    return { name: this.name, version: 1, options: this.#options, sampler: this.#sampler.getState() };
  }
}
