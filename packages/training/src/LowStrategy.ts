import { LOW_DEFAULTS, type LowOptions, lowWeights, type Sampler } from '@gradis/samplers';
import type { WeightRule } from './Learner.js';
import type { MethodOptions } from './MethodOptions.js';
import type { MethodSetting, PlannedBatch, Strategy, StrategyState } from './Strategy.js';

/** Biased: draws uniformly and weights each batch by its own scores (LOW), so that hard samples count more. */
export class LowStrategy implements Strategy {
  readonly #options: MethodOptions;
  readonly #sampler: Sampler;
  readonly #low: Required<LowOptions>;
  readonly #weights: WeightRule;

  constructor(
    readonly name: string,
    options: MethodOptions,
    sampler: Sampler,
  ) {
    const { lambda = LOW_DEFAULTS.lambda, lossScaling = LOW_DEFAULTS.lossScaling } = options;
    this.#options = options;
    this.#sampler = sampler;
    this.#low = { lambda, lossScaling };
    this.#weights = (scores) => lowWeights(scores, this.#low);
    this.#weights(Float32Array.of(1)); // refuses options out of their ranges now, not amid a step
  }

  get size(): number {
    return this.#sampler.size;
  }

  async next(batchSize: number): Promise<PlannedBatch> {
    return { indices: this.#sampler.draw(batchSize).indices, weights: this.#weights, scored: true };
  }

  observe(): void {}

  settings(): Readonly<Record<string, MethodSetting>> {
    return { ...this.#low };
  }

  diagnostics(): Record<string, number> {
    return {};
  }

  getState(): StrategyState {
    return {
      name: this.name,
      version: 1,
      options: this.#options,
      learnsFrom: 'nothing',
      skewed: false,
      sampler: this.#sampler.getState(),
    };
  }
}
