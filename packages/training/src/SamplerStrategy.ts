import { type Draw, importanceWeights, type Sampler } from '@gradis/samplers';
import type { Scorer, Signal, StepResult } from './Learner.js';
import type { MethodOptions } from './MethodOptions.js';
import type { MethodSetting, PlannedBatch, Strategy, StrategyState } from './Strategy.js';
import { samplerTraits } from './samplerTraits.js';

/** What a strategy teaches its sampler, and what it may conclude from its draws. */
export interface SamplerStrategyOptions {
  /**
   * Scores or losses of the training forward pass; with 'nothing', no score is computed, as plain SGD computes none.
   * Default: what a sampler of `@gradis/samplers` is made for, else `'scores'`.
   */
  learnsFrom?: Signal | 'nothing';
  /**
   * Whether the sampler's `probabilities` are not the chances of its draws, so that no mean over all samples can be
   * estimated from them. Default: as it is for a sampler of `@gradis/samplers`, else false.
   */
  skewed?: boolean;
}

/** Trains on what a sampler draws and teaches it what the step found out. `createStrategy` and `strategyOf` make one. */
export class SamplerStrategy<S extends Sampler = Sampler> implements Strategy {
  protected readonly learnsFrom: Signal | 'nothing';
  readonly #options: MethodOptions;
  readonly #skewed: boolean;

  constructor(
    readonly name: string,
    options: MethodOptions,
    protected readonly sampler: S,
    strategyOptions: SamplerStrategyOptions = {},
  ) {
    const traits = samplerTraits(sampler);
    const { learnsFrom = traits.learnsFrom, skewed = traits.skewed } = strategyOptions;
    this.#options = options;
    this.learnsFrom = learnsFrom;
    this.#skewed = skewed;
  }

  get size(): number {
    return this.sampler.size;
  }

  /** The samplers of `@gradis/samplers` draw without waiting for what comes of the draw before. */
  get allowsDelay(): boolean {
    return true;
  }

  async next(batchSize: number, scorer: Scorer): Promise<PlannedBatch> {
    const { indices, probabilities, weights } = await this.draw(batchSize, scorer);
    if (this.#skewed) return { indices, weights, scored: this.learnsFrom === 'scores', skewed: true };
    // Scores are wanted where losses are learned, too: with importance weights they tell the variance.
    const scored = this.learnsFrom !== 'nothing';
    return { indices, weights, scored, importanceWeights: importanceWeights(probabilities, this.size) };
  }

  observe({ indices }: PlannedBatch, result: StepResult): void {
    const learned = this.learnsFrom === 'nothing' ? undefined : result[this.learnsFrom];
    if (learned) this.sampler.observe(indices, learned);
  }

  settings(): Readonly<Record<string, MethodSetting>> {
    return { ...this.sampler.options };
  }

  diagnostics(): Record<string, number> {
    return this.sampler.diagnostics?.() ?? {};
  }

  getState(): StrategyState {
    return {
      name: this.name,
      version: 1,
      options: this.#options,
      learnsFrom: this.learnsFrom,
      skewed: this.#skewed,
      sampler: this.sampler.getState(),
    };
  }

  /** Draws the next batch, after a look at samples if need be. */
  protected async draw(batchSize: number, _scorer: Scorer): Promise<Draw> {
    return this.sampler.draw(batchSize);
  }
}
