import {
  InfoBatchSampler,
  type InfoBatchSamplerOptions,
  type InfoBatchSamplerState,
  importanceWeights,
  RandomGenerator,
  samplerFromState,
} from '@gradis/samplers';
import { normalBound } from '@gradis/tooling/testing';
import { describe, expect, test } from 'vitest';
import { SCORES, teach, testSamplerContract } from './contract.js';

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);
const ascending = (indices: Iterable<number>) => [...indices].sort((a, b) => a - b);

/** A sampler past its first epoch with these losses. */
function learned(losses: ArrayLike<number>, options: InfoBatchSamplerOptions = {}): InfoBatchSampler {
  const sampler = new InfoBatchSampler(losses.length, options);
  const { indices } = sampler.draw(losses.length);
  sampler.observe(
    indices,
    Float64Array.from(indices, (index) => losses[index]!),
  );
  return sampler;
}

for (const pruneRatio of [0.25, 0.5, 0.9]) {
  // 7 of the 12 samples are below the mean.
  const visits = 12 - Math.round(7 * pruneRatio);
  testSamplerContract({
    name: `InfoBatchSampler (r = ${pruneRatio}, weights of the whole epoch)`,
    create: (seed) => teach(new InfoBatchSampler(12, { pruneRatio, seed })),
    draw: (sampler, batchSize) => sampler.draw(batchSize),
    probabilities: (sampler) => sampler.probabilities(),
    weightOf: (probability) => 1 / (visits * probability),
    unbiased: false,
    drawsUnscored: true,
  });
  testSamplerContract({
    name: `InfoBatchSampler (r = ${pruneRatio}, importance weights)`,
    create: (seed) => teach(new InfoBatchSampler(12, { pruneRatio, seed })),
    draw: (sampler, batchSize) => {
      const draw = sampler.draw(batchSize);
      return { ...draw, weights: importanceWeights(draw.probabilities, sampler.size) };
    },
    probabilities: (sampler) => sampler.probabilities(),
    unbiased: true,
    drawsUnscored: true,
  });
}

/** The method on plain lists, told which samples the sampler drew. */
class NaiveInfoBatch {
  losses: (number | undefined)[];
  below: number[] = [];
  kept = 0;
  left: number[] = [];
  belowLeft = 0;
  epoch = -1;
  saved = 0;

  constructor(
    size: number,
    readonly options: { pruneRatio: number; annealing: number; epochs: number },
  ) {
    this.losses = new Array(size).fill(undefined);
  }

  get visits(): number {
    return this.losses.length - this.below.length + this.kept;
  }

  /** Samples that the present epoch has still to visit. */
  get remaining(): number {
    return this.left.length + this.belowLeft;
  }

  beginEpoch(): void {
    const { pruneRatio, annealing, epochs } = this.options;
    const all = this.losses.map((_, index) => index);
    const known = this.losses.filter((loss) => loss !== undefined);
    const mean = sum(known) / known.length;
    this.epoch++;
    this.below =
      this.epoch * this.losses.length - this.saved < annealing * epochs * this.losses.length
        ? all.filter((i) => this.losses[i]! < mean)
        : [];
    const n = this.below.length;
    this.kept = n === 0 ? 0 : Math.max(1, n - Math.round(pruneRatio * n));
    this.left = all.filter((i) => !this.below.includes(i));
    this.belowLeft = this.kept;
    this.saved += n - this.kept;
  }

  /** Takes the samples from those that are left; throws if they are not among them. */
  visit(indices: Int32Array): void {
    for (const index of indices) {
      if (this.below.includes(index)) this.belowLeft--;
      else if (this.left.includes(index)) this.left = this.left.filter((other) => other !== index);
      else throw new Error(`sample ${index} is drawn twice.`);
    }
    if (this.belowLeft < 0) throw new Error('too many samples below the mean are drawn.');
  }

  inclusion(index: number): number {
    return this.below.includes(index) ? this.kept / this.below.length : 1;
  }
}

