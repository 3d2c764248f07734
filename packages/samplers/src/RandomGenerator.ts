import { requireInteger, requireIntegers, requireLength, requireState } from './checks.js';

/** Saved state of a `RandomGenerator`. */
export interface RandomGeneratorState {
  readonly kind: 'RandomGenerator';
  readonly version: 1;
  /** The 128 bits of the generator, not all zero. Shape [4]. */
  readonly words: Uint32Array;
}

const KIND = 'RandomGenerator';

/**
 * Seeded random numbers: xoshiro128** of Blackman and Vigna (arXiv 1805.01407), its state filled by splitmix64.
 *
 * The same seed gives the same numbers on every machine. The period is 2¹²⁸ − 1; not for cryptography.
 *
 * @example
 * ```ts
 * import { RandomGenerator } from '@gradis/samplers';
 *
 * const random = new RandomGenerator(7);
 * const again = RandomGenerator.fromState(random.getState());
 * console.log(random.integer(6) === again.integer(6)); // → true
 * ```
 */
export class RandomGenerator {
  readonly #words = new Uint32Array(4);

  /**
   * @param seed Any safe integer, negative ones included.
   * @throws RangeError if the seed is not a safe integer.
   */
  constructor(seed: number) {
    requireInteger('seed', seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    let state = BigInt.asUintN(64, BigInt(seed));
    for (let k = 0; k < 4; k += 2) {
      state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
      const mixed = mix64(state);
      this.#words[k] = Number(mixed & 0xffffffffn);
      this.#words[k + 1] = Number(mixed >> 32n);
    }
  }

  /** A number from [0, 1), one of the 2⁵³ multiples of 2⁻⁵³, all equally likely. */
  uniform(): number {
    const high = this.#next() >>> 5;
    const low = this.#next() >>> 6;
    return (high * 2 ** 26 + low) * 2 ** -53;
  }

  /**
   * An integer from [0, n), each exactly equally likely.
   *
   * @param n Integer in [1, 2³²].
   * @throws RangeError if n is no such integer.
   */
  integer(n: number): number {
    requireInteger('n', n, 1, 2 ** 32);
    // The first `fair` values are a whole number of runs of n; the rest would favour small results.
    const fair = 2 ** 32 - (2 ** 32 % n);
    let value = this.#next();
    while (value >= fair) value = this.#next();
    return value % n;
  }

  /** A number from the normal distribution with mean 0 and standard deviation 1 (Box–Muller). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Shuffles in place (Fisher–Yates), every order equally likely. Returns the same array. */
  shuffle(array: Int32Array): Int32Array {
    for (let last = array.length - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      const value = array[last];
      array[last] = array[other];
      array[other] = value;
    }
    return array;
  }

  /** Everything needed to continue with identical numbers. */
  getState(): RandomGeneratorState {
    return { kind: KIND, version: 1, words: this.#words.slice() };
  }

  /**
   * A generator that continues exactly where the saved one stood.
   *
   * @throws TypeError on the state of something else or of another version; RangeError on damaged words.
   */
  static fromState(state: RandomGeneratorState): RandomGenerator {
    requireState(state, KIND);
    requireLength('state.words', state.words, 4);
    requireIntegers('state.words', state.words, 2 ** 32);
    if (state.words.every((word) => word === 0)) throw new RangeError('state.words is all zero; the state is damaged.');
    const random = new RandomGenerator(0);
    random.#words.set(state.words);
    return random;
  }

  /** The next 32 bits. */
  #next(): number {
    const words = this.#words;
    const second = words[1];
    const result = Math.imul(rotateLeft(Math.imul(second, 5), 7), 9) >>> 0;
    words[2] ^= words[0];
    words[3] ^= second;
    words[1] ^= words[2];
    words[0] ^= words[3];
    words[2] ^= second << 9;
    words[3] = rotateLeft(words[3], 11);
    return result;
  }
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** Output function of splitmix64. */
function mix64(state: bigint): bigint {
  let z = BigInt.asUintN(64, (state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return z ^ (z >> 31n);
}
