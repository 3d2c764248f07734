import { PruningSampler, type PruningSamplerOptions, RandomGenerator, samplerFromState } from '@gradis/samplers';
import { describe, expect, test } from 'vitest';
import { SCORES, teach, testSamplerContract } from './contract.js';

const ascending = (indices: Iterable<number>) => [...indices].sort((a, b) => a - b);

/** One epoch in a single batch, in which sample i has the score `scoreOf(i)`; gives the samples that it visited. */
function epochOf(sampler: PruningSampler, scoreOf: (index: number) => number): number[] {
  const { indices } = sampler.draw(sampler.size);
  sampler.observe(
    indices,
    Float64Array.from(indices, (index) => scoreOf(index)),
  );
  return ascending(indices);
}

/** Pruned are samples 0 and 7, the lowest two of `SCORES`. */
testSamplerContract({
  name: 'PruningSampler',
  create: (seed) => teach(new PruningSampler(12, { quantile: 0.2, patience: 1, readmitEvery: 1_000_000, seed })),
  draw: (sampler, batchSize) => sampler.draw(batchSize),
  probabilities: () => SCORES.map((score) => (score < 0.5 ? 0 : 1 / 10)),
  unbiased: false,
  drawsUnscored: false,
});

testSamplerContract({
  name: 'PruningSampler (nothing pruned)',
  create: (seed) => teach(new PruningSampler(12, { quantile: 0, seed })),
  draw: (sampler, batchSize) => sampler.draw(batchSize),
  probabilities: () => new Float64Array(12).fill(1 / 12),
  unbiased: true,
  drawsUnscored: true,
});

interface NaiveSample {
  score?: number;
  lowInRow: number;
  observed: boolean;
  pruned: boolean;
}

/** The method with a plain record for each sample. */
class NaivePruning {
  readonly samples: NaiveSample[];
  left: number[] = [];
  epoch = -1;
  saved = 0;
  readmitted = 0;

  constructor(
    size: number,
    readonly options: { quantile: number; patience: number; readmitEvery: number; momentum: number },
  ) {
    this.samples = Array.from({ length: size }, () => ({ lowInRow: 0, observed: false, pruned: false }));
  }

  get active(): NaiveSample[] {
    return this.samples.filter((sample) => !sample.pruned);
  }

  beginEpoch(): void {
    const { quantile, patience, readmitEvery } = this.options;
    this.epoch++;
    const known = this.active.flatMap(({ score }) => (score === undefined ? [] : [score]));
    const sorted = known.toSorted((a, b) => a - b);
    const lowest = new Set(sorted.slice(0, Math.floor(quantile * sorted.length)));
    lowest.delete(Math.max(...known));
    const pruned = this.samples.filter((sample) => sample.pruned);
    for (const sample of this.active) {
      if (sample.observed) sample.lowInRow = lowest.has(sample.score!) ? sample.lowInRow + 1 : 0;
      sample.pruned = sample.lowInRow >= patience;
    }
    if (this.epoch % readmitEvery === 0) {
      this.readmitted += pruned.length;
      for (const sample of pruned) sample.score = undefined;
      for (const sample of this.samples.filter((sample) => sample.pruned)) {
        sample.pruned = false;
        sample.lowInRow = patience - 1;
      }
    }
    for (const sample of this.samples) sample.observed = false;
    this.left = [...this.samples.keys()].filter((index) => !this.samples[index]!.pruned);
    this.saved += this.samples.length - this.left.length;
  }

  observe(index: number, score: number): void {
    const { momentum } = this.options;
    const sample = this.samples[index]!;
    const value = sample.score === undefined ? score : momentum * sample.score + (1 - momentum) * score;
    sample.score = Math.fround(value);
    sample.observed = true;
  }
}

