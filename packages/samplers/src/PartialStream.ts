import { requireCount, requireInteger, requirePermutation, requireState } from './checks.js';
import type { RandomGenerator } from './RandomGenerator.js';

/** Saved state of a `PartialStream`. */
export interface PartialStreamState {
  readonly kind: 'PartialStream';
  readonly version: 1;
  /** All samples, those that the present epoch visits first, in their order. Shape [N]. */
  readonly order: Int32Array;
  /** Number of samples that the present epoch visits. */
  readonly visits: number;
  /** How many of them were read. */
  readonly position: number;
  /** Number of completed epochs. */
  readonly epoch: number;
  /** Number of visits that all epochs so far have skipped. */
  readonly savedVisits: number;
}

const KIND = 'PartialStream';

/** The indices 0 … N − 1 in a new shuffled order every epoch, of which an epoch may skip some; counts what that saves. */
export class PartialStream {
  readonly #order: Int32Array;
  #visits: number;
  #position: number;
  #epoch = 0;
  #savedVisits = 0;

  private constructor(order: Int32Array, visits: number, position: number) {
    this.#order = order;
    this.#visits = visits;
    this.#position = position;
  }

  static of(size: number): PartialStream {
    requireInteger('size', size, 1);
    return new PartialStream(
      Int32Array.from({ length: size }, (_, index) => index),
      size,
      size,
    );
  }

  /** Whether the next epoch must `begin` before anything can be read. */
  get isOver(): boolean {
    return this.#position === this.#visits;
  }

  /** Number of samples that the present epoch visits; between two epochs, that the last one has visited. */
  get visits(): number {
    return this.#visits;
  }

  /** Number of completed epochs. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Number of visits that all epochs so far, the present one included, have skipped. */
  get savedVisits(): number {
    return this.#savedVisits;
  }

  /** `savedVisits` as a share of the visits that as many full epochs make. In [0, 1). */
  get savedShare(): number {
    const begun = this.#epoch + (this.isOver ? 0 : 1);
    return begun === 0 ? 0 : this.#savedVisits / (begun * this.#order.length);
  }

  /** The samples that the present epoch skips. */
  skipped(): Int32Array {
    return this.#order.slice(this.#visits);
  }

  /** Begins an epoch that visits, of the samples that it may skip, only `kept`, chosen uniformly. O(N). */
  begin(maySkip: (index: number) => boolean, kept: number, random: RandomGenerator): void {
    const order = this.#order;
    let front = 0;
    let back = order.length;
    for (let index = 0; index < order.length; index++) order[maySkip(index) ? --back : front++] = index;
    if (kept > 0) random.shuffle(order.subarray(back));
    this.#visits = back + kept;
    random.shuffle(order.subarray(0, this.#visits));
    this.#position = 0;
    this.#savedVisits += order.length - this.#visits;
  }

  /** Reads the next `length` indices, or those that are left in the epoch if they are fewer. */
  read(length: number): Int32Array {
    const end = Math.min(this.#position + length, this.#visits);
    const indices = this.#order.slice(this.#position, end);
    this.#position = end;
    if (this.isOver) this.#epoch++;
    return indices;
  }

  getState(): PartialStreamState {
    return {
      kind: KIND,
      version: 1,
      order: this.#order.slice(),
      visits: this.#visits,
      position: this.#position,
      epoch: this.#epoch,
      savedVisits: this.#savedVisits,
    };
  }

  static fromState(state: PartialStreamState): PartialStream {
    requireState(state, KIND);
    const { order, visits, position, epoch, savedVisits } = state;
    requirePermutation('state.stream.order', order);
    requireInteger('state.stream.visits', visits, 1, order.length);
    requireInteger('state.stream.position', position, 0, visits);
    requireCount('state.stream.epoch', epoch);
    requireCount('state.stream.savedVisits', savedVisits);
    const stream = new PartialStream(order.slice(), visits, position);
    stream.#epoch = epoch;
    stream.#savedVisits = savedVisits;
    return stream;
  }
}
