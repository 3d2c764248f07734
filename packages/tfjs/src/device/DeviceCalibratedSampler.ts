import {
  CALIBRATION,
  CalibratedSampler,
  type CalibratedSamplerOptions,
  type CalibratedSamplerState,
  RandomGenerator,
} from '@gradis/samplers';
import * as tf from '@tensorflow/tfjs';
import { assertBatchSize } from './assertBatchSize.js';
import { assertObservation } from './assertObservation.js';
import { BlockMixture } from './BlockMixture.js';
import { blockSums, blockValues, replaceValues } from './blockValues.js';
import { agedCells, cellsOfLevels, levelLimits, NO_CELL } from './calibratedBins.js';
import { fromBuckets, toBuckets } from './calibratedState.js';
import { DeviceCalibrationTable } from './DeviceCalibrationTable.js';
import { DeviceCellValues } from './DeviceCellValues.js';
import type { DeviceDraw, DeviceSampler } from './DeviceSampler.js';
import { DeviceScoreUnit } from './DeviceScoreUnit.js';
import { drawPositions } from './drawPositions.js';
import { assertSize, indexColumn } from './exactIntegers.js';
import { nextLevels } from './nextLevels.js';
import { ObservedBatches } from './ObservedBatches.js';
import { raisedWeights } from './raisedWeights.js';
import { replaced } from './replaced.js';
import { UnseenSamples } from './UnseenSamples.js';
import { usableScores } from './usableScores.js';

const { ageingPace, refreshInterval, ticksPerEpoch } = CALIBRATION;

/**
 * `CalibratedSampler` of `@gradis/samplers` on the device: draws samples in proportion to the root of the squared score
 * expected of them now, given what they scored so far and how long ago.
 *
 * Options, defaults and behaviour are those of `CalibratedSampler`, which says more. For the same observations it has the
 * same probabilities, up to float32; its later draws are others, since it finds samples by their place among all and not by
 * that in their bucket. Observing other tensors of indices than those it drew ends the first epoch. Takes 16 bytes a sample on the
 * device and 4 on the host.
 *
 * @example
 * ```ts
 * import { DeviceCalibratedSampler } from '@gradis/tfjs';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const sampler = new DeviceCalibratedSampler(100, { seed: 1 });
 * for (let step = 0; step < 60; step++) {
 *   const { indices } = sampler.draw(10);
 *   sampler.observe(indices, tf.add(1, tf.mul(9, tf.step(tf.sub(9.5, indices))))); // one in ten is hard
 * }
 * const p = await sampler.probabilities().data();
 * console.log((p[0] / p[99]).toFixed(1)); // → 7.1
 * ```
 */
export class DeviceCalibratedSampler implements DeviceSampler {
  readonly size: number;
  readonly learns = true;
  readonly options: CalibratedSamplerState['options'];
  readonly #mixture: BlockMixture;
  readonly #table: DeviceCalibrationTable;
  readonly #unit: DeviceScoreUnit;
  readonly #cellValues: DeviceCellValues;
  readonly #levelLimits: tf.Tensor2D;
  #random: RandomGenerator;
  #unseen: UnseenSamples;
  #batches: ObservedBatches;
  #isFirstEpoch = true;
  /** Root mean square of each sample's scores of late, in units; the tick of its last visit; its cell. [blocks · width] */
  #levels: tf.Tensor1D;
  #stamps: tf.Tensor1D;
  #cells: tf.Tensor1D;
  /** v, the value of each sample's cell, zero in the padding, and its sum over each block. */
  #values: tf.Tensor1D;
  #sums: tf.Tensor1D;
  #observedSamples = 0;
  #observations = 0;
  #hand = 0;

