import { assertObservation } from './assertObservation.js';
import type { CandidateSampler } from './CandidateSampler.js';
import { CandidateStream, type CandidateStreamState } from './CandidateStream.js';
import { candidateValues } from './candidateValues.js';
import {
  requireCount,
  requireInteger,
  requireLength,
  requireNumber,
  requireOneOf,
  requireSavedOptions,
  requireState,
  savedLength,
} from './checks.js';
import { highest } from './highest.js';
import type { Draw, SamplerState } from './Sampler.js';
import { SELECTION_METHODS, type SelectionMethod, selectionImportance } from './selectionImportance.js';
import { uniformDraw } from './uniformDraw.js';

/** Options of an `AdaSelectionSampler`. */
export interface AdaSelectionSamplerOptions {
  /** Candidates for one sample of the batch, ≥ 1; at most N in all. The share γ kept is its inverse. Default 5. */
  presampleFactor?: number;
  /** The methods that are mixed, each once. Default `['big-loss', 'small-loss', 'uniform']`. */
  methods?: readonly SelectionMethod[];
  /** β in [−10, 10]: how fast a method gains weight while its loss falls; below 0 it loses weight. Default 0.5. */
  adaptationRate?: number;
  /** c ≥ 0: how strongly easy candidates are preferred at first. Default 0, no curriculum. */
  curriculum?: number;
  /** Seed of all random choices; any safe integer. Default 0. */
  seed?: number;
}

type Settings = Required<Omit<AdaSelectionSamplerOptions, 'seed' | 'methods'>>;

/** Saved state of an `AdaSelectionSampler`. */
export interface AdaSelectionSamplerState extends SamplerState, CandidateStreamState {
  readonly kind: 'AdaSelectionSampler';
  readonly options: Settings;
  readonly methods: readonly SelectionMethod[];
  /** Logarithm of each method's weight, up to a common addend: the largest is 0. Shape [M]. */
  readonly logWeights: Float64Array;
  /** Mean loss that each method saw in the last candidates; empty before the first ones. Shape [M] or [0]. */
  readonly methodLosses: Float64Array;
  /** Number of batches that were selected. */
  readonly steps: number;
}

const KIND = 'AdaSelectionSampler';

/**
 * Biased: it minimises a loss in which some samples count more, and which ones changes. Trains on the most important
 * part of its candidates, where importance is a mixture of several methods with weights that it learns ("AdaSelection").
 *
 * Of n candidates the batch is the b with the largest `rᵢ Σ_m w_m α_m(i)`, all with weight 1. The importance α_m of
 * method m sums to 1. With z the losses of the candidates minus their mean, divided by their standard deviation:
 *
 * - 'uniform': all equal; 'big-loss': ∝ eᶻ; 'small-loss': ∝ e⁻ᶻ;
 * - 'mean-loss', 'extreme-loss': ∝ e^(−|z|), e^|z|, a coreset near the mean, or one of the easiest and the hardest;
 * - 'adaboost': one round of AdaBoost.R2 (Drucker, ICML 1997) on the losses, from equal weights;
 * - 'gradient-norm': ∝ the scores that `resample` is then given too.
 *
 * The weights begin equal and follow the loss ℓ_m = Σ α_m(i) ℓᵢ that each method sees: `w_m ← w_m·e^(β d_m)`, scaled to
 * the sum 1, with d_m = (old ℓ_m − ℓ_m) / max(old ℓ_m, ℓ_m) in [−1, 1] the share by which that fell since the last step.
 * The curriculum reward of step t is `rᵢ = e^(−c zᵢ/√t)`. It is off unless asked for: a network that begins with what
 * it finds easiest learns to answer with one class.
 *
 * The two levels of importance, the methods and the curriculum are the paper's. The formulas are settled here: z and
 * α do not depend on the unit of the loss; d keeps its sign, so that a rise of the loss and the fall back cancel.
 *
 * How large the bias is, measured on 1,000 exponential losses with batches of 16 and equal weights (β = 0): the mean loss
 * of the batches is 1.51 of the true one. With c = 1 it is 0.51 of it in the first 20 steps, and 1.38 after 500.
 *
 * `Draw.probabilities` are 1/N, those of the candidates: the choice among them is not random.
 *
 * @see Zhang et al., AdaSelection, arXiv 2306.10728.
 *
 * @example
 * ```ts
 * import { AdaSelectionSampler } from '@gradis/samplers';
 *
 * const sampler = new AdaSelectionSampler(1000, { methods: ['big-loss', 'mean-loss'] });
 * for (let step = 1; step <= 20; step++) {
 *   const candidates = sampler.presample(8);
 *   sampler.resample(candidates.map((index) => (index % 10) / step)); // the losses of your forward pass
 * }
 * console.log(Object.keys(sampler.methodWeights), sampler.presampledSamples); // → [ 'big-loss', 'mean-loss' ] 800
 * ```
 */
export class AdaSelectionSampler implements CandidateSampler {
  readonly size: number;
  readonly #options: Settings;
  readonly #methods: readonly SelectionMethod[];
  #candidates: CandidateStream;
  #logWeights: Float64Array;
  #methodLosses: Float64Array = new Float64Array(0);
  #steps = 0;

  /**
   * @param size Number of samples N, in [1, 2³¹ − 1].
   * @throws RangeError on a size or an option out of its range, or a method that is named twice.
   */
  constructor(
    size: number,
    {
      presampleFactor = 5,
      methods = ['big-loss', 'small-loss', 'uniform'],
      adaptationRate = 0.5,
      curriculum = 0,
      seed = 0,
    }: AdaSelectionSamplerOptions = {},
  ) {
    this.#candidates = CandidateStream.of(size, seed);
    this.size = size;
    requireNumber('presampleFactor', presampleFactor, 1);
    requireNumber('adaptationRate', adaptationRate, -10, 10);
    requireNumber('curriculum', curriculum, 0);
    requireMethods('methods', methods);
    this.#options = { presampleFactor, adaptationRate, curriculum };
    this.#methods = [...methods];
    this.#logWeights = new Float64Array(methods.length);
  }

