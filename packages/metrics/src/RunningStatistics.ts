/** Saved state of a {@link RunningStatistics}. */
export interface RunningStatisticsState {
  readonly kind: 'RunningStatistics';
  readonly version: 1;
  readonly count: number;
  readonly mean: number;
  readonly squaredDeviations: number;
  /** Absent before the first value: JSON has no infinity. */
  readonly min?: number;
  readonly max?: number;
}

/**
 * Count, mean, variance, minimum and maximum of a stream of numbers, in one pass and without storing them.
 *
 * `meanₙ = meanₙ₋₁ + (x − meanₙ₋₁)/n`, `Mₙ = Mₙ₋₁ + (x − meanₙ₋₁)(x − meanₙ)`, `variance = Mₙ/(n − 1)`,
 * which loses no digits where `Σx² − (Σx)²/n` cancels.
 *
 * @example
 * ```ts
 * import { RunningStatistics } from '@gradis/metrics';
 *
 * const statistics = new RunningStatistics();
 * for (const value of [2, 4, 9]) statistics.add(value);
 * console.log(statistics.mean, statistics.variance, statistics.max); // → 5 13 9
 * ```
 *
 * Welford 1962; merging: Chan, Golub & LeVeque 1983, Eq. 2.1.
 */
export class RunningStatistics {
  #count = 0;
  #mean = 0;
  #squaredDeviations = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  /** Number of values. */
  get count(): number {
    return this.#count;
  }

  /** Mean; NaN before the first value. */
  get mean(): number {
    return this.#count > 0 ? this.#mean : Number.NaN;
  }

  /** Unbiased variance, with divisor n − 1; NaN with fewer than two values. */
  get variance(): number {
    return this.#count > 1 ? this.#squaredDeviations / (this.#count - 1) : Number.NaN;
  }

  /** Mean of the squares, Σx²/n; NaN before the first value. */
  get secondMoment(): number {
    return this.mean ** 2 + this.#squaredDeviations / this.#count;
  }

  /** Smallest value; ∞ before the first. */
  get min(): number {
    return this.#min;
  }

  /** Largest value; −∞ before the first. */
  get max(): number {
    return this.#max;
  }

  /**
   * Takes in one value.
   *
   * @throws RangeError if it is not finite; the statistics are then as they were.
   */
  add(value: number): void {
    if (!Number.isFinite(value)) throw new RangeError(`value is ${value}; values must be finite.`);
    const difference = value - this.#mean;
    this.#count += 1;
    this.#mean += difference / this.#count;
    this.#squaredDeviations += difference * (value - this.#mean);
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
  }

  /** Takes in all values that `other` has seen, as if they had been added here. */
  merge(other: RunningStatistics): void {
    if (other.#count === 0) return;
    const count = this.#count + other.#count;
    const difference = other.#mean - this.#mean;
    this.#squaredDeviations += other.#squaredDeviations + (difference ** 2 * this.#count * other.#count) / count;
    this.#mean += (difference * other.#count) / count;
    this.#count = count;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
  }

  /** Everything needed to continue: plain numbers, which JSON keeps. */
  getState(): RunningStatisticsState {
    return {
      kind: 'RunningStatistics',
      version: 1,
      count: this.#count,
      mean: this.#mean,
      squaredDeviations: this.#squaredDeviations,
      ...(this.#count > 0 && { min: this.#min, max: this.#max }),
    };
  }

  /**
   * Statistics that continue where the saved ones stood.
   *
   * @throws TypeError on the state of something else or of another version.
   */
  static fromState(state: RunningStatisticsState): RunningStatistics {
    if (state.kind !== 'RunningStatistics' || state.version !== 1) {
      throw new TypeError(
        `state is of kind ${state.kind}, version ${state.version}; RunningStatistics reads its own state, version 1.`,
      );
    }
    const statistics = new RunningStatistics();
    statistics.#count = state.count;
    statistics.#mean = state.mean;
    statistics.#squaredDeviations = state.squaredDeviations;
    statistics.#min = state.min ?? Number.POSITIVE_INFINITY;
    statistics.#max = state.max ?? Number.NEGATIVE_INFINITY;
    return statistics;
  }
}
