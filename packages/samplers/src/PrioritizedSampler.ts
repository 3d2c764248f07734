import { assertObservation } from './assertObservation.js';
import {
  requireBoolean,
  requireCount,
  requireInteger,
  requireLength,
  requireNumber,
  requireOneOf,
  requirePositive,
  requireSavedOptions,
  requireState,
  savedLength,
} from './checks.js';
import { importanceWeights } from './importanceWeights.js';
import { normalizedWeights } from './normalizedWeights.js';
import type { PrioritizedSamplerOptions } from './PrioritizedSamplerOptions.js';
import { RandomGenerator, type RandomGeneratorState } from './RandomGenerator.js';
import { RankOrder } from './RankOrder.js';
import { requireLastScores } from './requireLastScores.js';
import type { Draw, Sampler, SamplerState } from './Sampler.js';
import { ShuffledStream, type ShuffledStreamState } from './ShuffledStream.js';
import { SumTree } from './SumTree.js';

type Settings = Required<Omit<PrioritizedSamplerOptions, 'seed'>>;

/** Saved state of a `PrioritizedSampler`. */
export interface PrioritizedSamplerState extends SamplerState {
  readonly kind: 'PrioritizedSampler';
  readonly options: Settings;
  readonly random: RandomGeneratorState;
  readonly stream: ShuffledStreamState;
  /** Last score of each sample, ∞ before its first. Shape [N]. */
  readonly scores: Float64Array;
  /** Mean and largest known score when the present epoch began. */
  readonly meanScore: number;
  readonly largestScore: number;
  /** Whether an epoch has ended since the last draw. */
  readonly scaleDue: boolean;
  /** Samples drawn so far. */
  readonly drawn: number;
}

/** What scores are measured by for an epoch. */
interface Scale {
  readonly mean: number;
  readonly largest: number;
}

const KIND = 'PrioritizedSampler';

/** If no score is above zero: all samples have the same priority. */
const NO_SCALE: Scale = { mean: 1, largest: 0 };

/** A mean below it is as good as zero; a score divided by it could be too large for a sum. */
const SMALLEST_MEAN = 1e-250;

/**
 * Draws samples by their priority, and is biased: weights correct for it with an exponent β that only rises to 1, and
 * are divided by the largest one in the batch.
 *
 * `P ∝ (q/q̄ + ε)^α`, q the last score of a sample and q̄ the mean of all at the end of the epoch before, so that the
 * unit of the scores does not matter; or, by rank, `P ∝ rank^(−α)`, rank 1 the largest q, ties by index. Ranks are exact
 * at every draw: each observation moves its sample in O(log N). Weights are `w = (1/(N P))^β / max w` ≤ 1. Some bias
 * stays when β has come to 1, since a batch with a rare sample is divided by more; `normalizeWeights: false` ends it.
 *
 * The first epoch is shuffled and visits every sample once with weight 1, which is what the paper's maximal priority
 * of new samples comes to. A sample without a score after it counts as one with the largest score. An epoch is N drawn
 * samples. If a sample occurs twice in a batch, its last score is remembered.
 *
 * @see arXiv 1511.05952, Eq. 1, §3.3, §3.4 and Algorithm 1.
 *
 * @example
 * ```ts
 * import { PrioritizedSampler } from '@gradis/samplers';
 *
 * const sampler = new PrioritizedSampler(4, { variant: 'rank', priorityExponent: 1 });
 * const { indices } = sampler.draw(4); // the first epoch
 * sampler.observe(indices, indices.map((index) => 10 * index));
 * console.log(Array.from(sampler.probabilities(), (p) => p.toFixed(2)).join(' ')); // → 0.12 0.16 0.24 0.48
 * ```
 */
