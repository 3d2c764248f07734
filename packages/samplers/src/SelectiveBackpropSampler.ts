import { assertObservation } from './assertObservation.js';
import { assertScores } from './assertScores.js';
import type { CandidateSampler } from './CandidateSampler.js';
import { CandidateStream, type CandidateStreamState } from './CandidateStream.js';
import {
  requireArray,
  requireCount,
  requireInteger,
  requireIntegers,
  requireLength,
  requireNumber,
  requireSavedOptions,
  requireState,
  savedLength,
} from './checks.js';
import { LossHistory } from './LossHistory.js';
import type { Draw, SamplerState } from './Sampler.js';

/** Options of a `SelectiveBackpropSampler`. */
export interface SelectiveBackpropSamplerOptions {
  /** Selectivity β ≥ 0: about one candidate in β + 1 is kept; 0 keeps all. Default 3, as in the authors' code. */
  exponent?: number;
  /** Number H ≥ 1 of the last losses that a new one is ranked among. Default 1024, as in the authors' code. */
  historySize?: number;
  /** Seed of all random choices; any safe integer. Default 0. */
  seed?: number;
}

type Settings = Required<Omit<SelectiveBackpropSamplerOptions, 'seed'>>;

/** Samples that were kept and wait until a batch is full. */
interface Waiting {
  readonly indices: Int32Array;
  /** Probability of each in `Draw.probabilities`, as it was when the sample was kept. */
  readonly probabilities: Float64Array;
}

/** Saved state of a `SelectiveBackpropSampler`. */
export interface SelectiveBackpropSamplerState extends SamplerState, CandidateStreamState {
  readonly kind: 'SelectiveBackpropSampler';
  readonly options: Settings;
  /** The last losses, the oldest first. Shape [≤ H]. */
  readonly history: Float64Array;
  readonly waiting: Waiting;
  readonly keptSamples: number;
}

const KIND = 'SelectiveBackpropSampler';

/**
 * Biased: it minimises a loss in which hard samples count more. Looks at shuffled candidates and keeps each with
 * probability `CDF(loss)^β`, its rank among the last losses, until a batch is full ("Selective-Backprop").
 *
 * `presample` gives as many candidates as the batch has samples. `resample` takes their losses, adds them all to the
 * history, and only then ranks each of them in it: `CDF(ℓ)` is the share of the last H losses that are not above ℓ. So
 * there is no empty history, and of equal losses all have the highest rank: candidates that are all alike are all kept.
 * Kept samples wait until there are enough for a batch, in their order; the surplus waits for the next one. The
 * weights are 1. While the model stands still, at least one candidate in β + 1 is kept in the mean: a batch always ends.
 *
 * The authors' code has one epoch of uniform batches before it selects: `draw` gives them. It ranks by the share of
 * losses strictly below, in which equal losses would never be kept, and ends an epoch with a short batch, where here
 * the kept samples wait.
 *
 * `Draw.probabilities` are `CDF(ℓ)^β / (N·K)`, at most 1, with K the mean of `CDF^β` over the history: the chance that
 * the next kept sample is this one, if the losses of the data set are distributed as in the history.
 *
 * @see Jiang et al., arXiv 1910.00762, Algorithm 1; the code is angelajiang/SelectiveBackprop.
 *
 * @example
 * ```ts
 * import { SelectiveBackpropSampler } from '@gradis/samplers';
 *
 * const sampler = new SelectiveBackpropSampler(1000, { exponent: 3 });
 * const lossesOf = (candidates: Int32Array) => candidates.map((index) => index % 100); // your forward pass
 * let batch: ReturnType<typeof sampler.resample>;
 * while (!batch) {
 *   const candidates = sampler.presample(32);
 *   batch = candidates ? sampler.resample(lossesOf(candidates)) : sampler.draw(32);
 * }
 * console.log(batch.indices.length, (sampler.presampledSamples / sampler.keptSamples).toFixed(0)); // → 32 4
 * ```
 */
export class SelectiveBackpropSampler implements CandidateSampler {
  readonly size: number;
  readonly #options: Settings;
  #candidates: CandidateStream;
  readonly #history: LossHistory;
  #waiting: Waiting = { indices: new Int32Array(0), probabilities: new Float64Array(0) };
  #keptSamples = 0;

  /**
   * @param size Number of samples N, in [1, 2³¹ − 1].
   * @throws RangeError on a size or an option out of its range.
   */
  constructor(size: number, { exponent = 3, historySize = 1024, seed = 0 }: SelectiveBackpropSamplerOptions = {}) {
    this.#candidates = CandidateStream.of(size, seed);
    this.size = size;
    requireNumber('exponent', exponent, 0);
    requireInteger('historySize', historySize, 1);
    this.#options = { exponent, historySize };
    this.#history = new LossHistory(historySize);
  }