  /**
   * @param size number of samples N
   * @throws RangeError on a size or an option out of its range
   */
  constructor(size: number, options: CalibratedSamplerOptions = {}) {
    assertSize(size);
    this.options = new CalibratedSampler(1, options).options; // checked, with the defaults
    this.size = size;
    this.#random = new RandomGenerator(options.seed ?? 0);
    this.#unseen = UnseenSamples.of(size);
    this.#batches = new ObservedBatches(size);
    this.#mixture = new BlockMixture(size, this.options.uniformMix);
    this.#table = new DeviceCalibrationTable();
    this.#unit = new DeviceScoreUnit(size);
    this.#cellValues = new DeviceCellValues();
    this.#levelLimits = tf.keep(levelLimits());
    const { layout } = this.#mixture;
    const zeros = () => tf.keep(blockValues(layout, new Float32Array(size)));
    this.#levels = zeros();
    this.#stamps = zeros();
    this.#cells = tf.keep(blockValues(layout, new Float32Array(size), NO_CELL));
    this.#values = zeros();
    this.#sums = tf.keep(blockSums(layout, this.#values));
  }

  draw(batchSize: number): DeviceDraw {
    assertBatchSize(batchSize);
    if (this.#isFirstEpoch) return this.#drawUnseen(batchSize);
    const { weightExponent, drawing } = this.options;
    const positions = drawPositions(this.#random, batchSize, drawing);
    const { indices, importanceWeights } = this.#mixture.draw(this.#values, this.#sums, positions);
    return { indices, weights: raisedWeights(importanceWeights, weightExponent), importanceWeights };
  }

  observe(indices: tf.Tensor1D, scores: tf.Tensor1D): void {
    assertObservation(indices, scores);
    if (!this.#batches.has(indices)) this.#isFirstEpoch = false;
    tf.tidy(() => {
      const column = indexColumn(indices, this.size);
      const known = usableScores(scores, this.size);
      const cells = tf.gatherND(this.#cells, column.int) as tf.Tensor1D;
      const rarity = this.#cellValues.rarity(tf.gatherND(this.#values, column.int), this.size);
      const unit = this.#unit.learn(tf.sum(tf.div(known, rarity)), indices.size);
      const squares = tf.square(tf.div(known, unit));
      this.#table.add(cells, squares);
      this.#observedSamples += indices.size;
      const before = { levels: tf.gatherND(this.#levels, column.int), cells };
      const everyIsKnown = this.#batches.areAll;
      const levels = nextLevels(column, squares, before, this.options.momentum, everyIsKnown);
      this.#move(column.int, levels);
      this.#batches.observe(indices);
      const swept = this.#age(ageingPace * indices.size);
      if (this.#observations++ % refreshInterval === 0) this.#refreshValues();
      else this.#updateValues([column, swept]);
      this.#sums = replaced(this.#sums, blockSums(this.#mixture.layout, this.#values));
    });
  }

  probabilities(): tf.Tensor1D {
    if (this.#isFirstEpoch) return tf.fill([this.size], 1 / this.size);
    return this.#mixture.probabilities(this.#values, this.#sums);
  }

  /** The state of the `CalibratedSampler` with the same scores. */
  async getState(): Promise<CalibratedSamplerState> {
    const perSample = async (values: tf.Tensor) => (await values.data<'float32'>()).subarray(0, this.size);
    const samples = {
      cells: await perSample(this.#cells),
      stamps: await perSample(this.#stamps),
      levels: await perSample(this.#levels),
    };
    return {
      kind: 'CalibratedSampler',
      version: 1,
      options: this.options,
      random: this.#random.getState(),
      buckets: toBuckets(samples, this.#unseen.left()),
      table: await this.#table.getState(),
      unit: await this.#unit.getState(),
      values: await this.#cellValues.getState(),
      observedSamples: this.#observedSamples,
      observations: this.#observations,
      hand: this.#hand,
      isFirstEpoch: this.#isFirstEpoch,
    };
  }

  /**
   * The sampler that goes on from the state of one on the device or of a `CalibratedSampler`.
   *
   * @throws on a damaged state: an error that names the field
   */
  static fromState(state: CalibratedSamplerState): DeviceCalibratedSampler {
    const { size, options } = CalibratedSampler.fromState(state); // checks every field
    const sampler = new DeviceCalibratedSampler(size, options);
    const { layout } = sampler.#mixture;
    sampler.#observedSamples = state.observedSamples;
    const { cells, stamps, levels, unseen, unobserved } = fromBuckets(state.buckets, sampler.#now());
    sampler.#random = RandomGenerator.fromState(state.random);
    sampler.#unseen = new UnseenSamples(unseen);
    sampler.#batches = new ObservedBatches(unobserved);
    sampler.#isFirstEpoch = state.isFirstEpoch;
    sampler.#levels = replaced(sampler.#levels, blockValues(layout, levels));
    sampler.#stamps = replaced(sampler.#stamps, blockValues(layout, stamps));
    sampler.#cells = replaced(sampler.#cells, blockValues(layout, cells, NO_CELL));
    sampler.#table.setState(state.table);
    sampler.#unit.setState(state.unit);
    sampler.#cellValues.setState(state.values);
    sampler.#observations = state.observations;
    sampler.#hand = state.hand;
    tf.tidy(() => {
      sampler.#values = replaced(sampler.#values, sampler.#cellValues.of(sampler.#cells));
      sampler.#sums = replaced(sampler.#sums, blockSums(layout, sampler.#values));
    });
    return sampler;
  }

  dispose(): void {
    for (const part of [this.#mixture, this.#table, this.#unit, this.#cellValues]) part.dispose();
    tf.dispose([this.#levelLimits, this.#levels, this.#stamps, this.#cells, this.#values, this.#sums]);
  }

  #drawUnseen(batchSize: number): DeviceDraw {
    const indices = tf.tensor1d(this.#unseen.draw(batchSize, this.#random), 'int32');
    this.#batches.add(indices);
    this.#isFirstEpoch = this.#unseen.count > 0;
    return { indices };
  }

  /** Puts samples into the cells of their levels, as of now. */
  #move(column: tf.Tensor2D, levels: tf.Tensor): void {
    this.#levels = replaced(this.#levels, replaceValues(this.#levels, column, levels));
    const now = tf.fill([column.shape[0]], this.#now());
    this.#stamps = replaced(this.#stamps, replaceValues(this.#stamps, column, now));
    const cells = cellsOfLevels(levels, this.#levelLimits);
    this.#cells = replaced(this.#cells, replaceValues(this.#cells, column, cells));
  }

  /** Looks at the next samples in turn and moves those that have outgrown their age bin. Returns which they are. */
  #age(count: number): ReturnType<typeof indexColumn> {
    const length = Math.min(count, this.size);
    const next = Int32Array.from({ length }, (_, k) => (this.#hand + k) % this.size);
    this.#hand = (this.#hand + length) % this.size;
    const column = indexColumn(tf.tensor1d(next, 'int32'), this.size);
    const stamps = tf.gatherND(this.#stamps, column.int);
    const cells = agedCells(tf.gatherND(this.#cells, column.int), stamps, this.#now());
    this.#cells = replaced(this.#cells, replaceValues(this.#cells, column.int, cells));
    return column;
  }

  /** Reads the values of all cells from the table, and those of all samples from them. */
  #refreshValues(): void {
    this.#cellValues.refresh(this.#table.means(), this.#cells, this.#mixture.layout.padding);
    this.#values = replaced(this.#values, this.#cellValues.of(this.#cells));
  }

  /** Reads the values of the samples that were moved. */
  #updateValues(moved: ReturnType<typeof indexColumn>[]): void {
    const floats = moved.map(({ float }) => float).filter((float) => float !== undefined);
    const column = (
      floats.length > 0 ? tf.cast(tf.concat(floats), 'int32') : tf.concat(moved.map(({ int }) => int))
    ) as tf.Tensor2D;
    const values = this.#cellValues.of(tf.gatherND(this.#cells, column));
    this.#values = replaced(this.#values, replaceValues(this.#values, column, values));
  }

  /** Time in ticks of a 64th of an epoch. */
  #now(): number {
    return Math.floor((this.#observedSamples / this.size) * ticksPerEpoch);
  }
}