export class PrioritizedSampler implements Sampler {
  readonly size: number;
  readonly #options: Settings;
  #random: RandomGenerator;
  #stream: ShuffledStream;
  /** Last score of each sample, ∞ before its first; by rank, the values of `#order`. */
  readonly #scores: Float64Array;
  /** The samples by their scores, in the rank variant only. */
  readonly #order?: RankOrder;
  /** Priorities to the power α: of each sample, or of each rank. */
  readonly #tree: SumTree;
  #scale = NO_SCALE;
  #scaleDue = false;
  #drawn = 0;

  /**
   * @param size Number of samples N, in [1, 2³¹ − 1].
   * @throws RangeError on a size or an option out of its range.
   */
  constructor(
    size: number,
    {
      variant = 'proportional',
      priorityExponent = variant === 'rank' ? 0.7 : 0.6,
      weightExponent = variant === 'rank' ? 0.5 : 0.4,
      epochs = 10,
      normalizeWeights = true,
      epsilon = 1e-3,
      drawing = 'stratified',
      seed = 0,
    }: PrioritizedSamplerOptions = {},
  ) {
    requireOneOf('variant', variant, ['proportional', 'rank']);
    requireNumber('priorityExponent', priorityExponent, 0, 1);
    requireNumber('weightExponent', weightExponent, 0, 1);
    requirePositive('epochs', epochs);
    requireBoolean('normalizeWeights', normalizeWeights);
    requirePositive('epsilon', epsilon);
    requireOneOf('drawing', drawing, ['stratified', 'with-replacement']);
    this.#options = { variant, priorityExponent, weightExponent, epochs, normalizeWeights, epsilon, drawing };
    this.#random = new RandomGenerator(seed);
    this.#stream = ShuffledStream.of(size, this.#random);
    this.size = size;
    this.#tree = new SumTree(size);
    if (variant === 'rank') this.#order = new RankOrder(size);
    this.#scores = this.#order?.values ?? new Float64Array(size).fill(Number.POSITIVE_INFINITY);
    this.#tree.fill(this.#priorities(NO_SCALE));
  }

