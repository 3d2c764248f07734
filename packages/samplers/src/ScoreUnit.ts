import { CALIBRATION } from './calibration.js';
import { requireNumber, requireState } from './checks.js';

/** Saved state of a `ScoreUnit`. */
export interface ScoreUnitState {
  readonly kind: 'ScoreUnit';
  readonly version: 1;
  readonly sum: number;
  readonly count: number;
}

const KIND = 'ScoreUnit';

/** A multiple of this is a finite number for every score that float32 can hold. */
const SMALLEST_UNIT = 1e-200;

/**
 * The mean score of late, by which scores are divided to see how hard a sample is among the others: a running mean with
 * exponential forgetting, over the last eighth of an epoch or so.
 */
export class ScoreUnit {
  readonly #memory: number;
  #sum = 0;
  #count = 0;

  /** @param size Number of samples N. */
  constructor(size: number) {
    this.#memory = CALIBRATION.unitMemory(size);
  }

  /**
   * Learns scores and returns the unit, > 0.
   *
   * @param sum Sum of the scores, each weighted so that the mean is that of uniform draws.
   * @param count Number of the scores.
   */
  learn(sum: number, count: number): number {
    const kept = Math.exp(-count / this.#memory);
    this.#sum = kept * this.#sum + sum;
    this.#count = kept * this.#count + count;
    return Math.max(SMALLEST_UNIT, this.#sum / this.#count);
  }

  getState(): ScoreUnitState {
    return { kind: KIND, version: 1, sum: this.#sum, count: this.#count };
  }

  static fromState(state: ScoreUnitState, size: number): ScoreUnit {
    requireState(state, KIND);
    requireNumber('state.sum', state.sum, 0);
    requireNumber('state.count', state.count, 0);
    const unit = new ScoreUnit(size);
    unit.#sum = state.sum;
    unit.#count = state.count;
    return unit;
  }
}
