import { lowWeights, type Sampler } from '@gradis/samplers';
import type { WeightRule } from './Learner.js';
import type { MethodOptions } from './MethodOptions.js';
import type { PlannedBatch, Strategy, StrategyState } from './Strategy.js';

/** Biased: draws uniformly and weights each batch by its own scores (LOW), so that hard samples count more. */
export class LowStrategy implements Strategy {
  readonly #options: MethodOptions;
  readonly #sampler: Sampler;
  readonly #weights: WeightRule;

  constructor(
    readonly name: string,
    options: MethodOptions,
    sampler: Sampler,
  ) {
    const { lambda, lossScaling } = options;
    this.#options = options;
    this.#sampler = sampler;
    this.#weights = (scores) => lowWeights(scores, { lambda, lossScaling });
  }

  get size(): number {
    return this.#sampler.size;
  }

  async next(batchSize: number): Promise<PlannedBatch> {
    return { indices: this.#sampler.draw(batchSize).indices, weights: this.#weights, scored: true };
  }

  observe(): void {}

  diagnostics(): Record<string, number> {
    return {};
  }

  getState(): StrategyState {
    return { name: this.name, version: 1, options: this.#options, sampler: this.#sampler.getState() };
  }
}
