import { assertObservation } from './assertObservation.js';
import {
  requireBoolean,
  requireCount,
  requireFraction,
  requireInteger,
  requireIntegers,
  requireLength,
  requireNumber,
  requireOneOf,
  requireSavedOptions,
  requireState,
  savedLength,
} from './checks.js';
import { effectiveSampleSize } from './effectiveSampleSize.js';
import { importanceWeights } from './importanceWeights.js';
import type { MemorySamplerOptions } from './MemorySamplerOptions.js';
import type { MixtureSampler } from './MixtureSampler.js';
import { RandomGenerator, type RandomGeneratorState } from './RandomGenerator.js';
import type { Draw, SamplerState } from './Sampler.js';
import { ShuffledStream, type ShuffledStreamState } from './ShuffledStream.js';
import { SumTree, type SumTreeState } from './SumTree.js';

/** Saved state of a `MemorySampler`. */
export interface MemorySamplerState extends SamplerState {
  readonly kind: 'MemorySampler';
  readonly options: Required<Omit<MemorySamplerOptions, 'seed'>>;
  readonly random: RandomGeneratorState;
  readonly stream: ShuffledStreamState;
  readonly tree: SumTreeState;
  /** 1 for samples whose score was observed at least once. Shape [N]. */
  readonly observed: Uint8Array;
  /** Number of scores observed. */
  readonly observations: number;
  /** Number of completed epochs. */
  readonly epoch: number;
  /** Samples drawn in the present epoch, in [0, N). */
  readonly drawnInEpoch: number;
  /** Whether an epoch has ended since the last draw. */
  readonly epsilonDue: boolean;
}

/** The line `p = slope · q + floor` that turns scores into probabilities. */
interface Mixture {
  readonly slope: number;
  readonly floor: number;
}

const KIND = 'MemorySampler';

/** Below it Σq nears the subnormal numbers, whose few bits give no right proportions: as good as all zero. */
const SMALLEST_TOTAL = 1e-290;

/**
 * Draws samples in proportion to the last known scores q; unbiased, unless `weightExponent` is below 1.
 *
 * The first epoch is shuffled and visits every sample once, with probabilities 1/N and weights 1, and q becomes the
 * score; it is over early once N scores were observed, whoever drew them. From then on
 * `p = (1 − λ) q/Σq + λ/N` and `q ← α·q + (1 − α)·score`. An epoch ends when N or more samples were drawn, i.e. after
 * ceil(N/B) steps; then ε is added to every q. A sample that occurs twice in a batch counts twice in the estimate, and
 * its q moves once, by the mean of its scores. If all q are zero, draws are uniform.
 *
 * The q of a sample that was never observed, because its score was lost, is 1 as in the paper while nothing is known,
 * and later the mean q of the observed ones: as it was at the end of the last epoch, or after the first observation if
 * that came later. So it neither dominates nor starves, whatever the unit of the scores.
 *
 * Takes 33 bytes a sample, up to 49 if N is just above a power of two, and O(log N) a draw or score. The end of an
 * epoch costs O(N), and so does every batch with `epsilonSchedule: 'step'`.
 *
 * The defaults: λ = 0.1 bounds every weight by 10 and costs at most 1/(1 − λ) = 1.11 times the second moment of pure
 * p ∝ q; with λ = 0, the paper's setting, an old small q meets a grown gradient with a huge weight 1/(N p).
 * α = 0.1 trusts the newest score, which is the closest to the present model, and still damps the noise of dropout.
 *
 * @see arXiv 2311.14468, Algorithm 1, Eq. 7 and §3.3.
 *
 * @example
 * ```ts
 * import { MemorySampler } from '@gradis/samplers';
 *
 * const sampler = new MemorySampler(4, { uniformMix: 0, epsilon: 0 });
 * const { indices } = sampler.draw(4); // the first epoch
 * sampler.observe(indices, indices.map((index) => 2 * index));
 * console.log(sampler.scores()); // → Float64Array(4) [ 0, 2, 4, 6 ]
 * console.log(sampler.draw(64).indices.includes(0)); // → false
 * ```
 */
export class MemorySampler implements MixtureSampler {
  readonly size: number;
  #options: Required<Omit<MemorySamplerOptions, 'seed'>>;
  #random: RandomGenerator;
  #stream: ShuffledStream;
  readonly #tree: SumTree;
  readonly #observed: Uint8Array;
  #observedCount = 0;
  #observations = 0;
  #completedEpochs = 0;
  #drawnInEpoch = 0;
  #epsilonDue = false;
  /** Scratch of `observe`: sum and number of the scores of each sample in the batch, zero outside it. */
  readonly #sums: Float64Array;
  readonly #counts: Int32Array;

