import { RandomGenerator, SumTree } from '@gradis/samplers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

/** The same operations on a plain array, by scanning it. */
class NaiveSums {
  constructor(readonly values: number[]) {}

  total(): number {
    return this.values.reduce((sum, value) => sum + value, 0);
  }

  find(target: number, addend: number): number {
    let rest = target;
    for (const [index, value] of this.values.entries()) {
      const mass = value + addend;
      if (rest < mass) return index;
      rest -= mass;
    }
    return this.values.findLastIndex((value) => value + addend > 0);
  }
}

/** `expect` only where it fails: a matcher on every one of 160,000 operations would take most of the time. */
function expectSame(actual: number, expected: number): void {
  if (actual !== expected) expect(actual).toBe(expected);
}

describe('SumTree', () => {
  test.each([1, 2, 3, 5, 8, 13, 100, 257])(
    'agrees with a scan of a plain array of %d items over 20,000 random operations',
    (size) => {
      const random = new RandomGenerator(size);
      // Multiples of 1/8 far below 2⁵⁰ add exactly, in any order: results must be identical, not close.
      const amount = () => (random.uniform() < 0.3 ? 0 : random.integer(1000) / 8);
      const tree = new SumTree(size);
      const naive = new NaiveSums(new Array(size).fill(0));
      for (let k = 0; k < 20_000; k++) {
        const operation = random.uniform();
        if (operation < 0.5) {
          const index = random.integer(size);
          naive.values[index] = amount();
          tree.set(index, naive.values[index]!);
          expectSame(tree.get(index), naive.values[index]!);
        } else if (operation < 0.51) {
          const epsilon = amount();
          naive.values.forEach((value, index) => {
            naive.values[index] = value + epsilon;
          });
          tree.addToAll(epsilon);
        } else if (operation < 0.53) {
          naive.values.forEach((_, index) => {
            naive.values[index] = amount();
          });
          tree.fill(naive.values);
        } else {
          const addend = amount();
          const mass = naive.total() + size * addend;
          if (mass === 0) continue;
          const target = random.uniform() < 0.1 ? mass : random.integer(8 * mass) / 8;
          expectSame(tree.find(target, addend), naive.find(target, addend));
        }
        expectSame(tree.total, naive.total());
      }
      expect([...tree.values()]).toEqual(naive.values);
    },
  );

  test('never finds an item without mass, whatever the rounding', () => {
    const value = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e30, noNaN: true }));
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 40 }),
        fc.oneof(fc.constant(0), fc.double({ min: 0, max: 2, noNaN: true })),
        fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e30, noNaN: true })),
        (values, share, addend) => {
          fc.pre(addend > 0 || values.some((v) => v > 0));
          const tree = new SumTree(values.length);
          tree.fill(values);
          const index = tree.find(share * (tree.total + values.length * addend), addend);
          expect(index).toBeGreaterThanOrEqual(0);
          expect(index).toBeLessThan(values.length);
          expect(values[index]! + addend).toBeGreaterThan(0);
        },
      ),
      { seed: 1, numRuns: 5000 },
    );
  });

  test('has the same sums however its values came about', () => {
    const random = new RandomGenerator(3);
    const drifting = new SumTree(37);
    for (let k = 0; k < 10_000; k++) drifting.set(random.integer(37), random.uniform() * 10 ** random.integer(12));
    const fresh = SumTree.fromState(structuredClone(drifting.getState()));
    expect(fresh.total).toBe(drifting.total);
  });

  test('refuses what it cannot hold and stays as it was', () => {
    const tree = new SumTree(3);
    tree.fill([1, 2, 3]);
    for (const value of [Number.NaN, -1, Number.POSITIVE_INFINITY, Number.MAX_VALUE]) {
      expect(() => tree.set(1, value)).toThrow(`value is ${value}`);
      expect(() => tree.fill([4, value, 4])).toThrow(`values[1] is ${value}`);
      expect(() => tree.addToAll(value)).toThrow(`epsilon is ${value}`);
    }
    for (const index of [-1, 3, 0.5, Number.NaN]) {
      expect(() => tree.set(index, 1)).toThrow(`index is ${index}`);
      expect(() => tree.get(index)).toThrow(`index is ${index}`);
    }
    expect(() => tree.fill([1, 2])).toThrow('values has 2 elements; it must have 3.');
    expect(() => tree.find(Number.NaN)).toThrow('target is NaN');
    expect(() => tree.find(0, -1)).toThrow('addend is -1');
    expect([...tree.values()]).toEqual([1, 2, 3]);
    expect(tree.total).toBe(6);
    expect(() => new SumTree(3).find(0)).toThrow('total is 0');
    expect(() => new SumTree(0)).toThrow('size is 0');
    expect(() => SumTree.fromState({ ...tree.getState(), kind: 'x' as 'SumTree' })).toThrow("state.kind is 'x'");
  });
});
