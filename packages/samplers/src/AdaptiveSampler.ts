import { assertObservation } from './assertObservation.js';
import { CalibratedSampler, type CalibratedSamplerState } from './CalibratedSampler.js';
import { requireArray, requireCount, requireInteger, requireNumber, requireState } from './checks.js';
import { MemorySampler, type MemorySamplerState } from './MemorySampler.js';
import { type Mixture, MixtureMoments, type MixtureMomentsState } from './MixtureMoments.js';
import type { MixtureSampler } from './MixtureSampler.js';
import { PendingDraws, type PendingDrawsState } from './PendingDraws.js';
import type { Draw, Sampler, SamplerState } from './Sampler.js';
import { UniformSampler, type UniformSamplerState } from './UniformSampler.js';

/** Options of an `AdaptiveSampler`: none that would have to be tuned. */
export interface AdaptiveSamplerOptions {
  /** Any safe integer. Default 0. */
  seed?: number;
}

/** Saved state of an `AdaptiveSampler`. */
export interface AdaptiveSamplerState extends SamplerState {
  readonly kind: 'AdaptiveSampler';
  readonly uniform: UniformSamplerState;
  readonly calibrated: CalibratedSamplerState;
  readonly memories: readonly MemorySamplerState[];
  readonly moments: MixtureMomentsState;
  readonly followed?: Mixture;
  readonly pending: PendingDrawsState;
  readonly observedSamples: number;
  readonly drawnSamples: number;
  readonly uniformlyDrawnSamples: number;
}

/** Share of the old score that each remembering candidate keeps. */
const MOMENTA = [0, 0.5, 0.9];

const KIND = 'AdaptiveSampler';

/**
 * Draws by whichever of its candidates gives the gradient estimate the smallest second moment, and uniformly as long as
 * none is surely better than that: nothing to tune, never worse than uniform for long, unbiased.
 *
 * The candidates are mixtures of uniform sampling with a `CalibratedSampler` and with memories of three momenta. All of
 * them learn from every batch, whoever drew it, and the second moment that each would have had is estimated from the
 * same batches, at no further cost. A candidate is followed while its advantage is more than three standard errors above
 * zero, and more than a tenth: shuffled uniform batches have merits that no second moment shows. The first epoch is
 * uniform, and visits every sample once. Takes 120 to 170 bytes a sample.
 *
 * @example
 * ```ts
 * import { AdaptiveSampler } from '@gradis/samplers';
 *
 * const train = (sampler: AdaptiveSampler, scoreOf: (index: number) => number) => {
 *   for (let step = 0; step < 200; step++) {
 *     const { indices } = sampler.draw(50);
 *     sampler.observe(indices, Float64Array.from(indices, scoreOf));
 *   }
 *   return sampler.following;
 * };
 * console.log(train(new AdaptiveSampler(1000), (index) => (index < 100 ? 10 : 1))); // → memory, α = 0, λ = 0.1
 * console.log(train(new AdaptiveSampler(1000), () => 1)); // → uniform
 * ```
 */
export class AdaptiveSampler implements Sampler {
  readonly size: number;
  #uniform: UniformSampler;
  #candidates: readonly MixtureSampler[];
  #moments: MixtureMoments;
  #followed: Mixture | undefined;
  #pending = new PendingDraws();
  #observedSamples = 0;
  #drawnSamples = 0;
  #uniformlyDrawnSamples = 0;

