import { assertObservation } from './assertObservation.js';
import { assertScores } from './assertScores.js';
import {
  requireCount,
  requireInteger,
  requireLength,
  requireNumber,
  requirePositive,
  requireSavedOptions,
  requireState,
  savedLength,
} from './checks.js';
import { RandomGenerator, type RandomGeneratorState } from './RandomGenerator.js';
import { RankOrder } from './RankOrder.js';
import { requireLastScores } from './requireLastScores.js';
import type { Draw, Sampler, SamplerState } from './Sampler.js';
import { ShuffledStream, type ShuffledStreamState } from './ShuffledStream.js';

/** Options of an `OnlineBatchSampler`. */
export interface OnlineBatchSamplerOptions {
  /**
   * Selection pressure s₀ ≥ 1 at the start: how many times more often the sample with the largest loss is drawn than the
   * one with the smallest. The authors try 10² and 10⁸. Default 100.
   */
  pressure?: number;
  /** Selection pressure s_end ≥ 1 at the end. The authors try s₀ and 1.01. Default: as at the start. */
  finalPressure?: number;
  /** Length E of the training in epochs, > 0, in which the pressure goes from s₀ to s_end. Default 10. */
  epochs?: number;
  /** Epochs after which all losses should be computed anew, > 0, or 0 for never. The authors try 2 and 0. Default 2. */
  recomputeEvery?: number;
  /** Seed of all random choices; any safe integer. Default 0. */
  seed?: number;
}

type Settings = Required<Omit<OnlineBatchSamplerOptions, 'seed'>>;

/** Saved state of an `OnlineBatchSampler`. */
export interface OnlineBatchSamplerState extends SamplerState {
  readonly kind: 'OnlineBatchSampler';
  readonly options: Settings;
  readonly random: RandomGeneratorState;
  readonly stream: ShuffledStreamState;
  /** Last loss of each sample, ∞ before its first. Shape [N]. */
  readonly losses: Float64Array;
  /** Samples drawn so far. */
  readonly drawn: number;
  /** Samples drawn since `recompute`, or since the start. */
  readonly drawnSinceRecompute: number;
}

const KIND = 'OnlineBatchSampler';

/**
 * Draws samples by the rank of their last known loss, and is biased: weights are 1, it minimises the p-weighted loss.
 *
 * `p ∝ exp(−ln(s_e) r/N)`, r = 0 for the largest loss, ties by index, with the selection pressure
 * `s_e = s₀ (s_end/s₀)^(e/E)` in epoch e. Draws are independent. Ranks are exact at every draw: each observation moves
 * its sample in O(log N), where the authors sort anew after every 100 samples.
 *
 * The first epoch is shuffled and visits every sample once. A sample without a loss after it comes first, as if its
 * loss were infinite. An epoch is N drawn samples. If a sample occurs twice in a batch, its last loss is remembered.
 *
 * Losses of samples that are seldom drawn grow old. When `recomputeDue` is true, give `recompute` the losses of all
 * samples from a forward pass; without it the last known ones stay in use.
 *
 * @see arXiv 1511.06343, Algorithm 1.
 *
 * @example
 * ```ts
 * import { OnlineBatchSampler } from '@gradis/samplers';
 *
 * const sampler = new OnlineBatchSampler(3, { pressure: 8, recomputeEvery: 1 });
 * const { indices } = sampler.draw(3); // the first epoch
 * sampler.observe(indices, indices); // the losses are 0, 1 and 2
 * const p = sampler.probabilities();
 * console.log((p[2] / p[1]).toFixed(3), (p[1] / p[0]).toFixed(3)); // → 2.000 2.000
 * console.log(sampler.recomputeDue); // → true
 * ```
 */
export class OnlineBatchSampler implements Sampler {
  readonly size: number;
  readonly #options: Settings;
  #random: RandomGenerator;
  #stream: ShuffledStream;
  readonly #order: RankOrder;
  #drawn = 0;
  #drawnSinceRecompute = 0;

  /**
   * @param size Number of samples N, in [1, 2³¹ − 1].
   * @throws RangeError on a size or an option out of its range.
   */
  constructor(
    size: number,
    {
      pressure = 100,
      finalPressure = pressure,
      epochs = 10,
      recomputeEvery = 2,
      seed = 0,
    }: OnlineBatchSamplerOptions = {},
  ) {
    requireNumber('pressure', pressure, 1);
    requireNumber('finalPressure', finalPressure, 1);
    requirePositive('epochs', epochs);
    requireNumber('recomputeEvery', recomputeEvery, 0);
    this.#options = { pressure, finalPressure, epochs, recomputeEvery };
    this.#random = new RandomGenerator(seed);
    this.#stream = ShuffledStream.of(size, this.#random);
    this.size = size;
    this.#order = new RankOrder(size);
  }

