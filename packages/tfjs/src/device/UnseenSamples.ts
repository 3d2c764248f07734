import type { RandomGenerator } from '@gradis/samplers';

/** The samples never drawn, from which the first epoch is drawn without replacement: as `CalibratedSampler` does it. */
export class UnseenSamples {
  /** The samples, of which the first `#count` are left. */
  readonly #members: Int32Array;
  #count: number;

  /** @param members changed in place */
  constructor(members: Int32Array) {
    this.#members = members;
    this.#count = members.length;
  }

  static of(size: number): UnseenSamples {
    return new UnseenSamples(Int32Array.from({ length: size }, (_, index) => index));
  }

  get count(): number {
    return this.#count;
  }

  /** Draws up to `batchSize` of them. */
  draw(batchSize: number, random: RandomGenerator): Int32Array {
    const members = this.#members;
    const indices = new Int32Array(Math.min(batchSize, this.#count));
    for (let k = 0; k < indices.length; k++) {
      const place = random.integer(this.#count);
      indices[k] = members[place];
      members[place] = members[--this.#count];
    }
    return indices;
  }

  /** Those left, in their order. */
  left(): Int32Array {
    return this.#members.slice(0, this.#count);
  }
}
