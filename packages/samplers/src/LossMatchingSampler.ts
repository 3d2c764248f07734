import { assertObservation } from './assertObservation.js';
import type { CandidateSampler } from './CandidateSampler.js';
import { CandidateStream, type CandidateStreamState } from './CandidateStream.js';
import {
  requireInteger,
  requireNumber,
  requireOneOf,
  requireSavedOptions,
  requireState,
  savedLength,
} from './checks.js';
import { matchMean } from './matchMean.js';
import type { Draw, SamplerState } from './Sampler.js';
import { uniformDraw } from './uniformDraw.js';

/** Options of a `LossMatchingSampler`. */
export interface LossMatchingSamplerOptions {
  /** Candidates for one sample of the batch, ≥ 1; at most N in all. Default 10: one backward pass from ten forward. */
  presampleFactor?: number;
  /**
   * 'matched': the mean loss of the batch comes as near to that of the candidates as swaps can bring it (biased).
   * 'stratified': the batch is spread evenly over the sorted losses, each candidate as likely as any other (unbiased).
   * Default 'matched'.
   */
  selection?: 'matched' | 'stratified';
  /** Seed of all random choices; any safe integer. Default 0. */
  seed?: number;
}

type Settings = Required<Omit<LossMatchingSamplerOptions, 'seed'>>;

/** Saved state of a `LossMatchingSampler`. */
export interface LossMatchingSamplerState extends SamplerState, CandidateStreamState {
  readonly kind: 'LossMatchingSampler';
  readonly options: Settings;
  readonly meanLossError: number;
}

const KIND = 'LossMatchingSampler';

/**
 * Biased, a little, unless `selection` is 'stratified'. Of ten candidates it trains on one, so chosen that the mean loss
 * of the batch is that of all candidates ("One backward from ten forward", OBFTF).
 *
 * The problem, after the paper: given the losses ℓ of n candidates, choose b of them, with weights 1, so that
 * `|Σ_chosen ℓ/b − Σ ℓ/n|` is least. It is an integer program. The way to a solution is settled here. First the
 * candidates are sorted by loss and one of every n/b is taken, with a random offset: each is chosen with probability
 * exactly b/n, and the batch has easy and hard samples in their shares. This is the 'stratified' selection. From it,
 * 'matched' makes the best swap of a chosen candidate for another as long as one helps. No single swap can improve the
 * result. It takes O(n log n), and two or three swaps: for 64 of 640 exponential losses the mean is then met to 2e-7.
 *
 * Only those swaps bias the gradient: a candidate whose loss fills the gap is chosen more often than others.
 *
 * `Draw.probabilities` are 1/N, those of the candidates: for 'stratified' this is exact.
 *
 * @see Dong et al., One Backward from Ten Forward, arXiv 2104.13114.
 *
 * @example
 * ```ts
 * import { LossMatchingSampler } from '@gradis/samplers';
 *
 * const sampler = new LossMatchingSampler(1000);
 * const candidates = sampler.presample(8);
 * const losses = candidates.map((index) => index % 10); // your forward pass
 * const { indices } = sampler.resample(losses);
 * console.log(candidates.length, indices.length, sampler.meanLossError < 0.05); // → 80 8 true
 * ```
 */
export class LossMatchingSampler implements CandidateSampler {
  readonly size: number;
  readonly #options: Settings;
  #candidates: CandidateStream;
  #meanLossError = 0;

  /**
   * @param size Number of samples N, in [1, 2³¹ − 1].
   * @throws RangeError on a size or an option out of its range.
   */
  constructor(
    size: number,
    { presampleFactor = 10, selection = 'matched', seed = 0 }: LossMatchingSamplerOptions = {},
  ) {
    this.#candidates = CandidateStream.of(size, seed);
    this.size = size;
    requireNumber('presampleFactor', presampleFactor, 1);
    requireOneOf('selection', selection, ['matched', 'stratified']);
    this.#options = { presampleFactor, selection };
  }