  get options(): Settings {
    return { ...this.#options };
  }

  /** Number of completed epochs of N drawn samples: 0 during the first, shuffled one. */
  get epoch(): number {
    return Math.floor(this.#drawn / this.size);
  }

  /** Selection pressure s_e in force, ≥ 1; 1 is uniform. */
  get pressure(): number {
    const { pressure, finalPressure, epochs } = this.#options;
    return pressure * (finalPressure / pressure) ** Math.min(1, this.epoch / epochs);
  }

  /** Whether `recomputeEvery` epochs have passed since all losses were computed: time to call `recompute`. */
  get recomputeDue(): boolean {
    const { recomputeEvery } = this.#options;
    return recomputeEvery > 0 && this.#drawnSinceRecompute >= recomputeEvery * this.size;
  }

  draw(batchSize: number): Draw {
    requireInteger('batchSize', batchSize, 1);
    const draw = this.epoch === 0 ? this.#stream.draw(batchSize) : this.#drawRanks(batchSize);
    this.#drawn += draw.indices.length;
    this.#drawnSinceRecompute += draw.indices.length;
    return draw;
  }

  /** Learns the losses of samples after a training step. */
  observe(indices: ArrayLike<number>, scores: ArrayLike<number>): void {
    assertObservation(indices, scores, this.size);
    for (let k = 0; k < indices.length; k++) this.#order.set(indices[k], scores[k]);
  }

  /**
   * Learns the present losses of all samples, from a forward pass over the data set. O(N log N).
   *
   * @param losses Loss of each sample, finite and ≥ 0. Shape [N].
   * @throws RangeError on NaN, ∞ or a negative loss, or a wrong length; the state stays as it was.
   */
  recompute(losses: ArrayLike<number>): void {
    requireLength('losses', losses, this.size);
    assertScores(losses, undefined, 'losses');
    this.#order.fill(losses);
    this.#drawnSinceRecompute = 0;
  }

  probabilities(): Float64Array {
    const { size } = this;
    const probabilities = new Float64Array(size);
    if (this.epoch === 0) return probabilities.fill(1 / size);
    const logPressure = Math.log(this.pressure);
    this.#order.items().forEach((index, rank) => {
      probabilities[index] = rankProbability(rank, size, logPressure);
    });
    return probabilities;
  }

  diagnostics(): Record<string, number> {
    return { pressure: this.pressure };
  }

  getState(): OnlineBatchSamplerState {
    return {
      kind: KIND,
      version: 1,
      options: { ...this.#options },
      random: this.#random.getState(),
      stream: this.#stream.getState(),
      losses: this.#order.values.slice(),
      drawn: this.#drawn,
      drawnSinceRecompute: this.#drawnSinceRecompute,
    };
  }

  /**
   * A sampler whose next draws are those that the saved one would have made.
   *
   * @throws TypeError on the state of something else or of another version; an error that names the field on a damaged
   *   one.
   */
  static fromState(state: OnlineBatchSamplerState): OnlineBatchSampler {
    requireState(state, KIND);
    const { options, losses, drawn, drawnSinceRecompute } = state;
    const size = savedLength('state.losses', losses);
    const sampler = new OnlineBatchSampler(size, options);
    requireSavedOptions(options, sampler.#options);
    requireLength('state.stream.order', state.stream?.order, size);
    requireLastScores('state.losses', losses);
    requireCount('state.drawn', drawn);
    requireCount('state.drawnSinceRecompute', drawnSinceRecompute);
    sampler.#random = RandomGenerator.fromState(state.random);
    sampler.#stream = ShuffledStream.fromState(state.stream, sampler.#random);
    sampler.#order.fill(losses);
    sampler.#drawn = drawn;
    sampler.#drawnSinceRecompute = drawnSinceRecompute;
    return sampler;
  }

  #drawRanks(batchSize: number): Draw {
    const { size } = this;
    const order = this.#order;
    const random = this.#random;
    const logPressure = Math.log(this.pressure);
    const indices = new Int32Array(batchSize);
    const probabilities = new Float64Array(batchSize);
    for (let k = 0; k < batchSize; k++) {
      const rank = rankAt(random.uniform(), size, logPressure);
      indices[k] = order.at(rank);
      probabilities[k] = rankProbability(rank, size, logPressure);
    }
    return { indices, probabilities, weights: new Float32Array(batchSize).fill(1) };
  }
}

/** The rank at a position in [0, 1) of the running sum `(1 − s^(−(r + 1)/N)) / (1 − 1/s)` of the probabilities. */
function rankAt(position: number, size: number, logPressure: number): number {
  const share = logPressure === 0 ? position : -Math.log1p(position * Math.expm1(-logPressure)) / logPressure;
  return Math.min(size - 1, Math.floor(share * size));
}

/** Probability of a rank, `s^(−r/N) (1 − s^(−1/N)) / (1 − 1/s)`. */
function rankProbability(rank: number, size: number, logPressure: number): number {
  if (logPressure === 0) return 1 / size;
  return (Math.exp((-logPressure * rank) / size) * Math.expm1(-logPressure / size)) / Math.expm1(-logPressure);
}