describe('InfoBatchSampler', () => {
  test.each([
    [1, {}],
    [2, { pruneRatio: 0.75 }],
    [13, { epochs: 900 }],
    [29, { pruneRatio: 0.3, epochs: 400, annealing: 0.5 }],
  ] as [number, InfoBatchSamplerOptions][])(
    'agrees with plain lists over random batches, late and double losses, and restores: %d samples, %j',
    (size, options) => {
      const random = new RandomGenerator(31);
      let sampler = new InfoBatchSampler(size, { ...options, seed: 8 });
      const naive = new NaiveInfoBatch(size, { pruneRatio: 0.5, annealing: 0.875, epochs: 1e9, ...options });
      const waiting: number[][] = [];
      let seen: number[] = [];
      for (let step = 0; step < 13_000; step++) {
        const before = random.uniform() < 0.1 ? sampler.probabilities() : undefined;
        if (naive.remaining === 0) {
          naive.beginEpoch();
          seen = [];
        }
        const batchSize = 1 + random.integer(9);
        const remaining = naive.remaining;
        const { indices, probabilities, weights } = sampler.draw(batchSize);
        naive.visit(indices);
        seen.push(...indices);
        const inclusions = Float64Array.from(indices, (index) => naive.inclusion(index));
        if (before) expect(Float64Array.from(indices, (index) => before[index]!)).toEqual(probabilities);
        if (naive.remaining === 0) expect(new Set(seen).size).toBe(naive.visits);
        const { savedVisits, skippedShare, epoch } = sampler;
        expect({ length: indices.length, probabilities, weights, savedVisits, skippedShare, epoch }).toEqual({
          length: Math.min(batchSize, remaining),
          probabilities: inclusions.map((inclusion) => inclusion / naive.visits),
          weights: Float32Array.from(inclusions, (inclusion) => 1 / inclusion),
          savedVisits: naive.saved,
          skippedShare: (size - naive.visits) / size,
          epoch: naive.epoch + (naive.remaining === 0 ? 1 : 0),
        });

        waiting.push([...indices]);
        while (waiting.length > random.integer(3)) {
          const batch = waiting.shift()!.filter(() => random.uniform() < 0.9);
          if (random.uniform() < 0.2) batch.push(random.integer(size));
          if (batch.length === 0) continue;
          const losses = batch.map(() => (random.uniform() < 0.2 ? 0 : random.integer(40) / 7));
          sampler.observe(batch, losses);
          for (const [k, index] of batch.entries()) naive.losses[index] = Math.fround(losses[k]!);
        }
        if (random.uniform() < 0.05) {
          sampler = samplerFromState(structuredClone(sampler.getState())) as InfoBatchSampler;
        }
      }
      expect(naive.epoch).toBeGreaterThan(1000);
      if (size > 2) expect(sampler.savedVisits).toBeGreaterThan(900);
    },
  );

  test('visits every sample in the first epoch, and whoever has no known loss in any', () => {
    const sampler = new InfoBatchSampler(10, { seed: 1 });
    const draws = [4, 4, 4].map((batchSize) => sampler.draw(batchSize));
    expect(draws.map(({ indices }) => indices.length)).toEqual([4, 4, 2]);
    expect(ascending(draws.flatMap(({ indices }) => [...indices]))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(draws.flatMap(({ weights }) => [...weights])).toEqual(new Array(10).fill(1));
    sampler.observe([0, 1, 2], [1, 1, 4]);
    for (let epoch = 0; epoch < 20; epoch++) {
      const { indices, weights } = sampler.draw(10);
      expect(ascending(indices).slice(1)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
      expect(ascending(weights)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 2]);
    }
  });

  test.each([3, 7, 10])('anneals: of %d epochs of N visits the last eighth belongs to full epochs', (epochs) => {
    const sampler = new InfoBatchSampler(12, { epochs });
    let visits = 0;
    let shortened = 0;
    while (visits < 12 * (epochs + 3)) {
      const begun = visits;
      const { indices } = sampler.draw(12);
      visits += indices.length;
      teachLosses(sampler, indices);
      const isFull = begun === 0 || begun >= 0.875 * epochs * 12;
      expect(sampler.skippedShare === 0).toBe(isFull);
      if (!isFull) shortened++;
    }
    expect(shortened).toBeGreaterThan(0);
  });

  test('anneals from exactly δ·epochs·N visits on', () => {
    for (const [epochs, isFull] of [
      [2, true],
      [3, false],
    ] as const) {
      const sampler = learned(SCORES, { epochs, annealing: 0.5 }); // the first epoch was half of two
      sampler.draw(1);
      expect(sampler.skippedShare === 0).toBe(isFull);
    }
  });

  test('skips nothing if all losses are equal, above zero or zero', () => {
    for (const loss of [0, 0.1, 1e-30, 3e38]) {
      const sampler = learned(new Float64Array(1001).fill(loss));
      expect(sampler.draw(1001).weights).toEqual(new Float32Array(1001).fill(1));
    }
  });

  test('keeps at least one sample below the mean, with the weight of all of them', () => {
    const sampler = learned([1, 9], { pruneRatio: 0.9 });
    expect(sampler.probabilities()).toEqual(Float64Array.of(0.5, 0.5));
    const many = learned([1, 1, 1, 9], { pruneRatio: 0.9 });
    expect([...many.draw(4).weights].sort()).toEqual([1, 3]);
  });

  test('reports what it saves', () => {
    const sampler = learned([1, 1, 1, 1, 9]);
    expect([sampler.savedVisits, sampler.savedShare, sampler.skippedShare]).toEqual([0, 0, 0]);
    sampler.draw(1);
    expect([sampler.savedVisits, sampler.savedShare, sampler.skippedShare]).toEqual([2, 0.2, 0.4]);
    sampler.draw(2);
    expect([sampler.epoch, sampler.savedVisits, sampler.savedShare]).toEqual([2, 2, 0.2]);
    sampler.draw(1);
    expect([sampler.savedVisits, sampler.savedShare]).toEqual([4, 4 / 15]);
  });

  test('refuses options that it cannot use', () => {
    expect(() => new InfoBatchSampler(0)).toThrow('size is 0');
    expect(() => new InfoBatchSampler(3, { pruneRatio: 1 })).toThrow('pruneRatio is 1; it must be in [0, 1).');
    expect(() => new InfoBatchSampler(3, { annealing: 1.5 })).toThrow('annealing is 1.5; it must be in [0, 1].');
    expect(() => new InfoBatchSampler(3, { epochs: 0 })).toThrow('epochs is 0');
    expect(() => new InfoBatchSampler(3, { epochs: 2.5 })).toThrow('epochs is 2.5');
  });
});

describe('the sum over an epoch of InfoBatchSampler', () => {
  const values = SCORES.map((score) => score ** 2 + 1);
  const epochs = 20_000;

  /** Σ w·v of each epoch, and Σ w, with the weights that `weightOf` makes of the sampler's. */
  function epochSums(weightOf: (weight: number) => number): { values: number[]; weights: number[] } {
    const sampler = learned(SCORES, { seed: 12 });
    const sums = Array.from({ length: epochs }, () => {
      const { indices, weights } = sampler.draw(12);
      expect(sampler.epoch).toBeGreaterThan(1);
      const used = Array.from(weights, weightOf);
      return [sum(used.map((weight, k) => weight * values[indices[k]!]!)), sum(used)] as const;
    });
    return { values: sums.map(([value]) => value), weights: sums.map(([, weight]) => weight) };
  }

  function isUnbiased(samples: number[]): boolean {
    const mean = sum(samples) / epochs;
    const variance = sum(samples.map((value) => (value - mean) ** 2)) / (epochs - 1);
    return Math.abs(mean - sum(values)) < normalBound(1e-9) * Math.sqrt(variance / epochs);
  }

  test('is unbiased for the sum of a full epoch, and its weights sum to N', () => {
    const sums = epochSums((weight) => weight);
    expect(isUnbiased(sums.values)).toBe(true);
    for (const weight of sums.weights) expect(Math.abs(weight - 12)).toBeLessThan(1e-5);
  });

  test('is biased with the weight 1/(1 − r), since 3 of 7 are kept and not 3.5', () => {
    const sums = epochSums((weight) => (weight === 1 ? 1 : 2));
    expect(isUnbiased(sums.values)).toBe(false);
    expect(sums.weights[0]).toBe(11);
  });
});

describe('InfoBatchSampler.fromState', () => {
  /** Five samples amid the second epoch, which visits sample 4 and two of the others. */
  const state = (() => {
    const sampler = learned([1, 1, 1, 1, 9]);
    sampler.draw(2);
    return sampler.getState();
  })();
  const restore = (damage: object) => () => InfoBatchSampler.fromState({ ...state, ...damage });
  const stream = (damage: object) => restore({ stream: { ...state.stream, ...damage } });
  const skipped = state.stream.order[4]!;

  test('refuses options that it does not know, out of their range, or missing', () => {
    const { pruneRatio: _, ...others } = state.options;
    expect(restore({ options: others })).toThrow('state.options.pruneRatio is undefined');
    expect(restore({ options: { ...state.options, pruneRatio: 2 } })).toThrow('pruneRatio is 2');
    expect(restore({ options: { ...state.options, speed: 3 } })).toThrow(
      'state.options.speed is 3; a state has the options pruneRatio, annealing, epochs and no others.',
    );
  });

  test('refuses damaged arrays by name', () => {
    expect(restore({ losses: new Float32Array(4) })).toThrow('state.losses has 4 elements; it must have 5.');
    for (const loss of [-1, Number.POSITIVE_INFINITY, undefined]) {
      expect(restore({ losses: Array.from(state.losses).with(2, loss as number) })).toThrow(
        `state.losses[2] is ${loss}; losses must be finite and ≥ 0, or NaN where none is known.`,
      );
    }
    expect(restore({ below: new Uint8Array(4) })).toThrow('state.below has 4 elements; it must have 5.');
    expect(restore({ below: state.below.with(1, 2) })).toThrow('state.below[1] is 2');
    expect(restore({ below: state.below.with(skipped, 0) })).toThrow(
      `state.below[${skipped}] is 0; a sample that the epoch skips must be below the mean.`,
    );
  });

  test('refuses a damaged stream by name', () => {
    const noCounts = [Number.NaN, -1, 0.5, Number.POSITIVE_INFINITY, '3', undefined];
    for (const field of ['visits', 'position', 'epoch', 'savedVisits']) {
      for (const value of noCounts) {
        expect(stream({ [field]: value })).toThrow(`state.stream.${field} is ${value}; it must be an integer in`);
      }
    }
    expect(stream({ position: 4 })).toThrow('state.stream.position is 4; it must be an integer in [0, 3].');
    expect(stream({ visits: 6 })).toThrow('state.stream.visits is 6');
    const last = state.stream.order.indexOf(4);
    const order = state.stream.order.with(last, state.stream.order[0]!).with(0, 4);
    expect(stream({ order, visits: 1, position: 1 })).toThrow(
      'state.stream.visits is 1; it must count a sample below the mean.',
    );
    expect(stream({ order: state.stream.order.with(0, 5) })).toThrow('state.stream.order[0] is 5');
    expect(stream({ order: Int32Array.of(0, 1, 2, 3, 3) })).toThrow('state.stream.order names sample 3 twice');
    expect(restore({ random: { ...state.random, words: new Uint32Array(4) } })).toThrow('state.words is all zero');
  });

  test('keeps nothing of the state that it was given', () => {
    const shared: InfoBatchSamplerState = structuredClone(state);
    const restored = InfoBatchSampler.fromState(shared);
    shared.losses.fill(7);
    shared.below.fill(0);
    shared.stream.order.fill(0);
    expect(restored.getState()).toEqual(state);
  });
});

function teachLosses(sampler: InfoBatchSampler, indices: Int32Array): void {
  sampler.observe(
    indices,
    Float64Array.from(indices, (index) => SCORES[index]!),
  );
}
