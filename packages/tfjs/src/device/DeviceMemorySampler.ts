import {
  MemorySampler,
  type MemorySamplerOptions,
  type MemorySamplerState,
  RandomGenerator,
  UniformSampler,
} from '@gradis/samplers';
import * as tf from '@tensorflow/tfjs';
import { assertBatchSize } from './assertBatchSize.js';
import { assertObservation } from './assertObservation.js';
import { BlockMixture } from './BlockMixture.js';
import { blockSums, blockValues, replaceValues } from './blockValues.js';
import type { DeviceDraw, DeviceSampler } from './DeviceSampler.js';
import { drawPositions } from './drawPositions.js';
import { assertSize, indexColumn } from './exactIntegers.js';
import { ObservedBatches } from './ObservedBatches.js';
import { raisedWeights } from './raisedWeights.js';
import { replaced } from './replaced.js';
import { sameSample } from './sameSample.js';
import { usableScores } from './usableScores.js';

/**
 * `MemorySampler` of `@gradis/samplers` on the device: draws samples in proportion to the last known scores q, unbiased
 * unless `weightExponent` is below 1.
 *
 * Options, defaults and behaviour are those of `MemorySampler`, which says more. For the same seed and the same scores the
 * draws are the same, but for positions that fall within float32 rounding of the border between two samples: about one draw
 * in 10⁷/N. Takes 4 bytes a sample on the device, 8 until every sample is known, and 4 on the host. TF.js changes no tensor in
 * place, so an observation copies q: O(N), if fast.
 *
 * @example
 * ```ts
 * import { DeviceMemorySampler } from '@gradis/tfjs';
 *
 * const sampler = new DeviceMemorySampler(4, { uniformMix: 0, epsilon: 0 });
 * const { indices } = sampler.draw(4); // the first epoch
 * sampler.observe(indices, indices.toFloat().mul(2));
 * console.log((await sampler.probabilities().data()).map((p) => 6 * p)); // → Float32Array(4) [ 0, 1, 2, 3 ]
 * ```
 */
export class DeviceMemorySampler implements DeviceSampler {
  readonly size: number;
  readonly learns = true;
  readonly options: MemorySamplerState['options'];
  readonly #mixture: BlockMixture;
  #stream: UniformSampler;
  #batches: ObservedBatches;
  /** Random numbers after the first epoch; in it, the stream has them. */
  #random?: RandomGenerator;
  /** q, zero in the padding. [blocks · width] */
  #scores: tf.Tensor1D;
  /** Sum of q over each block. [blocks] */
  #sums: tf.Tensor1D;
  /** 1 for samples whose score was observed, and in the padding; undefined once all were. [blocks · width] */
  #observed?: tf.Tensor1D;
  #observations = 0;
  #epoch = 0;
  #drawnInEpoch = 0;
  #epsilonDue = false;

  /**
   * @param size number of samples N
   * @throws RangeError on a size or an option out of its range
   */
  constructor(size: number, options: MemorySamplerOptions = {}) {
    assertSize(size);
    this.#stream = new UniformSampler(size, { seed: options.seed });
    this.#batches = new ObservedBatches(size);
    this.options = new MemorySampler(1, options).options; // checked, with the defaults
    this.size = size;
    this.#mixture = new BlockMixture(size, this.options.uniformMix);
    const { layout } = this.#mixture;
    this.#scores = tf.keep(blockValues(layout, new Float32Array(size).fill(1)));
    this.#observed = tf.keep(blockValues(layout, new Float32Array(size), 1));
    this.#sums = tf.keep(blockSums(layout, this.#scores));
  }