  /** @param size Number of samples N, in [1, 2³¹ − 1]. */
  constructor(size: number, { seed = 0 }: AdaptiveSamplerOptions = {}) {
    this.size = size;
    this.#uniform = new UniformSampler(size, { seed });
    this.#candidates = [
      new CalibratedSampler(size, { seed }),
      ...MOMENTA.map((momentum) => new MemorySampler(size, { momentum, epsilon: 0, drawing: 'systematic', seed })),
    ];
    this.#moments = new MixtureMoments(this.#candidates.length);
  }

  /** By what the next batch will be drawn, in words. */
  get following(): string {
    if (!this.#followed) return 'uniform';
    const { candidate, uniformMix } = this.#followed;
    return `${nameOf(candidate)}, λ = ${uniformMix}`;
  }

  draw(batchSize: number): Draw {
    const draw = this.#source.draw(batchSize);
    this.#pending.add(draw);
    this.#drawnSamples += draw.indices.length;
    if (!this.#followed) this.#uniformlyDrawnSamples += draw.indices.length;
    return draw;
  }

  /**
   * Teaches every candidate. Scores of one of the last eight draws, or of a part of it, in its order, also tell how well
   * each candidate would do; others do not.
   */
  observe(indices: ArrayLike<number>, scores: ArrayLike<number>): void {
    assertObservation(indices, scores, this.size);
    const probabilities = this.#pending.take(indices);
    if (probabilities && this.#observedSamples >= this.size) this.#compare(indices, probabilities, scores);
    for (const candidate of this.#candidates) candidate.observe(indices, scores);
    this.#observedSamples += indices.length;
  }

  probabilities(): Float64Array {
    return this.#source.probabilities();
  }

  /** λ in force (1 is uniform), the second moment of each candidate relative to uniform, and the share of uniform draws. */
  diagnostics(): Record<string, number> {
    const ratios = this.#moments.ratios();
    return {
      uniformMix: this.#followed?.uniformMix ?? 1,
      ...Object.fromEntries(ratios.map((ratio, candidate) => [`ratio of ${nameOf(candidate)}`, ratio])),
      uniformShare: this.#drawnSamples > 0 ? this.#uniformlyDrawnSamples / this.#drawnSamples : 1,
    };
  }

  getState(): AdaptiveSamplerState {
    const [calibrated, ...memories] = this.#candidates.map((candidate) => candidate.getState());
    return {
      kind: KIND,
      version: 1,
      uniform: this.#uniform.getState(),
      calibrated: calibrated as CalibratedSamplerState,
      memories: memories as MemorySamplerState[],
      moments: this.#moments.getState(),
      followed: this.#followed,
      pending: this.#pending.getState(),
      observedSamples: this.#observedSamples,
      drawnSamples: this.#drawnSamples,
      uniformlyDrawnSamples: this.#uniformlyDrawnSamples,
    };
  }

  /** A sampler whose next draws are those that the saved one would have made. */
  static fromState(state: AdaptiveSamplerState): AdaptiveSampler {
    requireState(state, KIND);
    for (const name of ['observedSamples', 'drawnSamples', 'uniformlyDrawnSamples'] as const) {
      requireCount(`state.${name}`, state[name]);
    }
    const uniform = UniformSampler.fromState(state.uniform);
    const sampler = new AdaptiveSampler(uniform.size);
    requireArray('state.memories', state.memories);
    requireInteger('state.memories.length', state.memories.length, MOMENTA.length, MOMENTA.length);
    sampler.#uniform = uniform;
    sampler.#candidates = [
      CalibratedSampler.fromState(state.calibrated),
      ...state.memories.map((memory) => MemorySampler.fromState(memory)),
    ];
    for (const [k, { size }] of sampler.#candidates.entries()) {
      requireInteger(`size of ${nameOf(k)} in state`, size, uniform.size, uniform.size);
    }
    sampler.#moments = MixtureMoments.fromState(state.moments, sampler.#candidates.length);
    sampler.#followed = state.followed;
    if (state.followed) {
      requireInteger('state.followed.candidate', state.followed.candidate, 0, sampler.#candidates.length - 1);
      requireNumber('state.followed.uniformMix', state.followed.uniformMix, 0, 1);
    }
    sampler.#pending = PendingDraws.fromState(state.pending, uniform.size);
    sampler.#observedSamples = state.observedSamples;
    sampler.#drawnSamples = state.drawnSamples;
    sampler.#uniformlyDrawnSamples = state.uniformlyDrawnSamples;
    return sampler;
  }

  /** What the next batch is drawn from. */
  get #source(): Sampler {
    return this.#followed ? this.#candidates[this.#followed.candidate] : this.#uniform;
  }

  #compare(indices: ArrayLike<number>, probabilities: Float64Array, scores: ArrayLike<number>): void {
    const { size } = this;
    const unmixed = this.#candidates.map((candidate) =>
      candidate.unmixedProbabilities(indices).map((probability) => size * probability),
    );
    this.#moments.add(
      scores,
      probabilities.map((probability) => size * probability),
      unmixed,
    );
    this.#followed = this.#moments.best();
    if (this.#followed) this.#candidates[this.#followed.candidate].uniformMix = this.#followed.uniformMix;
  }
}

function nameOf(candidate: number): string {
  return candidate === 0 ? 'calibrated' : `memory, α = ${MOMENTA[candidate - 1]}`;
}
