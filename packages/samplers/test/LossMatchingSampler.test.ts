import {
  LossMatchingSampler,
  type LossMatchingSamplerOptions,
  type LossMatchingSamplerState,
  RandomGenerator,
} from '@gradis/samplers';
import { expectFrequencies } from '@gradis/tooling/testing';
import { describe, expect, test } from 'vitest';
import { nextBatch, testCandidateContract } from './candidateContract.js';
import { SCORES, teach, testSamplerContract } from './contract.js';

const uniform = new Float64Array(12).fill(1 / 12);

testSamplerContract({
  name: 'LossMatchingSampler (stratified)',
  create: (seed) => teach(new LossMatchingSampler(12, { seed, presampleFactor: 1.5, selection: 'stratified' })),
  draw: (sampler, batchSize) =>
    nextBatch(sampler as LossMatchingSampler, batchSize, (indices) => indices.map((index) => 4 * SCORES[index]!)),
  probabilities: () => uniform,
  unbiased: true,
  drawsUnscored: true,
});

testSamplerContract({
  name: 'LossMatchingSampler (matched, with losses that are all alike)',
  create: (seed) => teach(new LossMatchingSampler(12, { seed, presampleFactor: 1.5 })),
  draw: (sampler, batchSize) => nextBatch(sampler as LossMatchingSampler, batchSize, (indices) => indices.map(() => 3)),
  probabilities: () => uniform,
  unbiased: true,
  drawsUnscored: true,
});