  draw(batchSize: number): DeviceDraw {
    const draw = this.#epoch === 0 ? this.#drawShuffled(batchSize) : this.#drawFromMemory(batchSize);
    this.#drawnInEpoch += draw.indices.size;
    if (this.#drawnInEpoch >= this.size) this.#endEpoch();
    return draw;
  }

  observe(indices: tf.Tensor1D, scores: tf.Tensor1D): void {
    assertObservation(indices, scores);
    const nothingWasKnown = this.#observations === 0;
    const column = tf.tidy(() => {
      const column = indexColumn(indices, this.size);
      const score = meanOfSame(column, usableScores(scores, this.size));
      this.#setScores(replaceValues(this.#scores, column.int, this.#blended(column.int, score)));
      return tf.keep(column.int);
    });
    this.#markObserved(indices, column);
    column.dispose();
    this.#observations += indices.size;
    if (this.#epoch > 0 && nothingWasKnown) this.#guessUnknown();
    if (this.#epoch === 0 && this.#observations >= this.size) this.#endEpoch();
  }

  probabilities(): tf.Tensor1D {
    if (this.#epoch === 0) return tf.fill([this.size], 1 / this.size);
    return tf.tidy(() => {
      const scores = this.#withEpsilon();
      return this.#mixture.probabilities(scores, blockSums(this.#mixture.layout, scores));
    });
  }

  /** q, the last known scores, in a tensor that the caller disposes. [N] */
  scores(): tf.Tensor1D {
    return tf.tidy(() => tf.add(tf.slice(this.#scores, 0, this.size), 0));
  }

  /** The state of the `MemorySampler` with the same scores. */
  async getState(): Promise<MemorySamplerState> {
    const { random, stream } = this.#stream.getState();
    const scores = await this.#scores.data();
    const observed = await this.#observed?.data();
    return {
      kind: 'MemorySampler',
      version: 1,
      options: this.options,
      random: this.#random?.getState() ?? random,
      stream,
      tree: { kind: 'SumTree', version: 1, values: Float64Array.from(scores.subarray(0, this.size)) },
      observed: Uint8Array.from({ length: this.size }, (_, index) => observed?.[index] ?? 1),
      observations: this.#observations,
      epoch: this.#epoch,
      drawnInEpoch: this.#drawnInEpoch,
      epsilonDue: this.#epsilonDue,
    };
  }

  /**
   * The sampler that goes on from the state of one on the device or of a `MemorySampler`.
   *
   * @throws on a damaged state: an error that names the field
   */
  static fromState(state: MemorySamplerState): DeviceMemorySampler {
    const { size, options } = MemorySampler.fromState(state); // checks every field
    const sampler = new DeviceMemorySampler(size, options);
    const { layout } = sampler.#mixture;
    sampler.#stream = UniformSampler.fromState({ ...state, kind: 'UniformSampler' });
    sampler.#batches = new ObservedBatches(unobservedSamples(state));
    if (state.epoch > 0) sampler.#random = RandomGenerator.fromState(state.random);
    sampler.#setScores(blockValues(layout, state.tree.values));
    sampler.#observed = replaced(sampler.#observed, blockValues(layout, state.observed, 1));
    sampler.#forgetObserved();
    sampler.#observations = state.observations;
    sampler.#epoch = state.epoch;
    sampler.#drawnInEpoch = state.drawnInEpoch;
    sampler.#epsilonDue = state.epsilonDue;
    return sampler;
  }

  dispose(): void {
    this.#mixture.dispose();
    tf.dispose([this.#scores, this.#sums, this.#observed ?? []]);
  }

  #drawShuffled(batchSize: number): DeviceDraw {
    const indices = tf.tensor1d(this.#stream.draw(batchSize).indices, 'int32');
    this.#batches.add(indices);
    return { indices };
  }

  #drawFromMemory(batchSize: number): DeviceDraw {
    assertBatchSize(batchSize);
    const { weightExponent, drawing } = this.options;
    if (this.#isEpsilonDue()) tf.tidy(() => this.#setScores(this.#withEpsilon()));
    this.#epsilonDue = false;
    this.#random ??= RandomGenerator.fromState(this.#stream.getState().random);
    const positions = drawPositions(this.#random, batchSize, drawing);
    const { indices, importanceWeights } = this.#mixture.draw(this.#scores, this.#sums, positions);
    return { indices, weights: raisedWeights(importanceWeights, weightExponent), importanceWeights };
  }

  #endEpoch(): void {
    this.#epoch++;
    this.#drawnInEpoch = 0;
    this.#epsilonDue = true;
    this.#guessUnknown();
  }

  /** Gives the mean q of the observed samples to the others, if there are both. */
  #guessUnknown(): void {
    const observed = this.#observed;
    if (!observed || this.#observations === 0) return;
    tf.tidy(() => {
      const known = tf.mul(this.#scores, observed);
      const count = tf.sub(tf.sum(observed), this.#mixture.layout.padding);
      const guess = tf.mul(tf.sub(1, observed), tf.div(tf.sum(known), count));
      this.#setScores(tf.add(known, guess));
    });
  }

  /** `α·q + (1 − α)·score`, and the score alone where it is the first. [B] */
  #blended(column: tf.Tensor2D, scores: tf.Tensor): tf.Tensor {
    const { momentum } = this.options;
    const share = this.#observed ? tf.mul(tf.gatherND(this.#observed, column), momentum) : momentum;
    return tf.add(scores, tf.mul(tf.sub(tf.gatherND(this.#scores, column), scores), share));
  }

  #markObserved(indices: tf.Tensor1D, column: tf.Tensor2D): void {
    this.#batches.observe(indices);
    const observed = this.#observed;
    if (!observed) return;
    tf.tidy(() => {
      this.#observed = replaced(observed, replaceValues(observed, column, tf.ones([indices.size])));
    });
    this.#forgetObserved();
  }

  /** Drops the marks when every sample has one. */
  #forgetObserved(): void {
    if (!this.#batches.areAll) return;
    this.#observed?.dispose();
    this.#observed = undefined;
  }

  #setScores(scores: tf.Tensor1D): void {
    this.#scores = replaced(this.#scores, scores);
    this.#sums = replaced(this.#sums, blockSums(this.#mixture.layout, scores));
  }

  #isEpsilonDue(): boolean {
    const { epsilon, epsilonSchedule } = this.options;
    return epsilon > 0 && (epsilonSchedule === 'step' || this.#epsilonDue);
  }

  /** q with what the next draw from memory adds to it. */
  #withEpsilon(): tf.Tensor1D {
    if (!this.#isEpsilonDue()) return this.#scores;
    const { epsilon, epsilonMode } = this.options;
    const { size, padding } = this.#mixture.layout;
    const amount = epsilonMode === 'relative' ? tf.mul(tf.sum(this.#sums), epsilon / size) : epsilon;
    const raised = tf.add(tf.slice(this.#scores, 0, size), amount) as tf.Tensor1D;
    return padding > 0 ? tf.concat([raised, tf.zeros([padding])]) : raised;
  }
}

/** The mean of the scores of each sample, at every place of it in the batch. [B] */
function meanOfSame(column: ReturnType<typeof indexColumn>, scores: tf.Tensor1D): tf.Tensor {
  const same = sameSample(column);
  return tf.div(tf.sum(tf.mul(same, scores), 1), tf.sum(same, 1));
}

/** Samples that were not both drawn in the first epoch and observed; none if all were observed, however they came. */
function unobservedSamples({ observed, stream, epoch }: MemorySamplerState): number {
  if (observed.every((isObserved) => isObserved === 1)) return 0;
  const nothingWasDrawn = epoch === 0 && stream.position === observed.length; // the stream is between two epochs
  const drawn = stream.order.subarray(0, nothingWasDrawn ? 0 : stream.position);
  return drawn.reduce((count, index) => count - observed[index], observed.length);
}
