import { assertScores } from './assertScores.js';
import { requireCount, requireInteger, requireIntegers, requireLength, savedLength } from './checks.js';
import { RandomGenerator, type RandomGeneratorState } from './RandomGenerator.js';
import type { Draw } from './Sampler.js';
import { ShuffledStream, type ShuffledStreamState } from './ShuffledStream.js';

/** Candidates that were given out and wait for their losses. */
export interface Candidates {
  readonly indices: Int32Array;
  readonly batchSize: number;
}

/** Saved state of a `CandidateStream`: part of the state of the sampler that it belongs to. */
export interface CandidateStreamState {
  readonly random: RandomGeneratorState;
  readonly stream: ShuffledStreamState;
  readonly presampledSamples: number;
  readonly pending?: Candidates;
}

/** A shuffled stream of samples that are given out as candidates and come back with their losses. */
export class CandidateStream {
  /** Where the sampler takes its random choices from, too. */
  readonly random: RandomGenerator;
  readonly size: number;
  readonly #stream: ShuffledStream;
  #presampledSamples = 0;
  #pending: Candidates | undefined;

  private constructor(random: RandomGenerator, size: number, stream: ShuffledStream) {
    this.random = random;
    this.size = size;
    this.#stream = stream;
  }

  static of(size: number, seed: number): CandidateStream {
    const random = new RandomGenerator(seed);
    return new CandidateStream(random, size, ShuffledStream.of(size, random));
  }

  /** Number of samples given out as candidates so far. */
  get presampledSamples(): number {
    return this.#presampledSamples;
  }

  /** A uniform batch with weights 1 from the same stream; the last of an epoch may be shorter. */
  drawUniform(batchSize: number): Draw {
    return this.#stream.draw(batchSize);
  }

  /** Gives out the next candidates for a batch; they replace those that still wait. */
  give(count: number, batchSize: number): Int32Array {
    const indices = this.#stream.read(count);
    this.#presampledSamples += count;
    this.#pending = { indices, batchSize };
    return indices.slice();
  }

  /** Takes back the candidates with one loss each, and a score each if there are scores; on an error they stay. */
  take(losses: ArrayLike<number>, scores?: ArrayLike<number>): Candidates {
    const pending = this.#pending;
    if (!pending) throw new Error('No presample waits for losses; call presample first.');
    requireLength('losses', losses, pending.indices.length);
    assertScores(losses, pending.indices, 'losses');
    if (scores) {
      requireLength('scores', scores, pending.indices.length);
      assertScores(scores, pending.indices);
    }
    this.#pending = undefined;
    return pending;
  }

  getState(): CandidateStreamState {
    return {
      random: this.random.getState(),
      stream: this.#stream.getState(),
      presampledSamples: this.#presampledSamples,
      pending: this.#pending && copyOf(this.#pending),
    };
  }

  /** @param countFor Number of candidates that the sampler gives out for a batch of this size. */
  static fromState(state: CandidateStreamState, countFor: (batchSize: number) => number): CandidateStream {
    const { presampledSamples, pending } = state;
    const size = savedLength('state.stream.order', state.stream?.order);
    requireCount('state.presampledSamples', presampledSamples);
    if (pending) {
      requireInteger('state.pending.batchSize', pending.batchSize, 1);
      requireLength('state.pending.indices', pending.indices, countFor(pending.batchSize));
      requireIntegers('state.pending.indices', pending.indices, size);
    }
    const random = RandomGenerator.fromState(state.random);
    const candidates = new CandidateStream(random, size, ShuffledStream.fromState(state.stream, random));
    candidates.#presampledSamples = presampledSamples;
    candidates.#pending = pending && copyOf(pending);
    return candidates;
  }
}

function copyOf({ indices, batchSize }: Candidates): Candidates {
  return { indices: indices.slice(), batchSize };
}
