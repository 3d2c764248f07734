import { assertObservation } from './assertObservation.js';
import { CalibrationTable, type CalibrationTableState } from './CalibrationTable.js';
import { requireInteger, requireLength, requireNumber, requireOneOf, requireState } from './checks.js';
import { RandomGenerator, type RandomGeneratorState } from './RandomGenerator.js';
import { MAX_STAMP, SampleBuckets, type SampleBucketsState } from './SampleBuckets.js';
import type { Draw, Sampler, SamplerState } from './Sampler.js';
import { AGE_BINS, ageBin, SCORE_BINS, ScoreBins, TICKS_PER_EPOCH } from './scoreBins.js';
import { uniformDraw } from './uniformDraw.js';

/** Options of `CalibratedSampler`; the defaults need no tuning. */
export interface CalibratedSamplerOptions {
  /**
   * Exponent β in [0, 1] of the weights `(1/(N p))^β`. 1 is importance sampling, unbiased; 0 is adaptive sampling,
   * weights 1, biased towards samples with large scores. Default 1.
   */
  weightExponent?: number;
  /** Share λ in [0, 1] of uniform draws in p; importance weights are at most 1/λ. Default 0.2. */
  uniformMix?: number;
  /** 'systematic' (default): B equal steps through p, fewer duplicates. 'with-replacement': independent draws. */
  drawing?: 'systematic' | 'with-replacement';
  /** Any safe integer. Default 0. */
  seed?: number;
}

type Settings = Required<Omit<CalibratedSamplerOptions, 'seed'>>;

/** Saved state of a `CalibratedSampler`. */
export interface CalibratedSamplerState extends SamplerState {
  readonly kind: 'CalibratedSampler';
  readonly options: Settings;
  readonly random: RandomGeneratorState;
  readonly buckets: SampleBucketsState;
  readonly table: CalibrationTableState;
  readonly values: Float64Array;
  readonly topScore: number;
  readonly drawn: number;
  readonly observations: number;
  readonly hand: number;
}

const KIND = 'CalibratedSampler';

/** Row 0 of the table is for samples without a score: those not drawn yet, and those drawn and not observed yet. */
const UNSEEN = 0;
const PENDING = 1;

/** Observations between two looks at the table. */
const REFRESH = 8;

/** Samples looked at for ageing with each sample drawn: once through the data set in an eighth of an epoch. */
const AGEING_PACE = 8;

/**
 * Draws samples in proportion to the root of the squared score expected of them now, given the last score that was
 * seen and how long ago: `p ∝ (1 − λ) √E[g² | last score, age] + λ`, learned online from every revisit.
 *
 * A remembered score goes stale: a sample that was easy long ago may be hard by now, and with a probability made
 * for its old score it gets a huge weight. Here each revisit of a sample gives a triple (old score, age, new score);
 * running means over bins of the first two tell what an old score is worth. Weights are 1/(N p), so that the estimate is
 * unbiased whatever the table says.
 *
 * All samples of a bin have the same probability, so they are kept in buckets: a draw picks a bucket and then a member,
 * and costs the same for 10⁴ and 10⁸ samples. Takes 12 bytes a sample. The first epoch visits every sample once.
 *
 * @example
 * ```ts
 * import { CalibratedSampler } from '@gradis/samplers';
 *
 * const sampler = new CalibratedSampler(1000, { seed: 1 });
 * for (let step = 0; step < 500; step++) {
 *   const { indices } = sampler.draw(50);
 *   sampler.observe(indices, indices.map((index) => (index < 100 ? 10 : 1))); // one in ten is hard
 * }
 * const p = sampler.probabilities();
 * console.log((p[0] / p[999]).toFixed(1)); // → 7.1
 * ```
 */
export class CalibratedSampler implements Sampler {
  readonly size: number;
  readonly #options: Settings;
  #random: RandomGenerator;
  #buckets: SampleBuckets;
  #table: CalibrationTable;
  readonly #bins = new ScoreBins();
  /** Expected score of each bucket's members, up to a common factor. */
  readonly #values: Float64Array;
  /** Scratch of a draw: probability of one member of each bucket, and their running sum over all members. */
  readonly #memberProbability: Float64Array;
  readonly #cumulative: Float64Array;
  #drawn = 0;
  #observations = 0;
  #hand = 0;

