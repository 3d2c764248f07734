import { type Allocation, allocationOf } from './Allocation.js';
import { assertObservation } from './assertObservation.js';
import { assertScores } from './assertScores.js';
import { CandidatePool } from './CandidatePool.js';
import type { CandidateSampler } from './CandidateSampler.js';
import {
  requireBoolean,
  requireCount,
  requireInteger,
  requireIntegers,
  requireLength,
  requireNumber,
  requirePositive,
  requireSavedOptions,
  requireState,
  savedLength,
} from './checks.js';
import { equivalentBatchGrowth } from './equivalentBatchGrowth.js';
import { RandomGenerator, type RandomGeneratorState } from './RandomGenerator.js';
import type { ResamplingSamplerOptions } from './ResamplingSamplerOptions.js';
import { type ResamplingSettings, resamplingSettings } from './resamplingSettings.js';
import type { Draw, SamplerState } from './Sampler.js';
import { ShuffledStream, type ShuffledStreamState } from './ShuffledStream.js';
import { uniformDraw } from './uniformDraw.js';

/** A presample that waits for its scores. */
interface Presample {
  readonly indices: Int32Array;
  readonly batchSize: number;
}

/** Saved state of a `ResamplingSampler`. */
export interface ResamplingSamplerState extends SamplerState {
  readonly kind: 'ResamplingSampler';
  readonly options: ResamplingSettings;
  readonly random: RandomGeneratorState;
  readonly stream: ShuffledStreamState;
  readonly tau: number;
  readonly uniformSteps: number;
  readonly resampledSteps: number;
  readonly presampledSamples: number;
  readonly resampledSamples: number;
  readonly awaitsScores: boolean;
  readonly pending?: Presample;
}

const KIND = 'ResamplingSampler';

/**
 * Scores a large uniform presample by a forward pass and trains on the part of it that matters ("DLIS"), unbiased.
 *
 * While `τ ≤ threshold` batches are uniform, with weights 1, and their scores, which the training pass gives for
 * free, teach τ through `observe`. Above it, `presample` gives B_pre samples to score, and `resample` draws k of them
 * with replacement from g = score/Σ, with weights `1/(B_pre·g)`; τ then follows the scores of the presample.
 *
 * k is the batch size b, as in the paper, unless the option `keep` says otherwise. G = 1 + CV² of the scores and
 * c = 1 + r, the cost of training on a sample in forward passes:
 * - 'variance': `B_pre = b (1 + √(c/G))`, and `k = ⌈b (B_pre − 1) / (G (B_pre − b))⌉`. Whatever the gradients, if their
 *   norms are the scores, the batch has at most the variance of b samples taken uniformly from the presample; and just
 *   those, with weights 1, are the batch where k would be above b.
 * - 'time': `k = b / (1 + √(G/c))`, and `B_pre = c (b − k)`, so that scoring and training cost c·b.
 *
 * Both divide the work best for a given G: cost, or variance, is `(1/√G + 1/√c)²` times that of a uniform step.
 *
 * Resampling needs scores in the middle of a step, so `draw` alone stays uniform: use `drawScored`, or
 * `presample` and `resample`. Samples come from one shuffled stream, so the presample is without replacement (a sample
 * can occur twice only where the presample crosses the end of an epoch, and is two candidates then).
 *
 * With a batch size above N the presample is the whole data set, and the batch is drawn from it; a uniform batch is at
 * most what is left of the epoch, so never more than N samples.
 *
 * `Draw.probabilities` of a resampled batch are `(B_pre/N)·g`: the chance that the sample is in the presample times
 * the chance g that a draw takes it from there. So `weights = 1/(N·probabilities)` holds as in every unbiased sampler.
 *
 * @see Katharopoulos & Fleuret, ICML 2018, arXiv 1803.00942, Algorithm 1; 'variance' and 'time' are after the constant
 *   variance and constant time training of their code (idiap/importance-sampling), which presamples b and shares by
 *   rules of thumb.
 *
 * @example
 * ```ts
 * import { ResamplingSampler } from '@gradis/samplers';
 *
 * const sampler = new ResamplingSampler(1000, { presampleFactor: 5, threshold: 0, smoothing: 0 });
 * const { indices, weights } = await sampler.drawScored(2, (candidates) => candidates.map((index) => index % 10));
 * sampler.observe(indices, [1, 3]);
 * console.log(indices.length, weights.length, sampler.uniformSteps); // → 2 2 1
 * console.log(sampler.isActive(2), sampler.presample(2)?.length); // → true 10
 * ```
 */
export class ResamplingSampler implements CandidateSampler {
  readonly size: number;
  #options: ResamplingSettings;
  readonly #allocation: Allocation;
  readonly #pool = new CandidatePool();
  #random: RandomGenerator;
  #stream: ShuffledStream;
  #growth = 0;
  #pending: Presample | undefined;
  /** Whether the last batch was uniform and its scores were not observed yet. */
  #awaitsScores = false;
  #counts = { uniformSteps: 0, resampledSteps: 0, presampledSamples: 0, resampledSamples: 0 };

