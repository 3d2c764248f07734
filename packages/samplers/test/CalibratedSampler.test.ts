import { CalibratedSampler, RandomGenerator } from '@gradis/samplers';
import { describe, expect, test } from 'vitest';

const N = 120;
const AGES = 5;
const MOMENTUM = 0.8;

/** The sampler's rule with a plain record for each sample and every sum over all of them made anew. */
class Oracle {
  readonly samples = Array.from({ length: N }, () => ({ row: 0, age: 0, visited: 0, level: 0 }));
  /** Decayed sum and number of the squared scores seen in each cell, by row and age. */
  readonly cells = Array.from({ length: 41 }, () => Array.from({ length: AGES }, () => ({ sum: 0, count: 0 })));
  values: number[][] = [];
  unit = 0;
  steps = 0;
  seen = 0;
  hand = 0;

  observed(indices: number[], scores: number[]): void {
    for (const cell of this.cells.flat()) {
      cell.sum *= 0.9995;
      cell.count *= 0.9995;
    }
    const before = indices.map((index) => ({ ...this.samples[index]! }));
    for (const [k, { row, age }] of before.entries()) {
      if (row === 0) continue;
      this.cells[row]![age]!.sum += scores[k]! ** 2;
      this.cells[row]![age]!.count++;
    }
    this.seen += indices.length;
    if (this.unit === 0) this.unit = Math.max(...scores);
    for (const [k, index] of indices.entries()) {
      const { row, level } = this.samples[index]!;
      const square = row === 0 ? scores[k]! ** 2 : MOMENTUM * level ** 2 + (1 - MOMENTUM) * scores[k]! ** 2;
      const newLevel = Math.fround(Math.sqrt(square));
      const bin = newLevel === 0 ? 0 : 31 + Math.floor(Math.log2(newLevel / this.unit));
      this.samples[index] = { row: 1 + Math.min(39, Math.max(0, bin)), age: 0, visited: this.now(), level: newLevel };
    }
    for (let k = 0; k < Math.min(2 * indices.length, N); k++) {
      const sample = this.samples[this.hand]!;
      this.hand = (this.hand + 1) % N;
      if (sample.row === 0) continue;
      const epochs = (this.now() - sample.visited) / 64;
      sample.age = [0.5, 2, 8, 32].filter((bound) => epochs >= bound).length;
    }
    if (this.steps++ % 8 === 0) this.refresh();
  }

  probabilities(uniformMix: number): number[] {
    const values = this.samples.map(({ row, age }) => this.values[row]?.[age] ?? 0);
    const total = sum(values);
    return values.map((value) => (total > 0 ? ((1 - uniformMix) * value) / total + uniformMix / N : 1 / N));
  }

  private refresh(): void {
    const known = this.cells.map((row, r) => {
      const middle = this.unit * 2 ** (r - 0.5 - 31);
      const meanOfRow = (sum(row.map((cell) => cell.sum)) + 5 * middle ** 2) / (sum(row.map((cell) => cell.count)) + 5);
      return row.map((cell) => Math.sqrt((cell.sum + 5 * meanOfRow) / (cell.count + 5)));
    });
    const scored = this.samples.filter(({ row }) => row > 0).map(({ row, age }) => known[row]![age]!);
    known[0] = known[0]!.map(() => sum(scored) / scored.length);
    this.values = known;
  }

