import { assertObservation } from './assertObservation.js';
import {
  requireFraction,
  requireInteger,
  requireIntegers,
  requireLength,
  requireNumber,
  requireSavedOptions,
  requireState,
  savedLength,
} from './checks.js';
import { PartialStream, type PartialStreamState } from './PartialStream.js';
import { RandomGenerator, type RandomGeneratorState } from './RandomGenerator.js';
import { requireMemory } from './requireMemory.js';
import type { Draw, Sampler, SamplerState } from './Sampler.js';

/** Options of an `InfoBatchSampler`. */
export interface InfoBatchSamplerOptions {
  /** Share r in [0, 1) of the samples with a loss below the mean that an epoch skips. Default 0.5. */
  pruneRatio?: number;
  /** Share δ in [0, 1] of the training after which epochs are full. Acts together with `epochs`. Default 0.875. */
  annealing?: number;
  /** Length of the training, ≥ 1, in epochs of N visits: shortened ones count by what they visit. Default: unknown. */
  epochs?: number;
  /** Seed of all random choices; any safe integer. Default 0. */
  seed?: number;
}

type Settings = Omit<Required<InfoBatchSamplerOptions>, 'seed' | 'epochs'> & { epochs: number | undefined };

/** Saved state of an `InfoBatchSampler`. */
export interface InfoBatchSamplerState extends SamplerState {
  readonly kind: 'InfoBatchSampler';
  readonly options: Settings;
  readonly random: RandomGeneratorState;
  readonly stream: PartialStreamState;
  /** Last known loss of each sample, NaN where none is known. Shape [N]. */
  readonly losses: Float32Array;
  /** 1 for samples that were below the mean when the present epoch began. Shape [N]. */
  readonly below: Uint8Array;
}

/** What an epoch does with the samples below the mean loss: `kept` of `count` are visited. */
interface Plan {
  /** 1 for samples below the mean. Shape [N]. */
  readonly below: Uint8Array;
  readonly count: number;
  readonly kept: number;
}

const KIND = 'InfoBatchSampler';

/**
 * Skips a random part of the samples with a loss below the mean, another one every epoch, and weights the rest of them
 * up: an epoch has fewer steps, and their sum is unbiased for the sum over a full epoch.
 *
 * When an epoch begins, n samples have a last known loss below the mean of the known ones. k = n − round(r·n) of them,
 * at least one, chosen uniformly, are kept, and have the weight n/k; all others have the weight 1. These M = N − n + k
 * samples are then visited once, shuffled. A sample without a known loss is always visited, so the first epoch is full;
 * with the option `epochs` so are those that begin after δ·epochs·N visits. The paper weights by 1/(1 − r), which is
 * the same on average over independent choices, but not with a rounded number of kept samples: n/k is exact for any n.
 *
 * The estimate `(1/B) Σ wᵢ ∇ℓᵢ` of one batch has N/M times the mean gradient as its expectation: M/B steps go as far as
 * N/B of them. With an optimizer that does not see the scale of gradients, such as Adam, the epoch is just shorter.
 * `probabilities` are those of each place of the epoch, `p = 1/M` and `p = (k/n)/M` below the mean, so `1/(N p)`, which
 * is M/N times the weight, makes means over a batch unbiased. 9 bytes a sample. It learns losses, not gradient norms.
 *
 * @see arXiv 2303.04947 (InfoBatch), soft pruning, expectation rescaling and annealing.
 *
 * @example
 * ```ts
 * import { InfoBatchSampler } from '@gradis/samplers';
 *
 * const sampler = new InfoBatchSampler(10, { seed: 1 });
 * const { indices } = sampler.draw(10); // the first epoch is full
 * sampler.observe(indices, indices.map((index) => (index < 6 ? 1 : 9))); // six of the losses lie below the mean
 * const { weights } = sampler.draw(10);
 * console.log(weights.toSorted().join()); // → 1,1,1,1,2,2,2
 * console.log(sampler.skippedShare); // → 0.3
 * ```
 */
export class InfoBatchSampler implements Sampler {
  readonly size: number;
  readonly #options: Settings;
  #random: RandomGenerator;
  #stream: PartialStream;
  readonly #losses: Float32Array;
  /** Plan of the present epoch; between two epochs, of the last one. */
  #plan: Plan;

  /**
   * @param size Number of samples N, in [1, 2³¹ − 1].
   * @throws RangeError on a size or an option out of its range.
   */
  constructor(size: number, { pruneRatio = 0.5, annealing = 0.875, epochs, seed = 0 }: InfoBatchSamplerOptions = {}) {
    requireFraction('pruneRatio', pruneRatio);
    requireNumber('annealing', annealing, 0, 1);
    if (epochs !== undefined) requireInteger('epochs', epochs, 1);
    this.#options = { pruneRatio, annealing, epochs };
    this.#random = new RandomGenerator(seed);
    this.#stream = PartialStream.of(size);
    this.size = size;
    this.#losses = new Float32Array(size).fill(Number.NaN);
    this.#plan = { below: new Uint8Array(size), count: 0, kept: 0 };
  }