  /**
   * @param size Number of samples N, in [1, 2³¹ − 1].
   * @throws RangeError on a size or an option out of its range.
   */
  constructor(
    size: number,
    {
      weightExponent = 1,
      momentum = 0.1,
      epsilon = 1e-3,
      epsilonMode = 'relative',
      epsilonSchedule = 'epoch',
      uniformMix = 0.1,
      drawing = 'with-replacement',
      seed = 0,
    }: MemorySamplerOptions = {},
  ) {
    requireNumber('weightExponent', weightExponent, 0, 1);
    requireFraction('momentum', momentum);
    requireNumber('epsilon', epsilon, 0);
    requireOneOf('epsilonMode', epsilonMode, ['relative', 'absolute']);
    requireOneOf('epsilonSchedule', epsilonSchedule, ['epoch', 'step']);
    requireNumber('uniformMix', uniformMix, 0, 1);
    requireOneOf('drawing', drawing, ['with-replacement', 'systematic']);
    this.#options = { weightExponent, momentum, epsilon, epsilonMode, epsilonSchedule, uniformMix, drawing };
    this.#random = new RandomGenerator(seed);
    this.#stream = ShuffledStream.of(size, this.#random);
    this.size = size;
    this.#tree = new SumTree(size);
    this.#tree.fill(new Float64Array(size).fill(1));
    this.#observed = new Uint8Array(size);
    this.#sums = new Float64Array(size);
    this.#counts = new Int32Array(size);
  }

