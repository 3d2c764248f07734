import { requireInteger, requirePermutation, requireState } from './checks.js';
import type { RandomGenerator } from './RandomGenerator.js';
import type { Draw } from './Sampler.js';
import { uniformDraw } from './uniformDraw.js';

/** Saved state of a `ShuffledStream`. */
export interface ShuffledStreamState {
  readonly kind: 'ShuffledStream';
  readonly version: 1;
  /** Order of the present epoch. Shape [N]. */
  readonly order: Int32Array;
  /** How many of them were read. */
  readonly position: number;
}

const KIND = 'ShuffledStream';

/** The indices 0 … N − 1 in shuffled order, in a new order every epoch. */
export class ShuffledStream {
  readonly #random: RandomGenerator;
  readonly #order: Int32Array;
  #position: number;

  private constructor(random: RandomGenerator, order: Int32Array, position: number) {
    this.#random = random;
    this.#order = order;
    this.#position = position;
  }

  static of(size: number, random: RandomGenerator): ShuffledStream {
    requireInteger('size', size, 1);
    return new ShuffledStream(
      random,
      Int32Array.from({ length: size }, (_, index) => index),
      size,
    );
  }

  /** Reads the next `length` indices, across the ends of epochs. */
  read(length: number): Int32Array {
    const indices = new Int32Array(length);
    for (let k = 0; k < length; k++) {
      if (this.#position === this.#order.length) {
        this.#random.shuffle(this.#order);
        this.#position = 0;
      }
      indices[k] = this.#order[this.#position++];
    }
    return indices;
  }

  /** The next batch, with probabilities 1/N and weights 1; the last of an epoch may be shorter. */
  draw(batchSize: number): Draw {
    requireInteger('batchSize', batchSize, 1);
    const size = this.#order.length;
    const remaining = size - this.#position || size; // between two epochs, all of the next
    return uniformDraw(this.read(Math.min(batchSize, remaining)), size);
  }

  getState(): ShuffledStreamState {
    return { kind: KIND, version: 1, order: this.#order.slice(), position: this.#position };
  }

  static fromState(state: ShuffledStreamState, random: RandomGenerator): ShuffledStream {
    requireState(state, KIND);
    const { order, position } = state;
    requirePermutation('state.stream.order', order);
    requireInteger('state.stream.position', position, 0, order.length);
    return new ShuffledStream(random, order.slice(), position);
  }
}