  get options(): Settings {
    return { ...this.#options };
  }

  /** Number of candidates given out: the forward passes that selection has cost. */
  get presampledSamples(): number {
    return this.#candidates.presampledSamples;
  }

  /** Number of candidates that were kept so far. */
  get keptSamples(): number {
    return this.#keptSamples;
  }

  /** Number of kept samples that wait for their batch. */
  get waitingSamples(): number {
    return this.#waiting.indices.length;
  }

  /**
   * The kept samples if they fill a batch, as they do where `presample` gives no candidates; otherwise a uniform batch
   * with weights 1, which may be shorter at the end of an epoch.
   */
  draw(batchSize: number): Draw {
    requireInteger('batchSize', batchSize, 1);
    return this.#fullBatch(batchSize) ?? this.#candidates.drawUniform(batchSize);
  }

  /**
   * The candidates for the next batch, or undefined if the kept samples fill it already: then use `draw`.
   *
   * Give their losses, from a forward pass in inference mode, to `resample`. A second call replaces the candidates.
   *
   * @returns Sample indices. Shape [B].
   */
  presample(batchSize: number): Int32Array | undefined {
    requireInteger('batchSize', batchSize, 1);
    return this.waitingSamples < batchSize ? this.#candidates.give(batchSize, batchSize) : undefined;
  }

  /**
   * Keeps some of the candidates, and gives the batch, or undefined until it is full: then call `presample` again.
   *
   * @param losses Losses of the candidates, in their order, finite and ≥ 0. Shape [B].
   * @throws Error without candidates; RangeError on a wrong length, NaN, ∞ or a negative loss. The candidates stay.
   */
  resample(losses: ArrayLike<number>): Draw | undefined {
    const { indices, batchSize } = this.#candidates.take(losses);
    for (let k = 0; k < losses.length; k++) this.#history.push(losses[k]);
    this.#keep(indices, losses);
    return this.#fullBatch(batchSize);
  }

  /** Checks its arguments and learns nothing: the sampler learns from the losses of its candidates. */
  observe(indices: ArrayLike<number>, scores: ArrayLike<number>): void {
    assertObservation(indices, scores, this.size);
  }

  /** 1/N for every sample: what is kept is known only once the candidates have their losses. */
  probabilities(): Float64Array {
    return new Float64Array(this.size).fill(1 / this.size);
  }

  diagnostics(): Record<string, number> {
    const { presampledSamples, keptSamples, waitingSamples } = this;
    return { presampledSamples, keptSamples, waitingSamples };
  }

  getState(): SelectiveBackpropSamplerState {
    return {
      kind: KIND,
      version: 1,
      options: { ...this.#options },
      ...this.#candidates.getState(),
      history: this.#history.toArray(),
      waiting: copyOf(this.#waiting),
      keptSamples: this.#keptSamples,
    };
  }

  /**
   * A sampler whose next draws are those that the saved one would have made.
   *
   * @throws TypeError on the state of something else or of another version; an error that names the field on a damaged
   *   one.
   */
  static fromState(state: SelectiveBackpropSamplerState): SelectiveBackpropSampler {
    requireState(state, KIND);
    const { options, history, waiting, keptSamples } = state;
    const sampler = new SelectiveBackpropSampler(savedLength('state.stream.order', state.stream?.order), options);
    requireSavedOptions(options, sampler.#options);
    requireHistory(history, options.historySize);
    requireArray('state.waiting.indices', waiting?.indices);
    requireIntegers('state.waiting.indices', waiting.indices, sampler.size);
    requireLength('state.waiting.probabilities', waiting.probabilities, waiting.indices.length);
    waiting.probabilities.forEach((probability, k) => {
      requireNumber(`state.waiting.probabilities[${k}]`, probability, Number.MIN_VALUE, 1);
    });
    requireCount('state.keptSamples', keptSamples);
    sampler.#candidates = CandidateStream.fromState(state, (batchSize) => batchSize);
    for (const loss of history) sampler.#history.push(loss);
    sampler.#waiting = copyOf(waiting);
    sampler.#keptSamples = keptSamples;
    return sampler;
  }

  /** Adds the candidates that are kept to those that wait. */
  #keep(candidates: Int32Array, losses: ArrayLike<number>): void {
    const { exponent } = this.#options;
    const history = this.#history;
    const { random } = this.#candidates;
    const scale = 1 / (this.size * history.meanPower(exponent));
    const waiting = this.#waiting;
    const before = waiting.indices.length;
    const indices = new Int32Array(before + candidates.length);
    const probabilities = new Float64Array(indices.length);
    indices.set(waiting.indices);
    probabilities.set(waiting.probabilities);
    let count = before;
    for (let k = 0; k < candidates.length; k++) {
      const chance = history.cdf(losses[k]) ** exponent;
      if (random.uniform() >= chance) continue;
      indices[count] = candidates[k];
      probabilities[count++] = Math.min(1, chance * scale);
    }
    this.#waiting = { indices: indices.slice(0, count), probabilities: probabilities.slice(0, count) };
    this.#keptSamples += count - before;
  }

  /** Takes the first kept samples if they fill a batch. */
  #fullBatch(batchSize: number): Draw | undefined {
    const { indices, probabilities } = this.#waiting;
    if (indices.length < batchSize) return undefined;
    this.#waiting = { indices: indices.slice(batchSize), probabilities: probabilities.slice(batchSize) };
    return {
      indices: indices.slice(0, batchSize),
      probabilities: probabilities.slice(0, batchSize),
      weights: new Float32Array(batchSize).fill(1),
    };
  }
}

function copyOf({ indices, probabilities }: Waiting): Waiting {
  return { indices: indices.slice(), probabilities: probabilities.slice() };
}

function requireHistory(history: Float64Array, size: number): void {
  const length = savedLength('state.history', history);
  if (length > size) throw new RangeError(`state.history has ${length} elements; it must have at most ${size}.`);
  if (length > 0) assertScores(history, undefined, 'state.history');
}