describe('PruningSampler', () => {
  test.each([
    [1, {}],
    [2, { quantile: 0.6, patience: 1 }],
    [14, { readmitEvery: 7 }],
    [31, { quantile: 0.2, patience: 3, momentum: 0.5, readmitEvery: 11 }],
  ] as [number, PruningSamplerOptions][])(
    'agrees with plain records over random batches, late and double scores, and restores: %d samples, %j',
    (size, options) => {
      const random = new RandomGenerator(23);
      let sampler = new PruningSampler(size, { ...options, seed: 5 });
      const naive = new NaivePruning(size, { quantile: 0.3, patience: 2, readmitEvery: 5, momentum: 0.1, ...options });
      const waiting: number[][] = [];
      let mostPruned = 0;
      for (let step = 0; step < 13_000; step++) {
        const before = random.uniform() < 0.1 ? sampler.probabilities() : undefined;
        if (naive.left.length === 0) naive.beginEpoch();
        const active = naive.active.length;
        mostPruned = Math.max(mostPruned, size - active);
        const batchSize = 1 + random.integer(9);
        const { indices, probabilities, weights } = sampler.draw(batchSize);
        if (before) expect(before).toEqual(Float64Array.from(naive.samples, ({ pruned }) => (pruned ? 0 : 1 / active)));
        const fresh = new Set(indices).size === indices.length && indices.every((index) => naive.left.includes(index));
        const expected = Math.min(batchSize, naive.left.length);
        naive.left = naive.left.filter((index) => !indices.includes(index));
        const { savedVisits, activeCount, prunedCount, readmittedCount, epoch } = sampler;
        expect({
          probabilities,
          weights,
          fresh,
          savedVisits,
          activeCount,
          prunedCount,
          readmittedCount,
          epoch,
        }).toEqual({
          probabilities: new Float64Array(expected).fill(1 / active),
          weights: new Float32Array(expected).fill(1),
          fresh: true,
          savedVisits: naive.saved,
          activeCount: active,
          prunedCount: size - active,
          readmittedCount: naive.readmitted,
          epoch: naive.epoch + (naive.left.length === 0 ? 1 : 0),
        });

        waiting.push([...indices]);
        while (waiting.length > random.integer(3)) {
          const batch = waiting.shift()!.filter(() => random.uniform() < 0.95);
          if (random.uniform() < 0.1) batch.push(random.integer(size));
          if (batch.length === 0) continue;
          // Some samples are easier than others, by and by; equal scores and zeros are frequent.
          const scores = batch.map((index) => random.integer(4 + (index % 5) * 3));
          sampler.observe(batch, scores);
          for (const [k, index] of batch.entries()) naive.observe(index, scores[k]!);
        }
        if (random.uniform() < 0.05) sampler = samplerFromState(structuredClone(sampler.getState())) as PruningSampler;
      }
      expect(naive.epoch).toBeGreaterThan(1000);
      if (size === 1) return;
      expect(mostPruned).toBeGreaterThanOrEqual(size / 3);
      expect(naive.readmitted).toBeGreaterThan(100);
    },
  );

  test('prunes after `patience` low epochs in a row, and not if one of them is not low', () => {
    const sampler = new PruningSampler(10, { quantile: 0.2, patience: 3, readmitEvery: 100 });
    const all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    for (let epoch = 0; epoch < 3; epoch++) {
      expect(epochOf(sampler, (index) => (index === 1 && epoch === 1 ? 50 : index))).toEqual(all);
    }
    expect(epochOf(sampler, (index) => index)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([sampler.activeCount, sampler.prunedCount]).toEqual([9, 1]);
  });

  test('lets all pruned samples return on schedule; those that are low again leave after that epoch', () => {
    const sampler = new PruningSampler(10, { quantile: 0.2, readmitEvery: 4, momentum: 0.5 });
    const visited = Array.from({ length: 4 }, () => epochOf(sampler, (index) => index));
    expect(visited.map(({ length }) => length)).toEqual([10, 10, 8, 8]);
    expect(sampler.readmittedCount).toBe(0);
    expect(epochOf(sampler, (index) => (index === 0 ? 30 : index))).toHaveLength(10);
    expect(sampler.readmittedCount).toBe(2);
    expect(sampler.scores()[0]).toBe(30); // its old score is forgotten
    expect(epochOf(sampler, (index) => index)).toEqual([0, 3, 4, 5, 6, 7, 8, 9]); // 2 was low before
  });

  test('counts only what was observed in the epoch: without scores nothing more is pruned', () => {
    const sampler = new PruningSampler(10, { quantile: 0.2, patience: 1, readmitEvery: 1000 });
    epochOf(sampler, (index) => index);
    for (let epoch = 0; epoch < 20; epoch++) expect(sampler.draw(10).indices).toHaveLength(8);
  });

  test.each([0, 3])('prunes nothing while all scores are %d', (score) => {
    const sampler = new PruningSampler(50, { quantile: 0.9, patience: 1, readmitEvery: 1000 });
    for (let epoch = 0; epoch < 20; epoch++) expect(epochOf(sampler, () => score)).toHaveLength(50);
  });

  test('prunes all that are tied at the bottom, but never the largest score', () => {
    const sampler = new PruningSampler(50, { quantile: 0.1, patience: 1, readmitEvery: 1000 });
    epochOf(sampler, (index) => (index < 49 ? 0 : 1));
    for (let epoch = 0; epoch < 20; epoch++) expect(epochOf(sampler, () => epoch)).toEqual([49]);
    const greedy = new PruningSampler(50, { quantile: 0.99, patience: 1, readmitEvery: 1000 });
    for (let epoch = 0; epoch < 20; epoch++) expect(epochOf(greedy, (index) => index)).toContain(49);
    expect(greedy.activeCount).toBe(1);
  });

  test('leaves a single sample where it is, whatever its score', () => {
    const sampler = new PruningSampler(1, { quantile: 0.9, patience: 1 });
    for (let epoch = 0; epoch < 20; epoch++) expect(epochOf(sampler, () => epoch % 3)).toEqual([0]);
    expect(sampler.probabilities()).toEqual(Float64Array.of(1));
  });

  test('reports the visits that it saves, and their share of full epochs', () => {
    const sampler = new PruningSampler(10, { quantile: 0.2, patience: 1 });
    expect([sampler.savedVisits, sampler.savedShare]).toEqual([0, 0]);
    epochOf(sampler, (index) => index);
    sampler.draw(1);
    expect([sampler.savedVisits, sampler.savedShare]).toEqual([2, 0.1]);
    sampler.draw(7);
    expect([sampler.savedVisits, sampler.savedShare, sampler.epoch]).toEqual([2, 0.1, 2]);
    sampler.draw(1);
    expect([sampler.savedVisits, sampler.savedShare]).toEqual([4, 4 / 30]);
  });

  test('refuses options that it cannot use', () => {
    expect(() => new PruningSampler(0)).toThrow('size is 0');
    expect(() => new PruningSampler(3, { quantile: 1 })).toThrow('quantile is 1; it must be in [0, 1).');
    expect(() => new PruningSampler(3, { patience: 0 })).toThrow('patience is 0; it must be an integer in [1, 255].');
    expect(() => new PruningSampler(3, { patience: 256 })).toThrow('patience is 256');
    expect(() => new PruningSampler(3, { readmitEvery: 0 })).toThrow('readmitEvery is 0');
    expect(() => new PruningSampler(3, { momentum: 1 })).toThrow('momentum is 1; it must be in [0, 1).');
  });
});

describe('PruningSampler.fromState', () => {
  /** Five samples amid the second epoch, which skips sample 0. */
  const state = (() => {
    const sampler = new PruningSampler(5, { quantile: 0.2, patience: 1 });
    epochOf(sampler, (index) => index);
    sampler.draw(2);
    return sampler.getState();
  })();
  const restore = (damage: object) => () => PruningSampler.fromState({ ...state, ...damage });

  test('refuses options that it does not know, out of their range, or missing', () => {
    const { patience: _, ...others } = state.options;
    expect(restore({ options: others })).toThrow('state.options.patience is undefined');
    expect(restore({ options: { ...state.options, quantile: -1 } })).toThrow('quantile is -1');
    expect(restore({ options: { ...state.options, speed: 3 } })).toThrow(
      'state.options.speed is 3; a state has the options quantile, patience, readmitEvery, momentum and no others.',
    );
  });

  test('refuses damaged arrays and counters by name', () => {
    for (const field of ['scores', 'lowEpochs', 'observed'] as const) {
      expect(restore({ [field]: state[field].slice(1) })).toThrow(`state.${field} has 4 elements; it must have 5.`);
    }
    for (const score of [-1, Number.POSITIVE_INFINITY, undefined]) {
      expect(restore({ scores: Array.from(state.scores).with(2, score as number) })).toThrow(
        `state.scores[2] is ${score}; scores must be finite and ≥ 0, or NaN where none is known.`,
      );
    }
    expect(restore({ observed: state.observed.with(3, 2) })).toThrow('state.observed[3] is 2');
    expect(restore({ lowEpochs: state.lowEpochs.with(3, 2) })).toThrow('state.lowEpochs[3] is 2');
    const remedy = 'it must be 1 for the samples that the epoch skips, and less for others.';
    expect(restore({ lowEpochs: state.lowEpochs.with(0, 0) })).toThrow(`state.lowEpochs[0] is 0; ${remedy}`);
    expect(restore({ lowEpochs: state.lowEpochs.with(3, 1) })).toThrow(`state.lowEpochs[3] is 1; ${remedy}`);
    for (const count of [Number.NaN, -1, 0.5, Number.POSITIVE_INFINITY, '3', undefined]) {
      expect(restore({ readmittedCount: count })).toThrow(`state.readmittedCount is ${count}; it must be an integer`);
    }
    expect(restore({ stream: { ...state.stream, visits: 0 } })).toThrow('state.stream.visits is 0');
  });

  test('keeps nothing of the state that it was given', () => {
    const shared = structuredClone(state);
    const restored = PruningSampler.fromState(shared);
    for (const array of [shared.scores, shared.lowEpochs, shared.observed, shared.stream.order]) array.fill(0);
    expect(restored.getState()).toEqual(state);
  });
});
