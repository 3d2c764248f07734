import { assertObservation } from './assertObservation.js';
import { BucketMixture } from './BucketMixture.js';
import type { CalibratedSamplerOptions } from './CalibratedSamplerOptions.js';
import { CalibrationTable, type CalibrationTableState } from './CalibrationTable.js';
import { CALIBRATION } from './calibration.js';
import {
  requireBoolean,
  requireCount,
  requireFraction,
  requireInteger,
  requireLength,
  requireNumber,
  requireNumbers,
  requireOneOf,
  requireSavedOptions,
  requireState,
  savedLength,
} from './checks.js';
import { importanceWeights } from './importanceWeights.js';
import type { MixtureSampler } from './MixtureSampler.js';
import { RandomGenerator, type RandomGeneratorState } from './RandomGenerator.js';
import { MAX_MEMBERS, MAX_STAMP, SampleBuckets, type SampleBucketsState } from './SampleBuckets.js';
import type { Draw, SamplerState } from './Sampler.js';
import { ScoreUnit, type ScoreUnitState } from './ScoreUnit.js';
import { ageBin, middleOfBin, scoreBin } from './scoreBins.js';
import { uniformDraw } from './uniformDraw.js';

type Settings = Required<Omit<CalibratedSamplerOptions, 'seed'>>;

/** Saved state of a `CalibratedSampler`. */
export interface CalibratedSamplerState extends SamplerState {
  readonly kind: 'CalibratedSampler';
  readonly options: Settings;
  readonly random: RandomGeneratorState;
  readonly buckets: SampleBucketsState;
  readonly table: CalibrationTableState;
  readonly unit: ScoreUnitState;
  readonly values: Float64Array;
  readonly observedSamples: number;
  readonly observations: number;
  readonly hand: number;
  /** Whether the next draw is of the samples never drawn. */
  readonly isFirstEpoch: boolean;
}

const KIND = 'CalibratedSampler';

const { scoreBins, ageBins, ticksPerEpoch, refreshInterval, ageingPace, unitMix } = CALIBRATION;

/** Row 0 of the table is for samples without a score: those not drawn yet, and those drawn and not observed yet. */
const UNSEEN = 0;
const PENDING = 1;

/** Squared score, in units, that each row stands for before anything is known: the middle of its bin. */
const PRIORS = Float64Array.from({ length: 1 + scoreBins }, (_, row) => (row === 0 ? 0 : middleOfBin(row - 1) ** 2));