  /** @param size Number of samples N, in [1, 2³¹ − 1]. */
  constructor(
    size: number,
    { weightExponent = 1, uniformMix = 0.2, drawing = 'systematic', seed = 0 }: CalibratedSamplerOptions = {},
  ) {
    requireNumber('weightExponent', weightExponent, 0, 1);
    requireNumber('uniformMix', uniformMix, 0, 1);
    requireOneOf('drawing', drawing, ['systematic', 'with-replacement']);
    this.#options = { weightExponent, uniformMix, drawing };
    this.#random = new RandomGenerator(seed);
    this.#table = new CalibrationTable(1 + SCORE_BINS, AGE_BINS);
    this.#buckets = new SampleBuckets(size, this.#table.cells);
    this.size = size;
    this.#values = new Float64Array(this.#table.cells);
    this.#memberProbability = new Float64Array(this.#table.cells);
    this.#cumulative = new Float64Array(this.#table.cells);
  }

  draw(batchSize: number): Draw {
    requireInteger('batchSize', batchSize, 1);
    const unseen = this.#buckets.count(UNSEEN);
    const draw = unseen > 0 ? this.#drawUnseen(Math.min(batchSize, unseen)) : this.#drawBuckets(batchSize);
    this.#drawn += draw.indices.length;
    this.#ageSamples(AGEING_PACE * draw.indices.length);
    return draw;
  }