  get options(): Settings {
    return { ...this.#options };
  }

  /** Number of candidates given out: the forward passes that selection has cost. */
  get presampledSamples(): number {
    return this.#candidates.presampledSamples;
  }

  /** How far the mean loss of the last batch was from that of its candidates, as a share of the latter; 0 before one. */
  get meanLossError(): number {
    return this.#meanLossError;
  }

  /** A uniform batch with weights 1; the last of an epoch may be shorter. */
  draw(batchSize: number): Draw {
    return this.#candidates.drawUniform(batchSize);
  }

  /**
   * The candidates for the next batch. Give their losses, from a forward pass in inference mode, to `resample`. A
   * second call replaces them.
   *
   * @returns Sample indices; all N if `presampleFactor` asks for more. Shape [n].
   */
  presample(batchSize: number): Int32Array {
    requireInteger('batchSize', batchSize, 1);
    return this.#candidates.give(this.#presampleSize(batchSize), batchSize);
  }

  /**
   * Chooses the batch from the candidates, in the order of their losses. A batch size above n gives all n.
   *
   * @param losses Losses of the candidates, in their order, finite and ≥ 0. Shape [n].
   * @throws Error without candidates; RangeError on a wrong length, NaN, ∞ or a negative loss. The candidates stay.
   */
  resample(losses: ArrayLike<number>): Draw {
    const { indices, batchSize } = this.#candidates.take(losses);
    const order = Int32Array.from({ length: losses.length }, (_, k) => k).sort(
      (a, b) => losses[a] - losses[b] || a - b,
    );
    const sorted = Float64Array.from(order, (k) => losses[k]);
    const chosen = this.#stratify(order.length, Math.min(batchSize, order.length));
    if (this.#options.selection === 'matched') matchMean(sorted, chosen);
    const isChosen = (_: number, rank: number) => chosen[rank] === 1;
    const mean = meanOf(sorted);
    this.#meanLossError = mean > 0 ? Math.abs(meanOf(sorted.filter(isChosen)) / mean - 1) : 0;
    return uniformDraw(
      order.filter(isChosen).map((k) => indices[k]),
      this.size,
    );
  }

  /** Checks its arguments and learns nothing: the sampler learns from the losses of its candidates. */
  observe(indices: ArrayLike<number>, scores: ArrayLike<number>): void {
    assertObservation(indices, scores, this.size);
  }

  /** 1/N for every sample: which candidates are chosen is known only once they have their losses. */
  probabilities(): Float64Array {
    return new Float64Array(this.size).fill(1 / this.size);
  }

  diagnostics(): Record<string, number> {
    const { presampledSamples, meanLossError } = this;
    return { presampledSamples, meanLossError };
  }

  getState(): LossMatchingSamplerState {
    return {
      kind: KIND,
      version: 1,
      options: { ...this.#options },
      ...this.#candidates.getState(),
      meanLossError: this.#meanLossError,
    };
  }

  /**
   * A sampler whose next draws are those that the saved one would have made.
   *
   * @throws TypeError on the state of something else or of another version; an error that names the field on a damaged
   *   one.
   */
  static fromState(state: LossMatchingSamplerState): LossMatchingSampler {
    requireState(state, KIND);
    const { options, meanLossError } = state;
    const sampler = new LossMatchingSampler(savedLength('state.stream.order', state.stream?.order), options);
    requireSavedOptions(options, sampler.#options);
    requireNumber('state.meanLossError', meanLossError, 0);
    sampler.#candidates = CandidateStream.fromState(state, (batchSize) => sampler.#presampleSize(batchSize));
    sampler.#meanLossError = meanLossError;
    return sampler;
  }

  #presampleSize(batchSize: number): number {
    return Math.min(this.size, Math.round(this.#options.presampleFactor * batchSize));
  }

  /** Marks `count` of n ranks at even distances, with an offset that makes all ranks exactly equally likely. */
  #stratify(n: number, count: number): Uint8Array {
    const chosen = new Uint8Array(n);
    const offset = this.#candidates.random.integer(n);
    for (let k = 0; k < count; k++) chosen[Math.floor((k * n + offset) / count)] = 1;
    return chosen;
  }
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