/**
 * Draws samples in proportion to the root of the squared score expected of them now, given what they scored so far and
 * how long ago: `p = (1 − λ) v/Σv + λ/N`, `v = √E[g² | level, age]`, learned online from every revisit.
 *
 * A remembered score goes stale: a sample that was easy long ago may be hard by now, and with a probability made
 * for its old score it gets a huge weight. Here each revisit of a sample gives a triple (old level, age, new score);
 * running means over bins of the first two tell what an old level is worth. The level is the root mean square of a
 * sample's scores over its last few visits: one that was hard once is forgotten more easily than one that never was, and
 * the last score alone does not tell the two apart. Scores are measured in multiples of the mean score at the time, so
 * that old levels and the table stay right while all scores fall or grow together. Weights are 1/(N p), so that the
 * estimate is unbiased whatever the table says.
 *
 * v is read from the table after every eighth observation, and the age of a sample is looked at every half epoch. With
 * λ = 0 samples that only ever scored zero are not drawn, unless one of them was observed to score again.
 *
 * All samples of a bin have the same probability, so they are kept in buckets: a draw picks a bucket and then a member,
 * and costs the same for 10⁴ and 10⁸ samples. Takes 16 bytes a sample, and 1.3 MB. The first epoch visits every sample
 * once; it is over early if samples are observed that were not drawn, and then those without a score are expected to be
 * like the others. An epoch is N observed samples.
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
export class CalibratedSampler implements MixtureSampler {
  readonly size: number;
  #options: Settings;
  #random: RandomGenerator;
  #buckets: SampleBuckets;
  #table: CalibrationTable;
  #unit: ScoreUnit;
  /** Expected score of each bucket's members, up to a common factor. */
  readonly #values: Float64Array;
  /** Scratch of a draw. */
  readonly #mixture: BucketMixture;
  #observedSamples = 0;
  #observations = 0;
  #hand = 0;
  #isFirstEpoch = true;

  /**
   * @param size Number of samples N, in [1, 2³⁰].
   * @throws RangeError on a size or an option out of its range.
   */
  constructor(
    size: number,
    {
      weightExponent = 1,
      uniformMix = 0.2,
      momentum = 0.8,
      drawing = 'systematic',
      seed = 0,
    }: CalibratedSamplerOptions = {},
  ) {
    requireInteger('size', size, 1, MAX_MEMBERS);
    requireNumber('weightExponent', weightExponent, 0, 1);
    requireNumber('uniformMix', uniformMix, 0, 1);
    requireFraction('momentum', momentum);
    requireOneOf('drawing', drawing, ['systematic', 'with-replacement']);
    this.#options = { weightExponent, uniformMix, momentum, drawing };
    this.#random = new RandomGenerator(seed);
    this.#table = new CalibrationTable(1 + scoreBins, ageBins);
    this.#unit = new ScoreUnit(size);
    this.#buckets = new SampleBuckets(size, this.#table.cells);
    this.size = size;
    this.#values = new Float64Array(this.#table.cells);
    this.#mixture = new BucketMixture(this.#table.cells);
  }

  get options(): Settings {
    return { ...this.#options };
  }

  get uniformMix(): number {
    return this.#options.uniformMix;
  }

  set uniformMix(uniformMix: number) {
    requireNumber('uniformMix', uniformMix, 0, 1);
    this.#options = { ...this.#options, uniformMix };
  }

  draw(batchSize: number): Draw {
    requireInteger('batchSize', batchSize, 1);
    return this.#isFirstEpoch ? this.#drawUnseen(batchSize) : this.#drawBuckets(batchSize);
  }

  /** Learns from the scores; of a sample that occurs twice, one after the other. Samples may be such as another one drew. */
  observe(indices: ArrayLike<number>, scores: ArrayLike<number>): void {
    assertObservation(indices, scores, this.size);
    const buckets = this.#buckets;
    const table = this.#table;
    const { momentum } = this.#options;
    const unit = this.#learnUnit(indices, scores);
    table.forget();
    for (let k = 0; k < indices.length; k++) {
      const bucket = buckets.bucketOf(indices[k]);
      if (bucket >= ageBins) table.add(bucket, (scores[k] / unit) ** 2);
      else if (bucket === UNSEEN) this.#isFirstEpoch = false;
    }
    this.#observedSamples += indices.length;
    const now = this.#now();
    for (let k = 0; k < indices.length; k++) {
      const index = indices[k];
      const score = scores[k] / unit;
      const isFirst = buckets.bucketOf(index) < ageBins;
      const level = isFirst
        ? score
        : Math.sqrt(momentum * buckets.levelOf(index) ** 2 + (1 - momentum) * score * score);
      buckets.setLevel(index, level);
      buckets.move(index, ageBins * (1 + scoreBin(level)), now);
    }
    this.#ageSamples(ageingPace * indices.length);
    if (this.#observations++ % refreshInterval === 0) this.#refreshValues();
  }

  probabilities(): Float64Array {
    if (this.#isFirstEpoch) return new Float64Array(this.size).fill(1 / this.size);
    this.#mixture.weigh(this.#buckets, this.#values, this.uniformMix);
    return Float64Array.from({ length: this.size }, (_, index) => this.#probabilityOf(index));
  }

  unmixedProbabilities(indices: ArrayLike<number>): Float64Array {
    const probabilities = new Float64Array(indices.length);
    if (this.#isFirstEpoch) return probabilities.fill(1 / this.size);
    this.#mixture.weigh(this.#buckets, this.#values, 0);
    for (let k = 0; k < indices.length; k++) probabilities[k] = this.#probabilityOf(indices[k]);
    return probabilities;
  }

  /** Second moment that the expected scores promise, relative to uniform sampling: (Σv)²/(N Σv²) in (0, 1]. */
  diagnostics(): Record<string, number> {
    let [sum, squares] = [0, 0];
    for (let bucket = 0; bucket < this.#values.length; bucket++) {
      sum += this.#buckets.count(bucket) * this.#values[bucket];
      squares += this.#buckets.count(bucket) * this.#values[bucket] ** 2;
    }
    return { expectedRatio: squares > 0 ? sum ** 2 / (this.size * squares) : 1 };
  }

  getState(): CalibratedSamplerState {
    return {
      kind: KIND,
      version: 1,
      options: { ...this.#options },
      random: this.#random.getState(),
      buckets: this.#buckets.getState(),
      table: this.#table.getState(),
      unit: this.#unit.getState(),
      values: this.#values.slice(),
      observedSamples: this.#observedSamples,
      observations: this.#observations,
      hand: this.#hand,
      isFirstEpoch: this.#isFirstEpoch,
    };
  }

  /** A sampler whose next draws are those that the saved one would have made. */
  static fromState(state: CalibratedSamplerState): CalibratedSampler {
    requireState(state, KIND);
    const { options, values, observedSamples, observations, hand, isFirstEpoch } = state;
    const sampler = new CalibratedSampler(savedLength('state.buckets.members', state.buckets?.members), options);
    requireSavedOptions(options, sampler.#options);
    requireCount('state.observedSamples', observedSamples);
    requireCount('state.observations', observations);
    requireInteger('state.hand', hand, 0, sampler.size - 1);
    requireBoolean('state.isFirstEpoch', isFirstEpoch);
    requireLength('state.values', values, sampler.#values.length);
    requireNumbers('state.values', values);
    requireLength('state.buckets.counts', state.buckets.counts, sampler.#values.length);
    requireLength('state.table.sums', state.table?.sums, sampler.#values.length);
    requireInteger('state.table.columns', state.table.columns, ageBins, ageBins);

    sampler.#random = RandomGenerator.fromState(state.random);
    sampler.#buckets = SampleBuckets.fromState(state.buckets);
    sampler.#table = CalibrationTable.fromState(state.table);
    sampler.#unit = ScoreUnit.fromState(state.unit, sampler.size);
    sampler.#values.set(values);
    sampler.#observedSamples = observedSamples;
    sampler.#observations = observations;
    sampler.#hand = hand;
    sampler.#isFirstEpoch = isFirstEpoch;
    return sampler;
  }

  #probabilityOf(index: number): number {
    return this.#mixture.probability(this.#buckets.bucketOf(index));
  }

  /** The first epoch: without replacement from the samples that were never drawn. */
  #drawUnseen(batchSize: number): Draw {
    const buckets = this.#buckets;
    const indices = new Int32Array(Math.min(batchSize, buckets.count(UNSEEN)));
    for (let k = 0; k < indices.length; k++) {
      indices[k] = buckets.member(UNSEEN, this.#random.integer(buckets.count(UNSEEN)));
      buckets.move(indices[k], PENDING, this.#now());
    }
    this.#isFirstEpoch = buckets.count(UNSEEN) > 0;
    return uniformDraw(indices, this.size);
  }

  #drawBuckets(batchSize: number): Draw {
    const { weightExponent, uniformMix, drawing } = this.#options;
    this.#mixture.weigh(this.#buckets, this.#values, uniformMix);
    const systematic = drawing === 'systematic';
    const { indices, probabilities } = this.#mixture.draw(this.#buckets, batchSize, this.#random, systematic);
    return { indices, probabilities, weights: importanceWeights(probabilities, this.size, weightExponent) };
  }

  /** The mean score of late, these included; each is weighted by how much rarer its bucket is drawn than others. */
  #learnUnit(indices: ArrayLike<number>, scores: ArrayLike<number>): number {
    const values = this.#values;
    const mean = values[UNSEEN];
    let sum = 0;
    for (let k = 0; k < indices.length; k++) {
      // A bucket that had no members when the mean was taken can have any value; no member's is above N times the mean.
      const excess = Math.min(this.size, values[this.#buckets.bucketOf(indices[k])] / mean);
      sum += mean > 0 ? scores[k] / ((1 - unitMix) * excess + unitMix) : scores[k];
    }
    return this.#unit.learn(sum, indices.length);
  }

  /** Reads the table. What nothing is known of yet is taken for its level: the middle of the bin. */
  #refreshValues(): void {
    const values = this.#values;
    this.#table.meansInto(PRIORS, values);
    for (let bucket = ageBins; bucket < values.length; bucket++) values[bucket] = Math.sqrt(values[bucket]);
    values.fill(this.#meanValue(), 0, ageBins);
  }

  /** Mean value of the samples that have a score; those without are expected to be like them. */
  #meanValue(): number {
    let sum = 0;
    let count = 0;
    for (let bucket = ageBins; bucket < this.#values.length; bucket++) {
      sum += this.#buckets.count(bucket) * this.#values[bucket];
      count += this.#buckets.count(bucket);
    }
    return count > 0 ? sum / count : 0;
  }

  /** Looks at the next samples in turn and moves those that have outgrown their age bin. */
  #ageSamples(count: number): void {
    const buckets = this.#buckets;
    const now = this.#now();
    const { size } = this;
    let index = this.#hand;
    for (let left = Math.min(count, size); left > 0; left--) {
      const bucket = buckets.bucketOf(index);
      const stamp = buckets.stampOf(index);
      const aged = bucket - (bucket % ageBins) + ageBin((now - stamp) & MAX_STAMP);
      if (aged !== bucket && bucket >= ageBins) buckets.move(index, aged, stamp);
      if (++index === size) index = 0;
    }
    this.#hand = index;
  }

  /** Time in ticks of a 64th of an epoch. It wraps around, and so do its differences. */
  #now(): number {
    return Math.floor((this.#observedSamples / this.size) * ticksPerEpoch) & MAX_STAMP;
  }
}