  private now(): number {
    return Math.floor((this.seen / N) * 64);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

describe('CalibratedSampler', () => {
  test('has the probabilities of its formula, for every sample, over 200,000 random draws and observations', () => {
    const random = new RandomGenerator(5);
    const uniformMix = 0.2;
    let sampler = new CalibratedSampler(N, { uniformMix, seed: 6 });
    const oracle = new Oracle();
    // Scores that fall and rise at different rates, are noisy, sometimes zero, and span many decades.
    const scoreOf = (index: number, step: number) =>
      random.uniform() < 0.05 ? 0 : 10 ** (-(index / 20) * Math.abs(Math.sin(step / 500))) * (0.5 + random.uniform());
    const expectSame = (actual: ArrayLike<number>, indices: ArrayLike<number>) => {
      const expected = oracle.probabilities(uniformMix);
      const differences = Array.from(indices, (index, k) => Math.abs(actual[k]! - expected[index]!));
      expect(Math.max(...differences)).toBeLessThan(1e-12);
    };
    const all = Array.from({ length: N }, (_, index) => index);
    const unseen = new Set(all);
    let drawn = 0;
    for (let step = 0; drawn < 100_000; step++) {
      const isFirstEpoch = unseen.size > 0;
      const { indices, probabilities } = sampler.draw(1 + random.integer(24));
      drawn += indices.length;
      if (isFirstEpoch) expect(probabilities).toEqual(new Float64Array(indices.length).fill(1 / N));
      else expectSame(probabilities, indices);
      // Now and then scores come in part, more than once, or for samples that were not drawn.
      const seen = Array.from(indices);
      if (step % 7 === 0) seen.push(random.integer(N), seen[0]!);
      if (step % 11 === 0) seen.splice(0, Math.floor(seen.length / 2));
      for (const index of [...indices, ...seen]) unseen.delete(index);
      const scores = seen.map((index) => scoreOf(index, step));
      sampler.observe(seen, scores);
      oracle.observed(seen, scores);
      if (step % 100 === 50 && !isFirstEpoch) expectSame(sampler.probabilities(), all);
      if (step % 500 === 499) sampler = CalibratedSampler.fromState(structuredClone(sampler.getState()));
    }
    const expected = oracle.probabilities(uniformMix);
    expect(Math.max(...expected) / Math.min(...expected)).toBeGreaterThan(3);
  });

  test('visits every sample once in the first epoch, with weights 1', () => {
    const sampler = new CalibratedSampler(10, { seed: 3 });
    const draws = [4, 4, 4].map((batchSize) => sampler.draw(batchSize));
    expect(draws.map(({ indices }) => indices.length)).toEqual([4, 4, 2]);
    expect(draws.flatMap(({ indices }) => Array.from(indices)).sort((a, b) => a - b)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
    expect(draws.every(({ weights }) => weights.every((weight) => weight === 1))).toBe(true);
  });

  test.each([1e-30, 1, 1e30])('does not care what scores are measured in (unit %d)', (unit) => {
    const run = (scale: number) => {
      const sampler = new CalibratedSampler(200, { seed: 1 });
      for (let step = 0; step < 100; step++) {
        const { indices } = sampler.draw(20);
        sampler.observe(
          indices,
          Array.from(indices, (index) => scale * 10 ** -(index % 5)),
        );
      }
      return sampler.probabilities();
    };
    const expected = run(1);
    run(unit).forEach((probability, index) => {
      expect(probability / expected[index]!).toBeCloseTo(1, 9);
    });
  });

  test('learns that an old small score means a larger one by now', () => {
    // Every sample falls to 0.01 when it is visited and grows back to 1 within an epoch.
    const size = 400;
    const sampler = new CalibratedSampler(size, { seed: 2 });
    const visited = new Float64Array(size);
    let drawn = 0;
    for (let step = 0; step < 600; step++) {
      const { indices } = sampler.draw(20);
      drawn += 20;
      const scores = Array.from(indices, (index) => Math.max(0.01, Math.min(1, (drawn - visited[index]!) / size)));
      sampler.observe(indices, scores);
      for (const index of indices) visited[index] = drawn;
    }
    const p = sampler.probabilities();
    const meanWhere = (old: boolean) => {
      const chosen = Array.from(p).filter((_, i) => drawn - visited[i]! > size === old);
      return chosen.reduce((sum, value) => sum + value, 0) / chosen.length;
    };
    expect(meanWhere(true)).toBeGreaterThan(1.5 * meanWhere(false));
  });

  test.each([
    [1, (probability: number) => 1 / (50 * probability)],
    [0.5, (probability: number) => (1 / (50 * probability)) ** 0.5],
    [0, () => 1],
  ])('weights by the exponent %d of 1/(N p)', (weightExponent, weightOf) => {
    const sampler = new CalibratedSampler(50, { weightExponent, seed: 4 });
    for (let step = 0; step < 60; step++) {
      const { indices, probabilities, weights } = sampler.draw(10);
      weights.forEach((weight, k) => {
        expect(weight).toBeCloseTo(weightOf(probabilities[k]!), 5);
      });
      sampler.observe(
        indices,
        Array.from(indices, (index) => 1 + index),
      );
    }
    expect(new Set(sampler.probabilities()).size).toBeGreaterThan(3);
  });

  test('draws uniformly while all scores are zero', () => {
    const sampler = new CalibratedSampler(30, { seed: 4 });
    for (let step = 0; step < 30; step++) {
      const { indices, weights } = sampler.draw(10);
      expect(weights.every((weight) => Math.abs(weight - 1) < 1e-6)).toBe(true);
      sampler.observe(
        indices,
        Array.from(indices, () => 0),
      );
    }
  });

  test.each([1, 2, 10])('works with %d samples and larger batches', (size) => {
    const sampler = new CalibratedSampler(size, { seed: 1 });
    for (let step = 0; step < 20; step++) {
      const { indices, weights } = sampler.draw(16);
      expect(weights.every(Number.isFinite)).toBe(true);
      sampler.observe(
        indices,
        Array.from(indices, (index) => index),
      );
    }
  });
});