for (const selection of ['matched', 'stratified'] as const) {
  testCandidateContract({
    name: `LossMatchingSampler (${selection})`,
    create: (size, seed) => new LossMatchingSampler(size, { seed, presampleFactor: 6, selection }),
    candidates: 24,
  });
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The candidates' positions that are chosen, by trying every swap; the random offset is given. */
function choose(losses: number[], batchSize: number, offset: number, selection: string): number[] {
  const ranked = losses.map((loss, k) => ({ loss, k })).sort((a, b) => a.loss - b.loss || a.k - b.k);
  const n = losses.length;
  const count = Math.min(batchSize, n);
  let chosen = new Set<number>();
  // Of the n·count numbers, each rank owns `count`, and every n-th number is taken.
  for (let number = offset; number < n * count; number += n) chosen.add(Math.floor(number / count));
  const errorOf = (ranks: Set<number>) => Math.abs(mean([...ranks].map((rank) => ranked[rank]!.loss)) - mean(losses));
  while (selection === 'matched') {
    let best = chosen;
    for (const out of chosen) {
      for (let into = 0; into < n; into++) {
        if (chosen.has(into)) continue;
        const other = new Set(chosen);
        other.delete(out);
        other.add(into);
        if (errorOf(other) < errorOf(best)) best = other;
      }
    }
    if (errorOf(best) > errorOf(chosen) - 1e-13) break;
    chosen = best;
  }
  return [...chosen].sort((a, b) => a - b).map((rank) => ranked[rank]!.k);
}

describe('LossMatchingSampler', () => {
  test.each(['matched', 'stratified'] as const)(
    'chooses what trying every swap does, in 50,000 random operations (%s)',
    (selection) => {
      const random = new RandomGenerator(4);
      let sampler = new LossMatchingSampler(50, { presampleFactor: 4, selection, seed: 5 });
      let candidates: { indices: Int32Array; batchSize: number } | undefined;
      let batches = 0;
      for (let operation = 0; operation < 50_000; operation++) {
        const kind = random.integer(10);
        const batchSize = 1 + random.integer(3);
        if (kind === 0) expect(sampler.draw(batchSize).indices.length).toBeLessThanOrEqual(batchSize);
        else if (kind === 1) sampler = LossMatchingSampler.fromState(structuredClone(sampler.getState()));
        else if (kind === 2) sampler.observe([random.integer(50), 3, 3], [1, 0, random.uniform()]);
        else if (kind < 6 || !candidates) candidates = { indices: sampler.presample(batchSize), batchSize };
        else {
          const { indices, batchSize: count } = candidates;
          const losses = Array.from(indices, () => -Math.log(1 - random.uniform()));
          const offset = RandomGenerator.fromState(sampler.getState().random).integer(indices.length);
          const expected = choose(losses, count, offset, selection);
          expect(sampler.resample(losses).indices.join()).toBe(expected.map((k) => indices[k]).join());
          const share = Math.abs(mean(expected.map((k) => losses[k]!)) / mean(losses) - 1);
          expect(Math.abs(sampler.meanLossError - share)).toBeLessThan(1e-12);
          candidates = undefined;
          batches++;
        }
      }
      expect(batches).toBeGreaterThan(8000);
    },
  );

  test('brings the mean loss of a batch to that of the candidates, where chance is off by a tenth', () => {
    const random = new RandomGenerator(6);
    const errors = (['matched', 'stratified'] as const).map((selection) => {
      const sampler = new LossMatchingSampler(10_000, { selection });
      let largest = 0;
      for (let step = 0; step < 50; step++) {
        nextBatch(sampler, 64, (given) => Float64Array.from(given, () => -Math.log(1 - random.uniform())));
        largest = Math.max(largest, sampler.meanLossError);
      }
      return largest;
    });
    expect(errors[0]).toBeLessThan(1e-4);
    expect(errors[1]).toBeGreaterThan(1e-2);
    expect(errors[1]).toBeLessThan(0.5);
  });

  test('matched, chooses the candidates that fill the gap more often: the bias that it states', () => {
    const count = (selection: 'matched' | 'stratified') => {
      const sampler = new LossMatchingSampler(12, { presampleFactor: 4, selection });
      const counts = new Int32Array(12);
      for (let step = 0; step < 20_000; step++) {
        for (const index of nextBatch(sampler, 3, (given) => given.map((k) => 4 * SCORES[k]!)).indices)
          counts[index]!++;
      }
      return counts;
    };
    expectFrequencies(count('stratified'), uniform);
    expect(() => expectFrequencies(count('matched'), uniform)).toThrow();
  });

  test('takes all candidates if the batch is as large, and the whole data set at most', () => {
    const all = new LossMatchingSampler(50, { presampleFactor: 1 });
    const candidates = all.presample(8);
    expect(all.resample(candidates).indices.toSorted()).toEqual(candidates.toSorted());
    const small = new LossMatchingSampler(6);
    expect(small.presample(4).toSorted()).toEqual(Int32Array.of(0, 1, 2, 3, 4, 5));
    expect(small.presample(20)).toHaveLength(6);
    expect(small.resample([1, 2, 3, 4, 5, 6]).indices).toHaveLength(6);
  });

  test('rounds the number of candidates to the nearest', () => {
    const lengths = (presampleFactor: number) =>
      [1, 2, 3].map((batchSize) => new LossMatchingSampler(50, { presampleFactor }).presample(batchSize).length);
    expect(lengths(1.5)).toEqual([2, 3, 5]);
    expect(lengths(1.4)).toEqual([1, 3, 4]);
  });

  test('has the defaults that it states', () => {
    const sampler = new LossMatchingSampler(50);
    expect(sampler.getState().options).toEqual({ presampleFactor: 10, selection: 'matched' });
    expect(sampler.getState()).toEqual(new LossMatchingSampler(50, { seed: 0 }).getState());
    expect(sampler.meanLossError).toBe(0);
  });

  test('names every option and every field of a state that it cannot use', () => {
    const refused: [LossMatchingSamplerOptions, string][] = [
      [{ presampleFactor: 0.5 }, 'presampleFactor is 0.5; it must be finite and ≥ 1.'],
      [{ selection: 'best' as 'matched' }, "selection is 'best'; it must be one of 'matched', 'stratified'."],
      [{ seed: 0.5 }, 'seed is 0.5'],
    ];
    for (const [options, message] of refused) expect(() => new LossMatchingSampler(9, options)).toThrow(message);
    expect(() => new LossMatchingSampler(0)).toThrow('size is 0');
    const state = new LossMatchingSampler(9).getState();
    for (const value of [Number.NaN, -1, undefined]) {
      expect(() =>
        LossMatchingSampler.fromState({ ...state, meanLossError: value } as LossMatchingSamplerState),
      ).toThrow(`state.meanLossError is ${value}; it must be finite and ≥ 0.`);
    }
  });
});
