import { CalibratedSampler, RandomGenerator } from '@gradis/samplers';
import { expectFrequencies } from '@gradis/tooling/testing';
import { describe, expect, test } from 'vitest';
import { drawsEvenly } from './drawsEvenly.js';

const N = 120;
const AGES = 5;
const MOMENTUM = 0.8;

/** The sampler's rule with a plain record for each sample and every sum over all of them made anew. */
class Oracle {
  readonly samples = Array.from({ length: N }, () => ({ row: 0, age: 0, visited: 0, level: 0 }));
  /** Decayed sum and number of the squared scores seen in each cell, by row and age. */
  readonly cells = Array.from({ length: 256 }, () => Array.from({ length: AGES }, () => ({ sum: 0, count: 0 })));
  values: number[][] = [];
  steps = 0;
  seen = 0;
  hand = 0;

  /** Decayed sum and number of the scores, weighted as if draws were uniform. */
  recent = { sum: 0, count: 0 };

  observed(indices: number[], absoluteScores: number[]): void {
    const mean = this.values[0]?.[0] ?? 0;
    const weights = indices.map((index) => {
      const { row, age } = this.samples[index]!;
      return mean > 0 ? 1 / (0.8 * Math.min(N, this.values[row]![age]! / mean) + 0.2) : 1;
    });
    const kept = Math.exp(-indices.length / 500);
    this.recent.sum = kept * this.recent.sum + sum(weights.map((weight, k) => weight * absoluteScores[k]!));
    this.recent.count = kept * this.recent.count + indices.length;
    const scores = absoluteScores.map((score) => (score * this.recent.count) / this.recent.sum);
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
    for (const [k, index] of indices.entries()) {
      const { row, level } = this.samples[index]!;
      const square = row === 0 ? scores[k]! ** 2 : MOMENTUM * level ** 2 + (1 - MOMENTUM) * scores[k]! ** 2;
      const newLevel = Math.fround(Math.sqrt(square));
      const bin = newLevel === 0 ? 0 : 127 + Math.floor(Math.log2(newLevel));
      this.samples[index] = { row: 1 + bin, age: 0, visited: this.now(), level: newLevel };
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
      const middle = r <= 1 ? 0 : 2 ** (r - 1 - 127 + 0.5);
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
    let isFirstEpoch = true;
    for (let step = 0; drawn < 100_000; step++) {
      const { indices, probabilities } = sampler.draw(1 + random.integer(24));
      drawn += indices.length;
      if (isFirstEpoch) expect(probabilities).toEqual(new Float64Array(indices.length).fill(1 / N));
      else expectSame(probabilities, indices);
      // Now and then scores come in part, more than once, or for samples that were not drawn.
      const seen = Array.from(indices);
      if (step % 7 === 0) seen.push(random.integer(N), seen[0]!);
      if (step % 11 === 0) seen.splice(0, Math.floor(seen.length / 2));
      for (const index of indices) unseen.delete(index);
      if (unseen.size === 0 || seen.some((index) => unseen.has(index))) isFirstEpoch = false;
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

  test.each([500, 1])('is unbiased when scores of %d samples come before any draw', (observed) => {
    // The mean of 1 over the samples observed first, 0 over the others; p is exact, so its deviation is known.
    let [total, variance] = [0, 0];
    const runs = 400;
    for (let seed = 0; seed < runs; seed++) {
      const sampler = new CalibratedSampler(1000, { seed, drawing: 'with-replacement' });
      const first = Int32Array.from({ length: observed }, (_, index) => index);
      sampler.observe(first, new Float64Array(observed).fill(1));
      const p = sampler.probabilities();
      const { indices, weights } = sampler.draw(10);
      total += sum(Array.from(indices, (index, k) => (index < observed ? weights[k]! / 10 : 0)));
      const truth = observed / 1000;
      variance += (sum(Array.from(first, (index) => 1 / (1000 ** 2 * p[index]!))) - truth ** 2) / 10;
    }
    expect(Math.abs(total / runs - observed / 1000)).toBeLessThan((4 * Math.sqrt(variance)) / runs);
    expect(total).toBeGreaterThan(0);
  });

  test('visits the samples of the first epoch in random order', () => {
    const counts = new Int32Array(12);
    for (let seed = 0; seed < 12_000; seed++) counts[new CalibratedSampler(12, { seed }).draw(1).indices[0]!]!++;
    expectFrequencies(counts, new Float64Array(12).fill(1 / 12));
  });

  test('systematic draws take each sample ⌊B p⌋ or ⌈B p⌉ times, others do not', () => {
    const isEven = (drawing: 'systematic' | 'with-replacement') => {
      const sampler = new CalibratedSampler(40, { seed: 3, drawing });
      const observe = (indices: Int32Array) =>
        sampler.observe(
          indices,
          Float64Array.from(indices, (i) => 2 ** (i % 7)),
        );
      for (let step = 0; step < 60; step++) observe(sampler.draw(10).indices);
      return drawsEvenly(sampler, 64);
    };
    expect(isEven('systematic')).toBe(true);
    expect(isEven('with-replacement')).toBe(false);
  });

  test('tells its probabilities without the uniform part, and may be given another one', () => {
    const sampler = new CalibratedSampler(30, { seed: 3 });
    for (let step = 0; step < 60; step++) {
      const { indices } = sampler.draw(10);
      sampler.observe(
        indices,
        Float64Array.from(indices, (i) => 1 + i),
      );
    }
    const all = Int32Array.from({ length: 30 }, (_, i) => i);
    const unmixed = sampler.unmixedProbabilities(all);
    for (const uniformMix of [0.2, 0, 0.7, 1]) {
      sampler.uniformMix = uniformMix;
      sampler.probabilities().forEach((probability, i) => {
        expect(probability).toBeCloseTo((1 - uniformMix) * unmixed[i]! + uniformMix / 30, 14);
      });
    }
    expect(() => {
      sampler.uniformMix = 1.5;
    }).toThrow('uniformMix is 1.5; it must be in [0, 1].');
    expect(new CalibratedSampler(4).unmixedProbabilities([0, 1])).toEqual(Float64Array.of(0.25, 0.25));
  });

  test('tells ages apart after its clock has wrapped around', () => {
    const sampler = new CalibratedSampler(2, { seed: 1 });
    // The clock counts to 2²⁰ 64ths of an epoch.
    for (let epoch = 0; epoch < 2 ** 20 / 64 + 10; epoch++) sampler.observe([0, 1], [1, 1]);
    const agesOf = () => {
      const { counts, members } = sampler.getState().buckets;
      const ages = new Map<number, number>();
      let next = 0;
      counts.forEach((count, bucket) => {
        for (let k = 0; k < count; k++) ages.set(members[next++]!, bucket % 5);
      });
      return [ages.get(0), ages.get(1)];
    };
    expect(agesOf()).toEqual([0, 0]);
    for (let step = 0; step < 2 * 10; step++) sampler.observe([0], [1]);
    expect(agesOf()).toEqual([0, 3]);
  });

  test('says what second moment its expected scores promise', () => {
    const sampler = new CalibratedSampler(100, { seed: 2 });
    expect(sampler.diagnostics()).toEqual({ expectedRatio: 1 });
    for (let step = 0; step < 400; step++) {
      const { indices } = sampler.draw(10);
      sampler.observe(
        indices,
        Float64Array.from(indices, (i) => (i < 10 ? 8 : 1)),
      );
    }
    // (mean s)²/mean s²; constant scores are learned but for what the prior adds.
    expect(sampler.diagnostics().expectedRatio).toBeCloseTo(1.7 ** 2 / 7.3, 1);
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
