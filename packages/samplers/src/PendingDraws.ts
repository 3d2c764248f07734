import { requireIntegers, requireLength, requireNumber, requireState } from './checks.js';

/** Samples of a draw and the probability of each. Shapes [B]. */
export interface PendingDraw {
  readonly indices: Int32Array;
  readonly probabilities: Float64Array;
}

/** Saved state of `PendingDraws`. */
export interface PendingDrawsState {
  readonly kind: 'PendingDraws';
  readonly version: 1;
  readonly draws: readonly PendingDraw[];
}

/** Draws that are remembered: scores may come that much later. */
const KEPT = 8;

const KIND = 'PendingDraws';

/** The last draws whose scores have not all come yet, to find the probability by which an observed sample was drawn. */
export class PendingDraws {
  #draws: PendingDraw[] = [];

  /** Remembers a draw, and forgets the oldest if there are too many. */
  add({ indices, probabilities }: PendingDraw): void {
    this.#draws.push({ indices: indices.slice(), probabilities: probabilities.slice() });
    if (this.#draws.length > KEPT) this.#draws.shift();
  }

  /**
   * The probabilities of samples that are one of the draws, or a part of it in its order; they are pending no more. Later
   * draws come first, whole ones before parts.
   *
   * @returns Shape [n]; undefined if no draw has these samples.
   */
  take(indices: ArrayLike<number>): Float64Array | undefined {
    return this.#take(indices, true) ?? this.#take(indices, false);
  }

  getState(): PendingDrawsState {
    return { kind: KIND, version: 1, draws: this.#draws.map(copyOf) };
  }

  /** @param size Number of samples N that the draws are from. */
  static fromState(state: PendingDrawsState, size: number): PendingDraws {
    requireState(state, KIND);
    for (const { indices, probabilities } of state.draws) {
      requireIntegers('state.pending.indices', indices, size);
      requireLength('state.pending.probabilities', probabilities, indices.length);
      for (const probability of probabilities) {
        requireNumber('state.pending.probabilities', probability, Number.MIN_VALUE, 1);
      }
    }
    const pending = new PendingDraws();
    pending.#draws = state.draws.map(copyOf);
    return pending;
  }

  #take(indices: ArrayLike<number>, whole: boolean): Float64Array | undefined {
    for (let k = this.#draws.length - 1; k >= 0; k--) {
      const draw = this.#draws[k];
      if (whole && draw.indices.length !== indices.length) continue;
      const places = placesOf(indices, draw.indices);
      if (!places) continue;
      const isTaken = new Uint8Array(draw.indices.length);
      for (const place of places) isTaken[place] = 1;
      const isLeft = (_: number, place: number) => isTaken[place] === 0;
      const left = { indices: draw.indices.filter(isLeft), probabilities: draw.probabilities.filter(isLeft) };
      this.#draws.splice(k, 1, ...(left.indices.length > 0 ? [left] : []));
      return Float64Array.from(places, (place) => draw.probabilities[place]);
    }
    return undefined;
  }
}

function copyOf({ indices, probabilities }: PendingDraw): PendingDraw {
  return { indices: indices.slice(), probabilities: probabilities.slice() };
}

/** Where the samples stand in a draw, in rising order; undefined if they are no part of it. */
function placesOf(samples: ArrayLike<number>, drawn: Int32Array): Int32Array | undefined {
  const places = new Int32Array(samples.length);
  let place = -1;
  for (let k = 0; k < samples.length; k++) {
    do place++;
    while (place < drawn.length && drawn[place] !== samples[k]);
    if (place >= drawn.length) return undefined;
    places[k] = place;
  }
  return places;
}
