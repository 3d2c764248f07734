import { assertObservation } from './assertObservation.js';
import {
  requireCount,
  requireFraction,
  requireInteger,
  requireIntegers,
  requireLength,
  requireSavedOptions,
  requireState,
  savedLength,
} from './checks.js';
import { kthSmallest } from './kthSmallest.js';
import { PartialStream, type PartialStreamState } from './PartialStream.js';
import { RandomGenerator, type RandomGeneratorState } from './RandomGenerator.js';
import { requireMemory } from './requireMemory.js';
import type { Draw, Sampler, SamplerState } from './Sampler.js';
import { uniformDraw } from './uniformDraw.js';

/** Options of a `PruningSampler`. */
export interface PruningSamplerOptions {
  /** Share in [0, 1) of the active samples that count as low at the end of an epoch. Default 0.3. */
  quantile?: number;
  /** Epochs in a row that a sample must be low before it is pruned, in [1, 255]. Default 2. */
  patience?: number;
  /** Epochs from one return of all pruned samples to the next, ≥ 1. More than the training has: never. Default 5. */
  readmitEvery?: number;
  /** Share α in [0, 1) of the OLD score in `q ← α·q + (1 − α)·score`. Default 0.1. */
  momentum?: number;
  /** Seed of all random choices; any safe integer. Default 0. */
  seed?: number;
}

type Settings = Required<Omit<PruningSamplerOptions, 'seed'>>;

/** Saved state of a `PruningSampler`. */
export interface PruningSamplerState extends SamplerState {
  readonly kind: 'PruningSampler';
  readonly options: Settings;
  readonly random: RandomGeneratorState;
  readonly stream: PartialStreamState;
  /** Remembered score of each sample, NaN where none is known. Shape [N]. */
  readonly scores: Float32Array;
  /** Epochs in a row that each sample was low; `patience` if it is pruned. Shape [N]. */
  readonly lowEpochs: Uint8Array;
  /** 1 for samples that were observed since the present epoch began. Shape [N]. */
  readonly observed: Uint8Array;
  /** Number of returns of pruned samples. */
  readonly readmittedCount: number;
}

const KIND = 'PruningSampler';

/**
 * Importance pruning, biased: samples whose score stays low are not visited, until all of them return for an epoch.
 *
 * Epochs are shuffled, and visit each of the A active samples once with weight 1. At the end of an epoch, a sample that
 * was observed in it is low if its remembered score q is no larger than the ⌊quantile·A⌋-th smallest of the active ones
 * (of those with a known score), and smaller than their largest: equal scores prune nothing, and some sample always
 * stays. Low for `patience` epochs in a row, it is pruned. Before epochs number `readmitEvery`, 2·`readmitEvery`, …
 * (counted from 0) all pruned samples return and their scores are forgotten; one that is low again leaves after that
 * epoch, any other one is as good as new.
 *
 * The bias: the gradient is that of the mean loss of the active samples, and pruned ones count for nothing until they
 * return. It is as small as their gradients are. `probabilities` are 1/A and 0, so `1/(N p)` = A/N: a mean with these
 * weights takes the values of pruned samples for 0. Takes 10 bytes a sample, and O(N) time at the end of an epoch.
 *
 * @see arXiv 2311.14468v3, online data pruning by importance; the rule above, and the return, are those of this package.
 *
 * @example
 * ```ts
 * import { PruningSampler } from '@gradis/samplers';
 *
 * const sampler = new PruningSampler(10, { quantile: 0.2, patience: 1, seed: 1 });
 * const { indices } = sampler.draw(10);
 * sampler.observe(indices, indices); // a sample's score is its index
 * console.log(sampler.draw(10).indices.toSorted().join()); // → 2,3,4,5,6,7,8,9
 * console.log(sampler.prunedCount, sampler.savedShare); // → 2 0.1
 * ```
 */