  /** Learns from the scores; of a sample that occurs twice, both count in the table and the last one is remembered. */
  observe(indices: ArrayLike<number>, scores: ArrayLike<number>): void {
    assertObservation(indices, scores, this.size);
    const buckets = this.#buckets;
    const table = this.#table;
    table.forget();
    for (let k = 0; k < indices.length; k++) {
      const bucket = buckets.bucketOf(indices[k]);
      if (bucket >= AGE_BINS) table.add(bucket, scores[k] * scores[k]);
    }
    const now = this.#now();
    for (let k = 0; k < indices.length; k++) {
      buckets.move(indices[k], AGE_BINS * (1 + this.#bins.binOf(scores[k])), now);
    }
    if (this.#observations++ % REFRESH === 0) this.#refreshValues();
  }

  probabilities(): Float64Array {
    if (this.#buckets.count(UNSEEN) > 0) return new Float64Array(this.size).fill(1 / this.size);
    this.#weighBuckets();
    return Float64Array.from({ length: this.size }, (_, i) => this.#memberProbability[this.#buckets.bucketOf(i)]);
  }

  getState(): CalibratedSamplerState {
    return {
      kind: KIND,
      version: 1,
      options: { ...this.#options },
      random: this.#random.getState(),
      buckets: this.#buckets.getState(),
      table: this.#table.getState(),
      values: this.#values.slice(),
      topScore: this.#bins.top,
      drawn: this.#drawn,
      observations: this.#observations,
      hand: this.#hand,
    };
  }

  /** A sampler whose next draws are those that the saved one would have made. */
  static fromState(state: CalibratedSamplerState): CalibratedSampler {
    requireState(state, KIND);
    const sampler = new CalibratedSampler(state.buckets.members.length, state.options);
    requireLength('state.values', state.values, sampler.#values.length);
    sampler.#random = RandomGenerator.fromState(state.random);
    sampler.#buckets = SampleBuckets.fromState(state.buckets);
    sampler.#table = CalibrationTable.fromState(state.table);
    sampler.#values.set(state.values);
    sampler.#bins.top = state.topScore;
    sampler.#drawn = state.drawn;
    sampler.#observations = state.observations;
    sampler.#hand = state.hand;
    return sampler;
  }

  /** The first epoch: without replacement from the samples that were never drawn. */
  #drawUnseen(length: number): Draw {
    const indices = new Int32Array(length);
    for (let k = 0; k < length; k++) {
      indices[k] = this.#buckets.member(UNSEEN, this.#random.integer(this.#buckets.count(UNSEEN)));
      this.#buckets.move(indices[k], PENDING, this.#now());
    }
    return uniformDraw(indices, this.size);
  }

  #drawBuckets(batchSize: number): Draw {
    const { weightExponent, drawing } = this.#options;
    const random = this.#random;
    const buckets = this.#buckets;
    const cumulative = this.#cumulative;
    const total = this.#weighBuckets();
    const systematic = drawing === 'systematic';
    const offset = systematic ? random.uniform() : 0;
    const indices = new Int32Array(batchSize);
    const probabilities = new Float64Array(batchSize);
    const weights = new Float32Array(batchSize);
    let bucket = 0;
    for (let k = 0; k < batchSize; k++) {
      const position = total * (systematic ? (k + offset) / batchSize : random.uniform());
      if (!systematic) bucket = firstAbove(cumulative, position);
      else while (cumulative[bucket] <= position) bucket++;
      const probability = this.#memberProbability[bucket];
      const count = buckets.count(bucket);
      const start = cumulative[bucket] - count * probability;
      const place = Math.floor((position - start) / probability);
      indices[k] = buckets.member(bucket, Math.min(count - 1, Math.max(0, place)));
      probabilities[k] = probability;
      const weight = 1 / (this.size * probability);
      weights[k] = weightExponent === 1 ? weight : weight ** weightExponent;
    }
    return { indices, probabilities, weights };
  }

  /** Probability of a member of each bucket, and their running sum over all members, which ends near 1. */
  #weighBuckets(): number {
    const { uniformMix } = this.#options;
    const buckets = this.#buckets;
    const values = this.#values;
    let sum = 0;
    for (let bucket = 0; bucket < values.length; bucket++) sum += buckets.count(bucket) * values[bucket];
    const slope = sum > 0 ? (1 - uniformMix) / sum : 0;
    const floor = (sum > 0 ? uniformMix : 1) / this.size;
    let total = 0;
    for (let bucket = 0; bucket < values.length; bucket++) {
      const probability = slope * values[bucket] + floor;
      this.#memberProbability[bucket] = probability;
      total += buckets.count(bucket) * probability;
      this.#cumulative[bucket] = total;
    }
    return total;
  }

  /** Reads the table. What nothing is known of yet is taken for what was seen last: the middle of the score's bin. */
  #refreshValues(): void {
    const values = this.#values;
    const priors = Float64Array.from({ length: 1 + SCORE_BINS }, (_, row) =>
      row === 0 ? 0 : this.#bins.middle(row - 1) ** 2,
    );
    this.#table.meansInto(priors, values);
    for (let bucket = AGE_BINS; bucket < values.length; bucket++) values[bucket] = Math.sqrt(values[bucket]);
    values.fill(this.#meanValue(), 0, AGE_BINS);
  }

  /** Mean value of the samples that have a score; those without are expected to be like them. */
  #meanValue(): number {
    let sum = 0;
    let count = 0;
    for (let bucket = AGE_BINS; bucket < this.#values.length; bucket++) {
      sum += this.#buckets.count(bucket) * this.#values[bucket];
      count += this.#buckets.count(bucket);
    }
    return count > 0 ? sum / count : 0;
  }

  /** Looks at the next samples in turn and moves those that have outgrown their age bin. */
  #ageSamples(count: number): void {
    const buckets = this.#buckets;
    const now = this.#now();
    for (let left = Math.min(count, this.size); left > 0; left--) {
      const index = this.#hand;
      this.#hand = index + 1 === this.size ? 0 : index + 1;
      const bucket = buckets.bucketOf(index);
      if (bucket < AGE_BINS) continue;
      const stamp = buckets.stampOf(index);
      const aged = bucket - (bucket % AGE_BINS) + ageBin((now - stamp) & MAX_STAMP);
      if (aged !== bucket) buckets.move(index, aged, stamp);
    }
  }

  /** Time in ticks of a 64th of an epoch. It wraps around, and so do its differences. */
  #now(): number {
    return Math.floor((this.#drawn / this.size) * TICKS_PER_EPOCH) & MAX_STAMP;
  }
}

/** First position whose value lies above `x` in an array that never falls; the last one if none does. */
function firstAbove(values: Float64Array, x: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] > x) high = middle;
    else low = middle + 1;
  }
  return low;
}
