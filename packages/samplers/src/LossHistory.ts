/** The last losses, with their distribution function: O(log H) for a look-up, one short move of memory for a new loss. */
export class LossHistory {
  /** The losses in the order of their arrival; the oldest is replaced next once the array is full. */
  readonly #recent: Float64Array;
  readonly #sorted: Float64Array;
  #count = 0;
  #next = 0;

  /** @param size Number H ≥ 1 of losses that are remembered. */
  constructor(size: number) {
    this.#recent = new Float64Array(size);
    this.#sorted = new Float64Array(size);
  }

  /** Adds a loss; once there are H of them, it replaces the oldest. */
  push(loss: number): void {
    const sorted = this.#sorted;
    const recent = this.#recent;
    if (this.#count === recent.length) {
      const oldest = this.#countUpTo(recent[this.#next]) - 1;
      sorted.copyWithin(oldest, oldest + 1, this.#count--);
    }
    const place = this.#countUpTo(loss);
    sorted.copyWithin(place + 1, place, this.#count++);
    sorted[place] = loss;
    recent[this.#next] = loss;
    this.#next = (this.#next + 1) % recent.length;
  }

  /** Share of the losses that are not above `loss`; of an empty history NaN. */
  cdf(loss: number): number {
    return this.#countUpTo(loss) / this.#count;
  }

  /** Mean of `cdf(loss) ** exponent` over the losses themselves. O(H). */
  meanPower(exponent: number): number {
    const sorted = this.#sorted;
    const count = this.#count;
    let sum = 0;
    let power = 1;
    for (let k = count - 1; k >= 0; k--) {
      // Equal losses have the rank of the last of them.
      if (k < count - 1 && sorted[k] < sorted[k + 1]) power = ((k + 1) / count) ** exponent;
      sum += power;
    }
    return sum / count;
  }

  /** The losses, the oldest first. */
  toArray(): Float64Array {
    const recent = this.#recent;
    if (this.#count < recent.length) return recent.slice(0, this.#count);
    const losses = new Float64Array(recent.length);
    losses.set(recent.subarray(this.#next));
    losses.set(recent.subarray(0, this.#next), recent.length - this.#next);
    return losses;
  }

  /** Number of losses that are not above `loss`. */
  #countUpTo(loss: number): number {
    const sorted = this.#sorted;
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle] <= loss) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
