import { RandomGenerator, UniformSampler } from '@gradis/samplers';
import { describe, expect, test } from 'vitest';

const ascending = (indices: number[]) => indices.sort((a, b) => a - b);

describe('UniformSampler', () => {
  test.each([
    [10, 4, [4, 4, 2]],
    [10, 5, [5, 5]],
    [3, 8, [3]],
    [1, 1, [1]],
  ])('visits each of %d samples once an epoch in batches of %d', (size, batchSize, lengths) => {
    const sampler = new UniformSampler(size, { seed: 2 });
    const orders = new Set<string>();
    for (let epoch = 0; epoch < 50; epoch++) {
      const draws = lengths.map(() => sampler.draw(batchSize));
      expect(draws.map((draw) => draw.indices.length)).toEqual(lengths);
      const indices = draws.flatMap((draw) => [...draw.indices]);
      orders.add(indices.join());
      expect(ascending(indices)).toEqual(Array.from({ length: size }, (_, index) => index));
    }
    if (size === 10) expect(orders.size).toBe(50);
  });

  test.each([1, 7, 40])('reads one shuffled list after another, in 40,000 random operations: N = %d', (size) => {
    const random = new RandomGenerator(size);
    const shuffles = new RandomGenerator(6);
    let sampler = new UniformSampler(size, { seed: 6 });
    const order = Int32Array.from({ length: size }, (_, index) => index);
    let left: number[] = [];
    for (let operation = 0; operation < 40_000; operation++) {
      const kind = random.integer(20);
      if (kind === 0) sampler = UniformSampler.fromState(structuredClone(sampler.getState()));
      else if (kind === 1) sampler.observe([random.integer(size)], [random.uniform()]);
      else {
        if (left.length === 0) left = [...shuffles.shuffle(order)];
        const batchSize = 1 + random.integer(9);
        const { indices, probabilities, weights } = sampler.draw(batchSize);
        const expected = left.splice(0, batchSize);
        const isRight =
          indices.join() === expected.join() &&
          probabilities.join() === expected.map(() => 1 / size).join() &&
          weights.join() === expected.map(() => 1).join();
        if (!isRight) expect(indices.join()).toBe(`${expected}, operation ${operation}`);
      }
    }
  });

  test('has the seed 0 by default', () => {
    expect(new UniformSampler(50).getState()).toEqual(new UniformSampler(50, { seed: 0 }).getState());
  });

  test('learns nothing from scores', () => {
    const sampler = new UniformSampler(6);
    const before = sampler.getState();
    sampler.observe([0, 1], [100, 0]);
    expect(sampler.getState()).toEqual(before);
  });

  test('refuses a size or a seed that it cannot use', () => {
    expect(() => new UniformSampler(0)).toThrow('size is 0; it must be an integer in [1, 2147483647].');
    expect(() => new UniformSampler(2.5)).toThrow('size is 2.5');
    expect(() => new UniformSampler(2, { seed: Number.NaN })).toThrow('seed is NaN');
  });
});
