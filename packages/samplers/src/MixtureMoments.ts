import { requireLength, requireNumber, requireNumbers, requireState } from './checks.js';

/** Saved state of a `MixtureMoments`. */
export interface MixtureMomentsState {
  readonly kind: 'MixtureMoments';
  readonly version: 1;
  readonly advantages: Float64Array;
  readonly squares: Float64Array;
  readonly uniform: number;
  readonly scale: number;
}

/** A mixture `(1 − λ) p₀ + λ/N`, p₀ by the number of its candidate. */
export interface Mixture {
  readonly candidate: number;
  readonly uniformMix: number;
}

/** The λ that are compared. */
export const UNIFORM_MIXES = [0.1, 0.2, 0.35, 0.5, 0.75] as const;

/** Share of the old sums that is kept at each batch: it counts half after 350. */
const FORGETTING = 0.998;

/** The same for the scale of the scores, which follows faster. */
const SCALE_FORGETTING = 0.95;

/** Standard errors by which an advantage must differ from zero to be believed. */
const STANDARD_ERRORS = 3;

/**
 * Share of the uniform second moment that an advantage must exceed: uniform batches are shuffled, and what that gains by
 * visiting every sample once an epoch does not show in a second moment.
 */
const LEAST_ADVANTAGE = 0.1;

const KIND = 'MixtureMoments';

/**
 * Second moments that other ways to draw would have given, estimated from the batches of any one of them.
 *
 * With a batch drawn by p, `s²/(N p · N p')` has as its expectation the second moment of the weighted score under p',
 * and `s²/(N p)` the one under uniform sampling. The difference, the advantage of p' over uniform, is taken batch by
 * batch, in units of what uniform sampling has had lately, and summed with exponential forgetting; so is its square, for the variance of that sum.
 *
 * @see Katharopoulos & Fleuret 2018, arXiv 1803.00942, Eq. 6–8: the second moment is what sampling can change.
 */
export class MixtureMoments {
  readonly #advantages: Float64Array;
  readonly #squares: Float64Array;
  #uniform = 0;
  #scale = 0;

  constructor(candidates: number) {
    this.#advantages = new Float64Array(candidates * UNIFORM_MIXES.length);
    this.#squares = new Float64Array(candidates * UNIFORM_MIXES.length);
  }

  /**
   * Takes in one batch.
   *
   * @param scores s. Shape [B].
   * @param probabilities N·p, by which the batch was drawn. Shape [B].
   * @param unmixed N·p₀ of each candidate. Shape [candidates][B].
   */
  add(scores: ArrayLike<number>, probabilities: ArrayLike<number>, unmixed: readonly ArrayLike<number>[]): void {
    const { length } = scores;
    const uniform = new Float64Array(length);
    let mean = 0;
    for (let k = 0; k < length; k++) {
      uniform[k] = (scores[k] * scores[k]) / (probabilities[k] * length);
      mean += uniform[k];
    }
    this.#scale = this.#scale === 0 ? mean : SCALE_FORGETTING * this.#scale + (1 - SCALE_FORGETTING) * mean;
    if (this.#scale === 0) return;
    this.#uniform = FORGETTING * this.#uniform + mean / this.#scale;
    let option = 0;
    for (const candidate of unmixed) {
      for (const mix of UNIFORM_MIXES) {
        let advantage = 0;
        for (let k = 0; k < length; k++) advantage += uniform[k] * (1 - 1 / ((1 - mix) * candidate[k] + mix));
        advantage /= this.#scale;
        this.#advantages[option] = FORGETTING * this.#advantages[option] + advantage;
        this.#squares[option] = FORGETTING ** 2 * this.#squares[option] + advantage * advantage;
        option++;
      }
    }
  }

  /** The mixture with the smallest second moment; undefined if none is surely and clearly smaller than uniform sampling's. */
  best(): Mixture | undefined {
    let best = -1;
    for (let option = 0; option < this.#advantages.length; option++) {
      const advantage = this.#advantages[option];
      const isSure = advantage > STANDARD_ERRORS * Math.sqrt(this.#squares[option]);
      if (!isSure || advantage < LEAST_ADVANTAGE * this.#uniform) continue;
      if (best < 0 || advantage > this.#advantages[best]) best = option;
    }
    if (best < 0) return undefined;
    const mixes = UNIFORM_MIXES.length;
    return { candidate: Math.floor(best / mixes), uniformMix: UNIFORM_MIXES[best % mixes] };
  }

  /** Smallest second moment that a mixture of each candidate has, relative to uniform sampling; 1 before any batch. */
  ratios(): number[] {
    const mixes = UNIFORM_MIXES.length;
    return Array.from({ length: this.#advantages.length / mixes }, (_, candidate) => {
      const own = this.#advantages.subarray(candidate * mixes, (candidate + 1) * mixes);
      return this.#uniform > 0 ? 1 - Math.max(...own) / this.#uniform : 1;
    });
  }

  getState(): MixtureMomentsState {
    return {
      kind: KIND,
      version: 1,
      advantages: this.#advantages.slice(),
      squares: this.#squares.slice(),
      uniform: this.#uniform,
      scale: this.#scale,
    };
  }

  static fromState(state: MixtureMomentsState, candidates: number): MixtureMoments {
    requireState(state, KIND);
    const moments = new MixtureMoments(candidates);
    requireLength('state.moments.advantages', state.advantages, moments.#advantages.length);
    requireNumbers('state.moments.advantages', state.advantages.map(Math.abs));
    requireLength('state.moments.squares', state.squares, moments.#squares.length);
    requireNumbers('state.moments.squares', state.squares);
    requireNumber('state.moments.uniform', state.uniform, 0);
    requireNumber('state.moments.scale', state.scale, 0);
    moments.#advantages.set(state.advantages);
    moments.#squares.set(state.squares);
    moments.#uniform = state.uniform;
    moments.#scale = state.scale;
    return moments;
  }
}