  /**
   * @param size Number of samples N, in [1, 2³¹ − 1].
   * @throws RangeError on a size or an option out of its range; TypeError if `exact` is no boolean.
   */
  constructor(size: number, { seed = 0, ...options }: ResamplingSamplerOptions = {}) {
    this.#random = new RandomGenerator(seed);
    this.#stream = ShuffledStream.of(size, this.#random);
    this.size = size;
    this.#options = resamplingSettings(size, options);
    this.#allocation = allocationOf(this.#options);
  }

  get options(): ResamplingSettings {
    return { ...this.#options };
  }

  /** Smoothed equivalent batch growth; 0 before the first scores. */
  get tau(): number {
    return this.#growth;
  }

  /** Number of uniform batches drawn. */
  get uniformSteps(): number {
    return this.#counts.uniformSteps;
  }

  /** Number of resampled batches drawn. */
  get resampledSteps(): number {
    return this.#counts.resampledSteps;
  }

  /** Number of samples given out for scoring: the forward passes that resampling has cost. */
  get presampledSamples(): number {
    return this.#counts.presampledSamples;
  }

  /** Number of samples that resampled batches had: the forward and backward passes made in place of b each. */
  get resampledSamples(): number {
    return this.#counts.resampledSamples;
  }

  /**
   * Cost r of a backward pass in forward passes, finite and > 0. Set it when it was measured: it is part of the state.
   *
   * @throws RangeError on any other value.
   */
  get backwardForwardRatio(): number {
    return this.#options.backwardForwardRatio;
  }

  set backwardForwardRatio(ratio: number) {
    requirePositive('backwardForwardRatio', ratio);
    this.#options = { ...this.#options, backwardForwardRatio: ratio };
  }

  /**
   * The τ above which batches of this size are resampled: the option, or where resampling begins to pay.
   *
   * That is `(B_pre + (1 + r) b) / ((1 + r) b)` where the batch size is kept, as in the paper, and otherwise
   * `(1 − 1/√(1 + r))⁻²`: 5.6 for r = 2. With those a batch of one sample, which cannot be made smaller, never is.
   *
   * @throws RangeError on a batch size that is no integer ≥ 1.
   */
  threshold(batchSize: number): number {
    requireInteger('batchSize', batchSize, 1);
    const count = this.#presampleSize(batchSize);
    return this.#options.threshold ?? this.#allocation.threshold(batchSize, this.#trainingCost, count);
  }

  /** Whether the next batch of this size will be resampled. */
  isActive(batchSize: number): boolean {
    return this.#growth > this.threshold(batchSize);
  }

  /** A uniform batch with weights 1; the last of an epoch may be shorter. `drawScored` is what resamples. */
  draw(batchSize: number): Draw {
    const draw = this.#stream.draw(batchSize);
    this.#counts.uniformSteps++;
    this.#awaitsScores = true;
    return draw;
  }

  /**
   * The samples to score for the next batch, or undefined while resampling is off: then use `draw`.
   *
   * Give their scores, from a forward pass in inference mode, to `resample`. A second call replaces the presample.
   *
   * @returns Sample indices, shape [B_pre]. B_pre is N if the batch size is above N.
   * @throws RangeError if the option `presampleSize` is smaller than the batch (but not N), whether resampling is on or off.
   */
  presample(batchSize: number): Int32Array | undefined {
    const isActive = this.isActive(batchSize);
    const count = this.#presampleSize(batchSize);
    if (this.#options.keep === 'batch-size' && count < Math.min(batchSize, this.size)) {
      throw new RangeError(`presampleSize is ${count}; it must be at least the batch size, ${batchSize}, or N.`);
    }
    if (!isActive) return undefined;
    const indices = this.#stream.read(count);
    this.#counts.presampledSamples += indices.length;
    this.#pending = { indices, batchSize };
    return indices.slice();
  }

  /**
   * Draws the batch from the presample, with replacement and in proportion to its scores, and updates τ.
   *
   * @returns A batch of k ≤ b samples, all b with `keep: 'batch-size'`.
   * @param scores Scores of the presample, in its order, finite and ≥ 0. All zero: drawn uniformly. Shape [B_pre].
   * @throws Error without a presample; RangeError on a wrong length, NaN, ∞ or a negative score. The presample stays.
   */
  resample(scores: ArrayLike<number>): Draw {
    if (!this.#pending) throw new Error('No presample waits for scores; call presample first.');
    const { indices: presampled, batchSize } = this.#pending;
    const count = presampled.length;
    requireLength('scores', scores, count);
    assertScores(scores, presampled);
    const growth = this.#learnGrowth(scores);
    const keptSize = this.#allocation.keptSize(batchSize, count, growth, this.#trainingCost);
    this.#pending = undefined;
    this.#awaitsScores = false;
    const draw =
      keptSize > batchSize
        ? uniformDraw(presampled.slice(0, batchSize), this.size)
        : this.#pool.draw(presampled, scores, keptSize, this.size, this.#random);
    this.#counts.resampledSteps++;
    this.#counts.resampledSamples += draw.indices.length;
    return draw;
  }

  /**
   * The next batch of Algorithm 1: uniform while τ is low, otherwise presampled, scored and resampled.
   *
   * @param batchSize Number b of samples, an integer ≥ 1.
   * @param score Gives the scores of these samples, in their order; called only when resampling. [B_pre] → [B_pre]
   * @throws What `presample` and `resample` throw, and what `score` throws.
   */
  async drawScored(
    batchSize: number,
    score: (indices: Int32Array) => ArrayLike<number> | Promise<ArrayLike<number>>,
  ): Promise<Draw> {
    const presampled = this.presample(batchSize);
    return presampled ? this.resample(await score(presampled)) : this.draw(batchSize);
  }

  /** Updates τ with the scores of the uniform batch drawn last, once; for a resampled batch it only checks them. */
  observe(indices: ArrayLike<number>, scores: ArrayLike<number>): void {
    assertObservation(indices, scores, this.size);
    if (!this.#awaitsScores) return;
    this.#learnGrowth(scores);
    this.#awaitsScores = false;
  }

  /** 1/N for every sample: what a draw prefers is known only once a presample is scored. */
  probabilities(): Float64Array {
    return new Float64Array(this.size).fill(1 / this.size);
  }

  diagnostics(): Record<string, number> {
    const { tau, uniformSteps, resampledSteps, presampledSamples } = this;
    return { tau, uniformSteps, resampledSteps, presampledSamples };
  }

  getState(): ResamplingSamplerState {
    return {
      kind: KIND,
      version: 1,
      options: { ...this.#options },
      random: this.#random.getState(),
      stream: this.#stream.getState(),
      tau: this.#growth,
      ...this.#counts,
      awaitsScores: this.#awaitsScores,
      pending: this.#pending && copyOf(this.#pending),
    };
  }

  /**
   * A sampler whose next draws are those that the saved one would have made.
   *
   * @throws TypeError on the state of something else or of another version; an error that names the field on a damaged
   *   one.
   */
  static fromState(state: ResamplingSamplerState): ResamplingSampler {
    requireState(state, KIND);
    const { options, tau, uniformSteps, resampledSteps, presampledSamples, resampledSamples } = state;
    const { awaitsScores, pending } = state;
    const counts = { uniformSteps, resampledSteps, presampledSamples, resampledSamples };
    const sampler = new ResamplingSampler(savedLength('state.stream.order', state.stream?.order), options);
    requireSavedOptions(options, sampler.#options);
    requireNumber('state.tau', tau, 0);
    for (const [name, count] of Object.entries(counts)) requireCount(`state.${name}`, count);
    requireBoolean('state.awaitsScores', awaitsScores);
    if (pending) sampler.#requirePresample(pending);
    sampler.#random = RandomGenerator.fromState(state.random);
    sampler.#stream = ShuffledStream.fromState(state.stream, sampler.#random);
    sampler.#growth = tau;
    sampler.#counts = counts;
    sampler.#awaitsScores = awaitsScores;
    sampler.#pending = pending && copyOf(pending);
    return sampler;
  }

  /** Throws unless this sampler could have given out the presample. */
  #requirePresample({ indices, batchSize }: Presample): void {
    requireInteger('state.pending.batchSize', batchSize, 1);
    if (this.#options.keep === 'batch-size') {
      requireLength('state.pending.indices', indices, this.#presampleSize(batchSize));
    }
    requireInteger('state.pending.indices.length', indices.length, 1, this.size);
    requireIntegers('state.pending.indices', indices, this.size);
  }

  /** Cost c of training on a sample, in forward passes. */
  get #trainingCost(): number {
    return 1 + this.#options.backwardForwardRatio;
  }

  #presampleSize(batchSize: number): number {
    const growth = Math.max(1, this.#growth);
    return Math.min(this.size, this.#allocation.presampleSize(batchSize, growth, this.#trainingCost));
  }

  /** Updates τ; gives the growth of these scores alone. */
  #learnGrowth(scores: ArrayLike<number>): number {
    const { smoothing, exact } = this.#options;
    const growth = equivalentBatchGrowth(scores, { exact });
    this.#growth = smoothing * this.#growth + (1 - smoothing) * growth;
    return growth;
  }
}

function copyOf({ indices, batchSize }: Presample): Presample {
  return { indices: indices.slice(), batchSize };
}
