import { RandomGenerator } from '@gradis/samplers';
import { describe, expect, test } from 'vitest';
import { RankOrder } from '../src/RankOrder.js';

/** The items by descending value, ties by index: sorted anew. */
function sorted(values: readonly number[]): number[] {
  const compare = (a: number, b: number) => (values[a] === values[b] ? a - b : values[a]! > values[b]! ? -1 : 1);
  return values.map((_, item) => item).sort(compare);
}

describe('RankOrder', () => {
  test.each([1, 2, 17, 60])('does what sorting anew does, with %d items, over 30,000 random changes', (size) => {
    const random = new RandomGenerator(size);
    const values: number[] = new Array(size).fill(Number.POSITIVE_INFINITY);
    const order = new RankOrder(size);
    expect([...order.items()]).toEqual(sorted(values));
    // Many ties, zeros and infinities among numbers of any size.
    const value = () => [0, Number.POSITIVE_INFINITY, random.integer(5), 1e-300, random.uniform()][random.integer(5)]!;
    let wrong = 0;
    for (let change = 1; change <= 30_000; change++) {
      if (change % 1000 === 0) {
        for (let item = 0; item < size; item++) values[item] = value();
        order.fill(values);
      } else {
        const item = random.integer(size);
        values[item] = value();
        order.set(item, values[item]!);
      }
      const expected = sorted(values);
      for (let rank = 0; rank < size; rank++) if (order.at(rank) !== expected[rank]) wrong++;
      if (change % 500 === 0) expect([...order.items()]).toEqual(expected);
    }
    expect(wrong).toBe(0);
    expect([...order.values]).toEqual(values);
  });

  test.each([
    ['rising', (item: number) => item, (rank: number) => 19_999 - rank],
    ['falling', (item: number) => 19_999 - item, (rank: number) => rank],
    ['equal', () => 1, (rank: number) => rank],
  ])('takes 20,000 %s values one by one', (_, valueAt, itemAt) => {
    const order = new RankOrder(20_000);
    for (let item = 0; item < 20_000; item++) order.set(item, valueAt(item));
    expect(order.items()).toEqual(new Int32Array(20_000).map((_, rank) => itemAt(rank)));
    for (const rank of [0, 1, 10_000, 19_999]) expect(order.at(rank)).toBe(itemAt(rank));
  });
});
