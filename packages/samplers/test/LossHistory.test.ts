import { RandomGenerator } from '@gradis/samplers';
import { expect, test } from 'vitest';
import { LossHistory } from '../src/LossHistory.js';

test.each([1, 2, 7, 50])('ranks losses among the last %d as a plain list does, ties included', (size) => {
  const random = new RandomGenerator(size);
  const history = new LossHistory(size);
  const list: number[] = [];
  const shareUpTo = (loss: number) => list.filter((other) => other <= loss).length / list.length;
  for (let step = 0; step < 10_000; step++) {
    const loss = random.integer(2) === 0 ? random.integer(4) : random.uniform();
    history.push(loss);
    list.push(loss);
    if (list.length > size) list.shift();
    for (const asked of [loss, random.uniform(), -1, 5]) {
      if (history.cdf(asked) !== shareUpTo(asked)) expect(history.cdf(asked)).toBe(shareUpTo(asked));
    }
    if (step % 100 > 0) continue;
    expect(history.toArray()).toEqual(Float64Array.from(list));
    for (const exponent of [0, 0.5, 3]) {
      const mean = list.reduce((sum, other) => sum + shareUpTo(other) ** exponent, 0) / list.length;
      expect(history.meanPower(exponent)).toBeCloseTo(mean, 13);
    }
  }
});