export class PruningSampler implements Sampler {
  readonly size: number;
  readonly #options: Settings;
  #random: RandomGenerator;
  #stream: PartialStream;
  readonly #scores: Float32Array;
  readonly #lowEpochs: Uint8Array;
  readonly #observed: Uint8Array;
  #readmittedCount = 0;

  /**
   * @param size Number of samples N, in [1, 2³¹ − 1].
   * @throws RangeError on a size or an option out of its range.
   */
  constructor(
    size: number,
    { quantile = 0.3, patience = 2, readmitEvery = 5, momentum = 0.1, seed = 0 }: PruningSamplerOptions = {},
  ) {
    requireFraction('quantile', quantile);
    requireInteger('patience', patience, 1, 255);
    requireInteger('readmitEvery', readmitEvery, 1);
    requireFraction('momentum', momentum);
    this.#options = { quantile, patience, readmitEvery, momentum };
    this.#random = new RandomGenerator(seed);
    this.#stream = PartialStream.of(size);
    this.size = size;
    this.#scores = new Float32Array(size).fill(Number.NaN);
    this.#lowEpochs = new Uint8Array(size);
    this.#observed = new Uint8Array(size);
  }

  get options(): Settings {
    return { ...this.#options };
  }

  /** Number of completed epochs, shortened ones included. */
  get epoch(): number {
    return this.#stream.epoch;
  }

  /** Number A of samples that the present epoch visits; between two epochs, that the last one has visited. */
  get activeCount(): number {
    return this.#stream.visits;
  }

  /** Number of samples that the present epoch does not visit, N − A. */
  get prunedCount(): number {
    return this.size - this.#stream.visits;
  }

  /** Number of returns of pruned samples so far; a sample counts each time that it returns. */
  get readmittedCount(): number {
    return this.#readmittedCount;
  }

  /** Number of visits that all epochs so far, the present one included, have skipped. */
  get savedVisits(): number {
    return this.#stream.savedVisits;
  }

  /** `savedVisits` as a share of the visits that as many full epochs make. In [0, 1). */
  get savedShare(): number {
    return this.#stream.savedShare;
  }

  /** The next active samples, with weights 1; the last batch of an epoch may be short. */
  draw(batchSize: number): Draw {
    requireInteger('batchSize', batchSize, 1);
    if (this.#stream.isOver) this.#beginEpoch();
    return uniformDraw(this.#stream.read(batchSize), this.activeCount);
  }

  /** Learns scores; of a sample that occurs twice, one after the other. */
  observe(indices: ArrayLike<number>, scores: ArrayLike<number>): void {
    assertObservation(indices, scores, this.size);
    const memory = this.#scores;
    const { momentum } = this.#options;
    for (let k = 0; k < indices.length; k++) {
      const index = indices[k];
      const old = memory[index];
      memory[index] = Number.isNaN(old) ? scores[k] : momentum * old + (1 - momentum) * scores[k];
      this.#observed[index] = 1;
    }
  }

  probabilities(): Float64Array {
    const { patience } = this.#options;
    const lowEpochs = this.#stream.isOver ? this.#nextLowEpochs() : this.#lowEpochs;
    const active = lowEpochs.reduce((count, epochs) => count + (epochs < patience ? 1 : 0), 0);
    return Float64Array.from(lowEpochs, (epochs) => (epochs < patience ? 1 / active : 0));
  }

  /** A copy of q, the remembered scores; NaN for a sample not observed yet, or not since it returned. Shape [N]. */
  scores(): Float32Array {
    return this.#scores.slice();
  }

  diagnostics(): Record<string, number> {
    const { activeCount, prunedCount, readmittedCount, savedShare } = this;
    return { activeCount, prunedCount, readmittedCount, savedShare };
  }

  getState(): PruningSamplerState {
    return {
      kind: KIND,
      version: 1,
      options: { ...this.#options },
      random: this.#random.getState(),
      stream: this.#stream.getState(),
      scores: this.scores(),
      lowEpochs: this.#lowEpochs.slice(),
      observed: this.#observed.slice(),
      readmittedCount: this.#readmittedCount,
    };
  }

  /**
   * A sampler whose next draws are those that the saved one would have made.
   *
   * @throws TypeError on the state of something else or of another version; an error that names the field on a damaged
   *   one.
   */
  static fromState(state: PruningSamplerState): PruningSampler {
    requireState(state, KIND);
    const { options, scores, lowEpochs, observed, readmittedCount } = state;
    const size = savedLength('state.stream.order', state.stream?.order);
    const sampler = new PruningSampler(size, options);
    requireSavedOptions(options, sampler.#options);
    requireMemory('scores', scores, size);
    requireLength('state.lowEpochs', lowEpochs, size);
    requireIntegers('state.lowEpochs', lowEpochs, options.patience + 1);
    requireLength('state.observed', observed, size);
    requireIntegers('state.observed', observed, 2);
    requireCount('state.readmittedCount', readmittedCount);
    sampler.#random = RandomGenerator.fromState(state.random);
    sampler.#stream = PartialStream.fromState(state.stream);
    sampler.#scores.set(scores);
    sampler.#lowEpochs.set(lowEpochs);
    sampler.#observed.set(observed);
    sampler.#readmittedCount = readmittedCount;
    sampler.#requirePrunedAreSkipped();
    return sampler;
  }

  #beginEpoch(): void {
    const { patience } = this.#options;
    const lowEpochs = this.#lowEpochs;
    const next = this.#nextLowEpochs();
    for (let index = 0; index < next.length; index++) {
      const returns = lowEpochs[index] === patience && next[index] < patience;
      if (!returns) continue;
      this.#scores[index] = Number.NaN;
      this.#readmittedCount++;
    }
    lowEpochs.set(next);
    this.#observed.fill(0);
    this.#stream.begin((index) => lowEpochs[index] === patience, 0, this.#random);
  }

  /** Epochs in a row that each sample will have been low when the next epoch begins. */
  #nextLowEpochs(): Uint8Array {
    const { quantile, patience, readmitEvery } = this.#options;
    const limit = lowLimit(this.#activeScores(), quantile);
    const most = this.epoch % readmitEvery === 0 ? patience - 1 : patience;
    return this.#lowEpochs.map((epochs, index) => {
      if (epochs === patience) return most;
      if (this.#observed[index] === 0) return epochs;
      return this.#scores[index] <= limit ? Math.min(most, epochs + 1) : 0;
    });
  }

  /** The known scores of active samples. */
  #activeScores(): Float32Array {
    const scores = new Float32Array(this.size);
    let count = 0;
    for (let index = 0; index < this.size; index++) {
      const isKnown = !Number.isNaN(this.#scores[index]);
      if (isKnown && this.#lowEpochs[index] < this.#options.patience) scores[count++] = this.#scores[index];
    }
    return scores.subarray(0, count);
  }

  #requirePrunedAreSkipped(): void {
    const { patience } = this.#options;
    const isSkipped = new Uint8Array(this.size);
    for (const index of this.#stream.skipped()) isSkipped[index] = 1;
    this.#lowEpochs.forEach((epochs, index) => {
      if ((epochs === patience) === (isSkipped[index] === 1)) return;
      const remedy = `it must be ${patience} for the samples that the epoch skips, and less for others`;
      throw new RangeError(`state.lowEpochs[${index}] is ${epochs}; ${remedy}.`);
    });
  }
}

/** The largest score that is low, −1 if none is: one of the lowest `quantile`, but not the largest of all. Reorders. */
function lowLimit(scores: Float32Array, quantile: number): number {
  const count = Math.floor(quantile * scores.length);
  if (count === 0) return -1;
  const limit = kthSmallest(scores, count - 1);
  const largest = scores.reduce((most, score) => Math.max(most, score));
  if (limit < largest) return limit;
  return scores.reduce((most, score) => (score < largest ? Math.max(most, score) : most), -1);
}