  get options(): Settings & { methods: string } {
    return { ...this.#options, methods: this.#methods.join(', ') };
  }

  /** Number of candidates given out: the forward passes that selection has cost. */
  get presampledSamples(): number {
    return this.#candidates.presampledSamples;
  }

  /** Weight w of each method, by its name; they sum to 1. */
  get methodWeights(): Record<string, number> {
    const weights = this.#weights();
    return Object.fromEntries(this.#methods.map((method, m) => [method, weights[m]]));
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
   * Updates the weights of the methods and chooses the batch, the most important first. A batch size above n gives all n.
   *
   * @param losses Losses of the candidates, in their order, finite and ≥ 0. Shape [n].
   * @param scores Their scores, if 'gradient-norm' is among the methods. Shape [n].
   * @throws Error without candidates, or without the scores; RangeError on a wrong length, NaN, ∞ or a negative value.
   *   The candidates stay.
   */
  resample(losses: ArrayLike<number>, scores?: ArrayLike<number>): Draw {
    if (!scores && this.#methods.includes('gradient-norm')) {
      throw new Error("scores is undefined; the method 'gradient-norm' needs the scores of the candidates.");
    }
    const { indices, batchSize } = this.#candidates.take(losses, scores);
    const values = candidateValues(losses, scores);
    const importances = this.#methods.map((method) => selectionImportance(method, values));
    this.#learnWeights(Float64Array.from(importances, (importance) => dot(importance, losses)));
    this.#steps++;

    const weights = this.#weights();
    const strength = this.#options.curriculum / Math.sqrt(this.#steps);
    const easiest = values.standardized.reduce((least, z) => Math.min(least, z));
    const combined = values.standardized.map((z, i) => {
      const importance = importances.reduce((sum, alpha, m) => sum + weights[m] * alpha[i], 0);
      return importance * Math.exp(-strength * (z - easiest));
    });
    return uniformDraw(
      highest(combined, batchSize).map((k) => indices[k]),
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
    const { presampledSamples, methodWeights } = this;
    return { presampledSamples, ...methodWeights };
  }

  getState(): AdaSelectionSamplerState {
    return {
      kind: KIND,
      version: 1,
      options: { ...this.#options },
      methods: [...this.#methods],
      ...this.#candidates.getState(),
      logWeights: this.#logWeights.slice(),
      methodLosses: this.#methodLosses.slice(),
      steps: this.#steps,
    };
  }

  /**
   * A sampler whose next draws are those that the saved one would have made.
   *
   * @throws TypeError on the state of something else or of another version; an error that names the field on a damaged
   *   one.
   */
  static fromState(state: AdaSelectionSamplerState): AdaSelectionSampler {
    requireState(state, KIND);
    const { options, methods, logWeights, methodLosses, steps } = state;
    requireMethods('state.methods', methods);
    const sampler = new AdaSelectionSampler(savedLength('state.stream.order', state.stream?.order), {
      ...options,
      methods,
    });
    requireSavedOptions(options, sampler.#options);
    requireLength('state.logWeights', logWeights, methods.length);
    logWeights.forEach((value, m) => {
      requireNumber(`state.logWeights[${m}]`, value, -Number.MAX_VALUE, 0);
    });
    requireCount('state.steps', steps);
    requireLength('state.methodLosses', methodLosses, steps > 0 ? methods.length : 0);
    methodLosses.forEach((loss, m) => {
      requireNumber(`state.methodLosses[${m}]`, loss, 0);
    });
    sampler.#candidates = CandidateStream.fromState(state, (batchSize) => sampler.#presampleSize(batchSize));
    sampler.#logWeights = logWeights.slice();
    sampler.#methodLosses = methodLosses.slice();
    sampler.#steps = steps;
    return sampler;
  }

  #presampleSize(batchSize: number): number {
    return Math.min(this.size, Math.round(this.#options.presampleFactor * batchSize));
  }

  #learnWeights(losses: Float64Array): void {
    const { adaptationRate } = this.#options;
    if (this.#steps > 0) {
      const before = this.#methodLosses;
      const moved = this.#logWeights.map((value, m) => value + adaptationRate * shareOfFall(before[m], losses[m]));
      const largest = moved.reduce((max, value) => Math.max(max, value));
      this.#logWeights = moved.map((value) => value - largest);
    }
    this.#methodLosses = losses;
  }

  #weights(): Float64Array {
    const weights = this.#logWeights.map(Math.exp);
    const sum = weights.reduce((total, weight) => total + weight);
    return weights.map((weight) => weight / sum);
  }
}

function requireMethods(name: string, methods: readonly SelectionMethod[]): void {
  if (!Array.isArray(methods) || methods.length === 0) {
    throw new RangeError(`${name} is ${JSON.stringify(methods)}; it must be an array of one method or more.`);
  }
  methods.forEach((method, m) => {
    requireOneOf(`${name}[${m}]`, method, SELECTION_METHODS);
    if (methods.indexOf(method) < m) throw new RangeError(`${name}[${m}] is '${method}' again; name each method once.`);
  });
}

/** By what share of the larger of the two the loss fell, in [−1, 1]; below 0 where it rose. */
function shareOfFall(before: number, after: number): number {
  const larger = Math.max(before, after);
  return larger > 0 ? (before - after) / larger : 0;
}

function dot(a: Float64Array, b: ArrayLike<number>): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
