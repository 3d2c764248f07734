import { RandomGenerator } from '@gradis/samplers';
import { expectFrequencies } from '@gradis/tooling/testing';
import { describe, expect, test } from 'vitest';

/** xoshiro128** in BigInt, from the definition. */
function* xoshiro128(words: readonly bigint[]): Generator<bigint> {
  const u32 = (value: bigint) => BigInt.asUintN(32, value);
  const rotate = (value: bigint, bits: bigint) => u32((value << bits) | (value >> (32n - bits)));
  let [s0, s1, s2, s3] = words as [bigint, bigint, bigint, bigint];
  for (;;) {
    yield u32(rotate(u32(s1 * 5n), 7n) * 9n);
    const t = u32(s1 << 9n);
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = rotate(s3, 11n);
  }
}

/** splitmix64 in BigInt, from the definition. */
function* splitmix64(seed: bigint): Generator<bigint> {
  const modulus = 1n << 64n;
  for (let state = ((seed % modulus) + modulus) % modulus; ; ) {
    state = (state + 0x9e3779b97f4a7c15n) % modulus;
    let z = ((state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n) % modulus;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) % modulus;
    yield z ^ (z >> 31n);
  }
}

function wordsOf(seed: number): bigint[] {
  const outputs = splitmix64(BigInt(seed));
  const a = outputs.next().value as bigint;
  const b = outputs.next().value as bigint;
  return [a & 0xffffffffn, a >> 32n, b & 0xffffffffn, b >> 32n];
}

describe('RandomGenerator', () => {
  test('gives the published outputs of xoshiro128** from the state 1, 2, 3, 4', () => {
    const words = Uint32Array.of(1, 2, 3, 4);
    const random = RandomGenerator.fromState({ kind: 'RandomGenerator', version: 1, words });
    const published = [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849];
    expect(published.map(() => random.integer(2 ** 32))).toEqual(published);
  });

  test('fills its state with the published outputs of splitmix64 from the seed 1234567', () => {
    const { words } = new RandomGenerator(1234567).getState();
    const outputs = [0, 2].map((k) => BigInt(words[k]!) + (BigInt(words[k + 1]!) << 32n));
    expect(outputs).toEqual([6457827717110365317n, 3203168211198807973n]);
  });

  test.each([0, 1, -1, 42, 2 ** 32, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])(
    'agrees with a BigInt implementation from seed %d',
    (seed) => {
      const random = new RandomGenerator(seed);
      const oracle = xoshiro128(wordsOf(seed));
      for (let k = 0; k < 1000; k++) {
        if (k % 2 === 0) {
          expect(random.integer(2 ** 32)).toBe(Number(oracle.next().value));
        } else {
          const high = (oracle.next().value as bigint) >> 5n;
          const low = (oracle.next().value as bigint) >> 6n;
          expect(random.uniform()).toBe(Number((high << 26n) | low) / 2 ** 53);
        }
      }
    },
  );

  test('continues identically from a saved state, which later numbers do not change', () => {
    const random = new RandomGenerator(5);
    random.uniform();
    const state = structuredClone(random.getState());
    const kept = random.getState();
    const numbers = () => [random.uniform(), random.normal(), random.integer(10)];
    const expected = numbers();
    expect(kept).toEqual(state);
    const restored = RandomGenerator.fromState(state);
    expect([restored.uniform(), restored.normal(), restored.integer(10)]).toEqual(expected);
  });

  test('refuses seeds, ranges and states that it cannot use', () => {
    expect(() => new RandomGenerator(0.5)).toThrow('seed is 0.5; it must be an integer');
    expect(() => new RandomGenerator(2 ** 53)).toThrow('seed is 9007199254740992');
    const random = new RandomGenerator(0);
    expect(() => random.integer(0)).toThrow('n is 0');
    expect(() => random.integer(2 ** 32 + 1)).toThrow('n is 4294967297');
    const state = random.getState();
    expect(() => RandomGenerator.fromState({ ...state, version: 2 as 1 })).toThrow('state.version is 2');
    expect(() => RandomGenerator.fromState({ ...state, words: new Uint32Array(4) })).toThrow('all zero');
    expect(() => RandomGenerator.fromState({ ...state, words: new Uint32Array(3) })).toThrow('must have 4');
  });
});

describe('distributions of RandomGenerator', () => {
  const draws = 200_000;
  const decileBounds = [-1.2815515655, -0.8416212336, -0.5244005127, -0.2533471031, 0].flatMap((z) => [z, -z]);
  const bounds = [...new Set(decileBounds.map((z) => z + 0))].sort((a, b) => a - b);

  function count(cells: number, draw: (random: RandomGenerator) => number): Int32Array {
    const random = new RandomGenerator(2024);
    const counts = new Int32Array(cells);
    for (let k = 0; k < draws; k++) counts[draw(random)]++;
    return counts;
  }

  const order = (array: Int32Array) => array[0]! * 6 + (array[1]! - (array[1]! > array[0]! ? 1 : 0)) * 2;
  const permutation = (array: Int32Array) => order(array) + (array[2]! > array[3]! ? 1 : 0);
  /** Every position swaps with any other: the classic wrong shuffle. */
  const naiveShuffle = (array: Int32Array, random: RandomGenerator) => {
    for (let k = 0; k < array.length; k++) {
      const other = random.integer(array.length);
      [array[k], array[other]] = [array[other]!, array[k]!];
    }
    return array;
  };
  const decile = (z: number) => bounds.filter((bound) => bound <= z).length;

  test.each([
    ['uniform()', 100, (r: RandomGenerator) => Math.floor(r.uniform() * 100)],
    ['integer(7)', 7, (r: RandomGenerator) => r.integer(7)],
    ['integer(3·2³⁰) by thirds', 3, (r: RandomGenerator) => Math.floor(r.integer(3 * 2 ** 30) / 2 ** 30)],
    ['shuffle of 4', 24, (r: RandomGenerator) => permutation(r.shuffle(Int32Array.of(0, 1, 2, 3)))],
    ['normal() by deciles', 10, (r: RandomGenerator) => decile(r.normal())],
  ])('%s is as likely everywhere', (_, cells, draw) => {
    expectFrequencies(count(cells, draw), new Array(cells).fill(1 / cells));
  });

  test.each([
    ['a uniform number to the power 1.05', 100, (r: RandomGenerator) => Math.floor(r.uniform() ** 1.05 * 100)],
    [
      'a remainder without rejection',
      3,
      (r: RandomGenerator) => Math.floor((r.integer(2 ** 32) % (3 * 2 ** 30)) / 2 ** 30),
    ],
    ['the naive shuffle', 24, (r: RandomGenerator) => permutation(naiveShuffle(Int32Array.of(0, 1, 2, 3), r))],
    ['a normal number that is 5 % too wide', 10, (r: RandomGenerator) => decile(1.05 * r.normal())],
  ])('%s fails the same check', (_, cells, draw) => {
    expect(() => expectFrequencies(count(cells, draw), new Array(cells).fill(1 / cells))).toThrow('χ²');
  });
});
