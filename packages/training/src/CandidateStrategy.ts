import type { CandidateSampler, Draw } from '@gradis/samplers';
import { importanceWeights } from '@gradis/samplers';
import type { Scorer, Signal, StepResult } from './Learner.js';
import type { MethodOptions } from './MethodOptions.js';
import type { MethodSetting, PlannedBatch, Strategy, StrategyState } from './Strategy.js';
import { samplerSettings } from './samplerSettings.js';

/** What a `CandidateStrategy` tells its sampler of the candidates and of the batch. */
export interface CandidateStrategyOptions {
  /** Default `'scores'`. */
  learnsFrom?: Signal;
}

/** Looks at candidates by a forward pass and trains on those that a sampler chooses from them. */
export class CandidateStrategy implements Strategy {
  readonly #options: MethodOptions;
  readonly #sampler: CandidateSampler;
  readonly #learnsFrom: Signal;

  constructor(
    readonly name: string,
    options: MethodOptions,
    sampler: CandidateSampler,
    { learnsFrom = 'scores' }: CandidateStrategyOptions = {},
  ) {
    this.#options = options;
    this.#sampler = sampler;
    this.#learnsFrom = learnsFrom;
  }

  get size(): number {
    return this.#sampler.size;
  }

  async next(batchSize: number, scorer: Scorer): Promise<PlannedBatch> {
    let draw: Draw | undefined;
    while (!draw) {
      const candidates = this.#sampler.presample(batchSize);
      draw = candidates
        ? this.#sampler.resample(await scorer[this.#learnsFrom](candidates))
        : this.#sampler.draw(batchSize);
    }
    const { indices, probabilities, weights } = draw;
    return { indices, weights, scored: true, importanceWeights: importanceWeights(probabilities, this.size) };
  }

  observe({ indices }: PlannedBatch, result: StepResult): void {
    const learned = result[this.#learnsFrom];
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
