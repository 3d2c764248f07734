import { RandomGenerator } from '@gradis/samplers';
import { expect, test } from 'vitest';
import { kthSmallest } from '../src/kthSmallest.js';

test('finds what sorting finds, with and without ties', () => {
  const random = new RandomGenerator(3);
  for (let round = 0; round < 20_000; round++) {
    const length = 1 + random.integer(30);
    const different = 1 + random.integer(40);
    const values = Float32Array.from({ length }, () => random.integer(different) / 3);
    const k = random.integer(length);
    expect(kthSmallest(values.slice(), k)).toBe(values.toSorted()[k]);
  }
});

test.each(['ascending', 'descending', 'equal'])('takes linear time on %s values', (order) => {
  const length = 1_000_000; // with quadratic time this would take hours
  const sign = { ascending: 1, descending: -1, equal: 0 }[order]!;
  const values = Float32Array.from({ length }, (_, i) => sign * i);
  const expected = sign === -1 ? 333 - (length - 1) : sign * 333;
  expect(kthSmallest(values, 333)).toBe(expected === 0 ? values[333] : expected);
});
