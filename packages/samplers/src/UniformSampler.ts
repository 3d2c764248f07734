import { assertObservation } from './assertObservation.js';
import { requireState, savedLength } from './checks.js';
import { RandomGenerator, type RandomGeneratorState } from './RandomGenerator.js';
import type { Draw, Sampler, SamplerState } from './Sampler.js';
import { ShuffledStream, type ShuffledStreamState } from './ShuffledStream.js';

/** Options of a `UniformSampler`. */
export interface UniformSamplerOptions {
  /** Seed of the shuffles; any safe integer. Default 0. */
  seed?: number;
}

/** Saved state of a `UniformSampler`. */
export interface UniformSamplerState extends SamplerState {
  readonly kind: 'UniformSampler';
  readonly random: RandomGeneratorState;
  readonly stream: ShuffledStreamState;
}

const KIND = 'UniformSampler';

/**
 * Ordinary shuffled SGD: every epoch visits each sample once, in a new order.
 *
 * Probabilities are 1/N and weights 1. The last batch of an epoch is shorter if N is no multiple of the batch size.
 * `observe` checks its arguments and learns nothing.
 *
 * @example
 * ```ts
 * import { UniformSampler } from '@gradis/samplers';
 *
 * const sampler = new UniformSampler(10, { seed: 1 });
 * console.log([sampler.draw(4), sampler.draw(4), sampler.draw(4)].map((draw) => draw.indices.length)); // → [ 4, 4, 2 ]
 * ```
 */
export class UniformSampler implements Sampler {
  readonly size: number;
  #random: RandomGenerator;
  #stream: ShuffledStream;

  /**
   * @param size Number of samples N, in [1, 2³¹ − 1].
   * @throws RangeError on a size or a seed out of its range.
   */
  constructor(size: number, { seed = 0 }: UniformSamplerOptions = {}) {
    this.size = size;
    this.#random = new RandomGenerator(seed);
    this.#stream = ShuffledStream.of(size, this.#random);
  }

  draw(batchSize: number): Draw {
    return this.#stream.draw(batchSize);
  }

  observe(indices: ArrayLike<number>, scores: ArrayLike<number>): void {
    assertObservation(indices, scores, this.size);
  }

  probabilities(): Float64Array {
    return new Float64Array(this.size).fill(1 / this.size);
  }

  getState(): UniformSamplerState {
    return { kind: KIND, version: 1, random: this.#random.getState(), stream: this.#stream.getState() };
  }

  /**
   * A sampler whose next draws are those that the saved one would have made.
   *
   * @throws TypeError on the state of something else or of another version; RangeError on a damaged one.
   */
  static fromState(state: UniformSamplerState): UniformSampler {
    requireState(state, KIND);
    const sampler = new UniformSampler(savedLength('state.stream.order', state.stream?.order));
    sampler.#random = RandomGenerator.fromState(state.random);
    sampler.#stream = ShuffledStream.fromState(state.stream, sampler.#random);
    return sampler;
  }
}