  get options(): MemorySamplerState['options'] {
    return { ...this.#options };
  }

  /** Number of completed epochs: 0 during the first, shuffled one. */
  get epoch(): number {
    return this.#completedEpochs;
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
    const shuffled = this.#completedEpochs === 0;
    const draw = shuffled ? this.#stream.draw(batchSize) : this.#drawFromMemory(batchSize);
    this.#drawnInEpoch += draw.indices.length;
    if (this.#drawnInEpoch >= this.size) this.#endEpoch();
    return draw;
  }

  observe(indices: ArrayLike<number>, scores: ArrayLike<number>): void {
    assertObservation(indices, scores, this.size);
    const tree = this.#tree;
    const observed = this.#observed;
    const sums = this.#sums;
    const counts = this.#counts;
    const { momentum } = this.#options;
    const nothingWasKnown = this.#observedCount === 0;
    for (let k = 0; k < indices.length; k++) {
      sums[indices[k]] += scores[k];
      counts[indices[k]]++;
    }
    for (let k = 0; k < indices.length; k++) {
      const index = indices[k];
      if (counts[index] === 0) continue; // a duplicate, already learned
      const score = sums[index] / counts[index];
      tree.set(index, observed[index] ? momentum * tree.get(index) + (1 - momentum) * score : score);
      if (observed[index] === 0) this.#observedCount++;
      observed[index] = 1;
      sums[index] = 0;
      counts[index] = 0;
    }
    this.#observations += indices.length;
    if (this.#completedEpochs > 0 && nothingWasKnown) this.#guessUnknown();
    if (this.#completedEpochs === 0 && this.#observations >= this.size) this.#endEpoch();
  }

  probabilities(): Float64Array {
    if (this.#completedEpochs === 0) return new Float64Array(this.size).fill(1 / this.size);
    const epsilon = this.#pendingEpsilon();
    const mixture = this.#mixture(this.#tree.total + this.size * epsilon, this.uniformMix);
    return this.#tree.values().map((score) => probabilityOf(score + epsilon, mixture));
  }

  unmixedProbabilities(indices: ArrayLike<number>): Float64Array {
    const probabilities = new Float64Array(indices.length);
    if (this.#completedEpochs === 0) return probabilities.fill(1 / this.size);
    const epsilon = this.#pendingEpsilon();
    const mixture = this.#mixture(this.#tree.total + this.size * epsilon, 0);
    for (let k = 0; k < indices.length; k++) {
      probabilities[k] = probabilityOf(this.#tree.get(indices[k]) + epsilon, mixture);
    }
    return probabilities;
  }

  /** A copy of q, the last known scores, or what the class says of a sample that was never observed. Shape [N]. */
  scores(): Float64Array {
    return this.#tree.values();
  }

  /** Effective sample size of q, `(Σq)² / Σq²`, in [1, N]. O(N). */
  effectiveSampleSize(): number {
    return effectiveSampleSize(this.#tree.values());
  }

  getState(): MemorySamplerState {
    return {
      kind: KIND,
      version: 1,
      options: { ...this.#options },
      random: this.#random.getState(),
      stream: this.#stream.getState(),
      tree: this.#tree.getState(),
      observed: this.#observed.slice(),
      observations: this.#observations,
      epoch: this.#completedEpochs,
      drawnInEpoch: this.#drawnInEpoch,
      epsilonDue: this.#epsilonDue,
    };
  }

  /**
   * A sampler whose next draws are those that the saved one would have made.
   *
   * @throws TypeError on the state of something else or of another version; an error that names the field on a damaged
   *   one.
   */
  static fromState(state: MemorySamplerState): MemorySampler {
    requireState(state, KIND);
    const { options, observed, observations, epoch, drawnInEpoch, epsilonDue } = state;
    const size = savedLength('state.tree.values', state.tree?.values);
    const sampler = new MemorySampler(size, options);
    requireSavedOptions(options, sampler.#options);
    requireLength('state.stream.order', state.stream?.order, size);
    requireLength('state.observed', observed, size);
    requireIntegers('state.observed', observed, 2);
    requireCount('state.observations', observations);
    requireCount('state.epoch', epoch);
    requireInteger('state.drawnInEpoch', drawnInEpoch, 0, size - 1);
    requireBoolean('state.epsilonDue', epsilonDue);
    sampler.#random = RandomGenerator.fromState(state.random);
    sampler.#stream = ShuffledStream.fromState(state.stream, sampler.#random);
    sampler.#tree.fill(state.tree.values);
    sampler.#observed.set(observed);
    sampler.#observedCount = observed.reduce((count, isObserved) => count + isObserved, 0);
    sampler.#observations = observations;
    sampler.#completedEpochs = epoch;
    sampler.#drawnInEpoch = drawnInEpoch;
    sampler.#epsilonDue = epsilonDue;
    return sampler;
  }

  #endEpoch(): void {
    this.#completedEpochs++;
    this.#drawnInEpoch = 0;
    this.#epsilonDue = true;
    this.#guessUnknown();
  }

  /** Gives the mean q of the observed samples to the others. O(N) if there are both. */
  #guessUnknown(): void {
    const count = this.#observedCount;
    if (count === 0 || count === this.size) return;
    const observed = this.#observed;
    const scores = this.#tree.values();
    const mean = scores.reduce((sum, score, index) => sum + observed[index] * score, 0) / count;
    this.#tree.fill(scores.map((score, index) => (observed[index] === 1 ? score : mean)));
  }

  #drawFromMemory(batchSize: number): Draw {
    const { size } = this;
    const tree = this.#tree;
    const random = this.#random;
    const { weightExponent, drawing } = this.#options;
    const epsilon = this.#pendingEpsilon();
    if (epsilon > 0) tree.addToAll(epsilon);
    this.#epsilonDue = false;
    const mixture = this.#mixture(tree.total, this.uniformMix);
    const { slope, floor } = mixture;
    const systematic = drawing === 'systematic';
    const offset = systematic ? random.uniform() : 0;
    const indices = new Int32Array(batchSize);
    const probabilities = new Float64Array(batchSize);
    for (let k = 0; k < batchSize; k++) {
      // A position in [0, 1) of the running sum of p. Divided by the slope, it is one of the running sum of q + addend.
      const position = systematic ? (k + offset) / batchSize : random.uniform();
      const index =
        slope === 0 ? Math.min(size - 1, Math.floor(position * size)) : tree.find(position / slope, floor / slope);
      indices[k] = index;
      probabilities[k] = probabilityOf(tree.get(index), mixture);
    }
    return { indices, probabilities, weights: importanceWeights(probabilities, size, weightExponent) };
  }

  /** The probabilities of scores with this sum. */
  #mixture(total: number, uniformMix: number): Mixture {
    if (uniformMix === 1 || total < SMALLEST_TOTAL) return { slope: 0, floor: 1 / this.size };
    return { slope: (1 - uniformMix) / total, floor: uniformMix / this.size };
  }

  /** What the next draw from memory adds to every q before it draws. */
  #pendingEpsilon(): number {
    const { epsilon, epsilonMode, epsilonSchedule } = this.#options;
    if (epsilonSchedule === 'epoch' && !this.#epsilonDue) return 0;
    return epsilonMode === 'relative' ? (epsilon * this.#tree.total) / this.size : epsilon;
  }
}

/** Rounding can lift the probability of the only sample that is ever drawn above 1. */
function probabilityOf(score: number, { slope, floor }: Mixture): number {
  return Math.min(1, slope * score + floor);
}