  get options(): Settings {
    return { ...this.#options };
  }

  /** Number of completed epochs, shortened ones included. */
  get epoch(): number {
    return this.#stream.epoch;
  }

  /** Share of the samples that the present epoch skips, 1 − M/N; between epochs, that the last one has. In [0, 1). */
  get skippedShare(): number {
    return (this.size - this.#stream.visits) / this.size;
  }

  /** Number of visits that all epochs so far, the present one included, have skipped. */
  get savedVisits(): number {
    return this.#stream.savedVisits;
  }

  /** `savedVisits` as a share of the visits that as many full epochs make. In [0, 1). */
  get savedShare(): number {
    return this.#stream.savedShare;
  }

  /** The next samples of the epoch, the last batch of which may be short; see the class for its weights. */
  draw(batchSize: number): Draw {
    requireInteger('batchSize', batchSize, 1);
    if (this.#stream.isOver) this.#beginEpoch();
    const { below, count, kept } = this.#plan;
    const { visits } = this.#stream;
    const indices = this.#stream.read(batchSize);
    const probabilities = new Float64Array(indices.length).fill(1 / visits);
    const weights = new Float32Array(indices.length).fill(1);
    for (let k = 0; k < indices.length; k++) {
      if (below[indices[k]] === 0) continue;
      probabilities[k] = kept / count / visits;
      weights[k] = count / kept;
    }
    return { indices, probabilities, weights };
  }

  /** Learns the losses of samples, in place of scores; of a sample that occurs twice, the last one. */
  observe(indices: ArrayLike<number>, losses: ArrayLike<number>): void {
    assertObservation(indices, losses, this.size);
    for (let k = 0; k < indices.length; k++) this.#losses[indices[k]] = losses[k];
  }

  probabilities(): Float64Array {
    const { below, count, kept } = this.#stream.isOver ? this.#nextPlan() : this.#plan;
    const visits = this.size - count + kept;
    return Float64Array.from(below, (isBelow) => (isBelow ? kept / count : 1) / visits);
  }

  /** A copy of the last known losses; NaN for a sample that was never observed. Shape [N]. */
  losses(): Float32Array {
    return this.#losses.slice();
  }

  diagnostics(): Record<string, number> {
    return { skippedShare: this.skippedShare, savedShare: this.savedShare };
  }

  getState(): InfoBatchSamplerState {
    return {
      kind: KIND,
      version: 1,
      options: { ...this.#options },
      random: this.#random.getState(),
      stream: this.#stream.getState(),
      losses: this.losses(),
      below: this.#plan.below.slice(),
    };
  }

  /**
   * A sampler whose next draws are those that the saved one would have made.
   *
   * @throws TypeError on the state of something else or of another version; an error that names the field on a damaged
   *   one.
   */
  static fromState(state: InfoBatchSamplerState): InfoBatchSampler {
    requireState(state, KIND);
    const { options, losses, below } = state;
    const size = savedLength('state.stream.order', state.stream?.order);
    const sampler = new InfoBatchSampler(size, options);
    requireSavedOptions(options, sampler.#options);
    requireMemory('losses', losses, size);
    requireLength('state.below', below, size);
    requireIntegers('state.below', below, 2);
    sampler.#random = RandomGenerator.fromState(state.random);
    sampler.#stream = PartialStream.fromState(state.stream);
    sampler.#losses.set(losses);
    sampler.#plan = planOf(below.slice(), sampler.#stream);
    return sampler;
  }

  #beginEpoch(): void {
    const plan = this.#nextPlan();
    this.#stream.begin((index) => plan.below[index] === 1, plan.kept, this.#random);
    this.#plan = plan;
  }

  /** Visits of the epochs so far. */
  #visitsMade(): number {
    return this.epoch * this.size - this.savedVisits;
  }

  /** The plan of the epoch that would begin now. */
  #nextPlan(): Plan {
    const { pruneRatio, annealing, epochs } = this.#options;
    const losses = this.#losses;
    const isFull = epochs !== undefined && this.#visitsMade() >= annealing * epochs * this.size;
    const bound = isFull ? 0 : meanOfKnown(losses);
    const below = new Uint8Array(this.size);
    let count = 0;
    for (let index = 0; index < losses.length; index++) {
      if (!(losses[index] < bound)) continue;
      below[index] = 1;
      count++;
    }
    return { below, count, kept: Math.max(Math.min(1, count), count - Math.round(pruneRatio * count)) };
  }
}

/** NaN if nothing is known. Exact for equal losses, so that none is below the mean: Float32 summed in Float64. */
function meanOfKnown(losses: Float32Array): number {
  let sum = 0;
  let count = 0;
  for (let index = 0; index < losses.length; index++) {
    if (Number.isNaN(losses[index])) continue;
    sum += losses[index];
    count++;
  }
  return sum / count;
}

/** The plan by which the present epoch of a restored stream was begun. */
function planOf(below: Uint8Array, stream: PartialStream): Plan {
  for (const index of stream.skipped()) {
    if (below[index] === 0) {
      throw new RangeError(`state.below[${index}] is 0; a sample that the epoch skips must be below the mean.`);
    }
  }
  const count = below.reduce((sum, isBelow) => sum + isBelow, 0);
  const kept = stream.visits - (below.length - count);
  if (count > 0 && kept === 0) {
    throw new RangeError(`state.stream.visits is ${stream.visits}; it must count a sample below the mean.`);
  }
  return { below, count, kept };
}