  get options(): Settings {
    return { ...this.#options };
  }

  /** Number of completed epochs of N drawn samples: 0 during the first, shuffled one. */
  get epoch(): number {
    return Math.floor(this.#drawn / this.size);
  }

  /** Exponent β of the weights in the next draw, in [0, 1]. */
  get weightExponent(): number {
    const { weightExponent, epochs } = this.#options;
    return weightExponent + (1 - weightExponent) * Math.min(1, this.#drawn / this.size / epochs);
  }

  draw(batchSize: number): Draw {
    requireInteger('batchSize', batchSize, 1);
    const { epoch } = this;
    const draw = epoch === 0 ? this.#stream.draw(batchSize) : this.#drawPrioritized(batchSize);
    this.#drawn += draw.indices.length;
    if (this.epoch > epoch && !this.#order) this.#scaleDue = true;
    return draw;
  }

  observe(indices: ArrayLike<number>, scores: ArrayLike<number>): void {
    assertObservation(indices, scores, this.size);
    const order = this.#order;
    for (let k = 0; k < indices.length; k++) {
      if (order) {
        order.set(indices[k], scores[k]);
      } else {
        this.#scores[indices[k]] = scores[k];
        this.#tree.set(indices[k], this.#priorityOf(scores[k], this.#scale));
      }
    }
  }

  probabilities(): Float64Array {
    const { size } = this;
    if (this.epoch === 0) return new Float64Array(size).fill(1 / size);
    const tree = new SumTree(size);
    tree.fill(this.#priorities(this.#nextScale()));
    const byPlace = tree.values().map((priority) => priority / tree.total);
    if (!this.#order) return byPlace;
    const probabilities = new Float64Array(size);
    this.#order.items().forEach((index, rank) => {
      probabilities[index] = byPlace[rank];
    });
    return probabilities;
  }

  /** A copy of the last known scores; ∞ for a sample that has none yet. Shape [N]. */
  scores(): Float64Array {
    return this.#scores.slice();
  }

  diagnostics(): Record<string, number> {
    return { weightExponent: this.weightExponent };
  }

  getState(): PrioritizedSamplerState {
    return {
      kind: KIND,
      version: 1,
      options: { ...this.#options },
      random: this.#random.getState(),
      stream: this.#stream.getState(),
      scores: this.#scores.slice(),
      meanScore: this.#scale.mean,
      largestScore: this.#scale.largest,
      scaleDue: this.#scaleDue,
      drawn: this.#drawn,
    };
  }

  /**
   * A sampler whose next draws are those that the saved one would have made.
   *
   * @throws TypeError on the state of something else or of another version; an error that names the field on a damaged
   *   one.
   */
  static fromState(state: PrioritizedSamplerState): PrioritizedSampler {
    requireState(state, KIND);
    const { options, scores, meanScore, largestScore, scaleDue, drawn } = state;
    const size = savedLength('state.scores', scores);
    const sampler = new PrioritizedSampler(size, options);
    requireSavedOptions(options, sampler.#options);
    requireLength('state.stream.order', state.stream?.order, size);
    requireLastScores('state.scores', scores);
    requireNumber('state.meanScore', meanScore, SMALLEST_MEAN);
    requireNumber('state.largestScore', largestScore, 0);
    requireBoolean('state.scaleDue', scaleDue);
    requireCount('state.drawn', drawn);
    sampler.#random = RandomGenerator.fromState(state.random);
    sampler.#stream = ShuffledStream.fromState(state.stream, sampler.#random);
    if (sampler.#order) sampler.#order.fill(scores);
    else sampler.#scores.set(scores);
    sampler.#scale = { mean: meanScore, largest: largestScore };
    sampler.#tree.fill(sampler.#priorities(sampler.#scale));
    sampler.#scaleDue = scaleDue;
    sampler.#drawn = drawn;
    return sampler;
  }

  #drawPrioritized(batchSize: number): Draw {
    if (this.#scaleDue) {
      this.#scale = this.#nextScale();
      this.#scaleDue = false;
      this.#tree.fill(this.#priorities(this.#scale));
    }
    const order = this.#order;
    const tree = this.#tree;
    const random = this.#random;
    const { total } = tree;
    const { normalizeWeights, drawing } = this.#options;
    const stratified = drawing === 'stratified';
    const indices = new Int32Array(batchSize);
    const probabilities = new Float64Array(batchSize);
    for (let k = 0; k < batchSize; k++) {
      const position = stratified ? (k + random.uniform()) / batchSize : random.uniform();
      const place = tree.find(position * total);
      const probability = tree.get(place) / total;
      indices[k] = order ? order.at(place) : place;
      probabilities[k] = probability;
    }
    const weights = normalizeWeights
      ? normalizedWeights(probabilities, this.weightExponent)
      : importanceWeights(probabilities, this.size, this.weightExponent);
    return { indices, probabilities, weights };
  }

  /** Priorities to the power α: of each sample, or of each rank. */
  #priorities(scale: Scale): Float64Array {
    const { variant, priorityExponent } = this.#options;
    return variant === 'rank'
      ? this.#scores.map((_, rank) => (rank + 1) ** -priorityExponent)
      : this.#scores.map((score) => this.#priorityOf(score, scale));
  }

  #priorityOf(score: number, { mean, largest }: Scale): number {
    const { priorityExponent, epsilon } = this.#options;
    const known = score === Number.POSITIVE_INFINITY ? largest : score;
    return (known / mean + epsilon) ** priorityExponent;
  }

  /** The scale that the next draw will use. */
  #nextScale(): Scale {
    return this.#scaleDue ? scaleOf(this.#scores) : this.#scale;
  }
}

/** Mean and largest of the known scores. */
function scaleOf(scores: Float64Array): Scale {
  let sum = 0;
  let count = 0;
  let largest = 0;
  for (const score of scores) {
    if (score === Number.POSITIVE_INFINITY) continue;
    sum += score;
    count++;
    largest = Math.max(largest, score);
  }
  const mean = sum / count;
  return mean >= SMALLEST_MEAN ? { mean, largest } : NO_SCALE;
}
