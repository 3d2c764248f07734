import {
  type Draw,
  PrioritizedSampler,
  type PrioritizedSamplerOptions,
  type PrioritizedSamplerState,
  RandomGenerator,
  samplerFromState,
} from '@gradis/samplers';
import { normalBound } from '@gradis/tooling/testing';
import { describe, expect, test } from 'vitest';
import { SCORES, teach, testSamplerContract } from './contract.js';

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);
const normalized = (values: number[]) => values.map((value) => value / sum(values));

/** Ranks from 1 for the largest score, ties by index: counted. */
const ranks = (scores: readonly number[]) =>
  scores.map((score, i) => 1 + scores.filter((other, j) => other > score || (other === score && j < i)).length);

/** A sampler past its first epoch with these scores. */
function learned(scores: ArrayLike<number>, options: PrioritizedSamplerOptions = {}): PrioritizedSampler {
  const sampler = new PrioritizedSampler(scores.length, options);
  const { indices } = sampler.draw(scores.length);
  sampler.observe(
    indices,
    Float64Array.from(indices, (index) => scores[index]!),
  );
  return sampler;
}

/** The formulas of the paper on plain arrays, with every sum and rank made anew; draws by running sums. */
class NaivePrioritized {
  readonly random: RandomGenerator;
  readonly order: Int32Array;
  readonly scores: (number | undefined)[];
  drawn = 0;
  mean = 1;
  largest = 0;
  epochOfScale = 0;

  constructor(
    readonly size: number,
    readonly options: Required<PrioritizedSamplerOptions>,
  ) {
    this.random = new RandomGenerator(options.seed);
    this.order = this.random.shuffle(Int32Array.from({ length: size }, (_, index) => index));
    this.scores = new Array(size).fill(undefined);
  }

  probabilities(): number[] {
    const { variant, priorityExponent, epsilon } = this.options;
    const epoch = Math.floor(this.drawn / this.size);
    if (epoch === 0) return new Array(this.size).fill(1 / this.size);
    if (variant === 'rank') {
      const places = ranks(this.scores.map((score) => score ?? Number.POSITIVE_INFINITY));
      return normalized(places.map((rank) => (1 / rank) ** priorityExponent));
    }
    if (epoch > this.epochOfScale) {
      const known = this.scores.filter((score) => score !== undefined);
      const mean = sum(known) / known.length;
      [this.mean, this.largest] = mean > 0 ? [mean, Math.max(...known)] : [1, 0];
      this.epochOfScale = epoch;
    }
    return normalized(this.scores.map((score) => ((score ?? this.largest) / this.mean + epsilon) ** priorityExponent));
  }

  draw(batchSize: number): Draw {
    const { variant, weightExponent, epochs, normalizeWeights, drawing } = this.options;
    const probabilities = this.probabilities();
    if (this.drawn < this.size) {
      const indices = this.order.slice(this.drawn, this.drawn + batchSize);
      this.drawn += indices.length;
      return {
        indices,
        probabilities: new Float64Array(indices.length).fill(1 / this.size),
        weights: new Float32Array(indices.length).fill(1),
      };
    }
    const samples = probabilities.map((_, index) => index);
    if (variant === 'rank') samples.sort((a, b) => probabilities[b]! - probabilities[a]!);
    const indices = Int32Array.from({ length: batchSize }, (_, k) => {
      const u = this.random.uniform();
      const position = drawing === 'stratified' ? (k + u) / batchSize : u;
      let end = 0;
      return samples.find((index) => {
        end += probabilities[index]!;
        return end > position;
      })!;
    });
    const beta = weightExponent + (1 - weightExponent) * Math.min(1, this.drawn / (epochs * this.size));
    const weights = Array.from(indices, (index) => (1 / (this.size * probabilities[index]!)) ** beta);
    const divisor = normalizeWeights ? Math.max(...weights) : 1;
    this.drawn += batchSize;
    return {
      indices,
      probabilities: Float64Array.from(indices, (index) => probabilities[index]!),
      weights: Float32Array.from(weights, (weight) => weight / divisor),
    };
  }
}

const MEAN_SCORE = sum(SCORES) / SCORES.length;
const byScore = (exponent: number, epsilon: number) =>
  normalized(Array.from(SCORES, (score) => (score / MEAN_SCORE + epsilon) ** exponent));
const byRank = (exponent: number) => normalized(ranks([...SCORES]).map((rank) => rank ** -exponent));

const subjects: [string, PrioritizedSamplerOptions, number[]][] = [
  ['proportional, at the start', { weightExponent: 0.5, epochs: Number.MAX_VALUE }, byScore(0.6, 1e-3)],
  ['rank, at the end', { variant: 'rank', weightExponent: 1 }, byRank(0.7)],
  [
    'proportional, weights as they are, independent draws',
    { weightExponent: 1, normalizeWeights: false, priorityExponent: 1, epsilon: 0.1, drawing: 'with-replacement' },
    byScore(1, 0.1),
  ],
  ['rank, weights as they are', { variant: 'rank', weightExponent: 1, normalizeWeights: false }, byRank(0.7)],
];
for (const [name, options, probabilities] of subjects) {
  const { weightExponent = 0, normalizeWeights = true } = options;
  const weightOf = (probability: number, draw: Draw) =>
    (Math.min(...draw.probabilities) / probability) ** weightExponent;
  testSamplerContract({
    name: `PrioritizedSampler (${name})`,
    create: (seed) => teach(new PrioritizedSampler(12, { ...options, seed })),
    draw: (sampler, batchSize) => sampler.draw(batchSize),
    probabilities: () => probabilities,
    unbiased: !normalizeWeights,
    drawsUnscored: true,
    ...(normalizeWeights ? { weightOf } : {}),
  });
}

describe('PrioritizedSampler', () => {
  test.each<PrioritizedSamplerOptions>([
    {},
    { variant: 'rank' },
    { drawing: 'with-replacement', priorityExponent: 1, epsilon: 0.1, weightExponent: 0, epochs: 500 },
    { variant: 'rank', drawing: 'with-replacement', priorityExponent: 0.9, normalizeWeights: false, epochs: 5000 },
  ])('draws what the formulas on plain arrays draw, over 30,000 random steps, delays and restores: %j', (options) => {
    const random = new RandomGenerator(17);
    const size = 13;
    let sampler = new PrioritizedSampler(size, { ...options, seed: 4 });
    const naive = new NaivePrioritized(size, { ...sampler.getState().options, seed: 4 });
    const waiting: Int32Array[] = [];
    let wrongDraws = 0;
    let worst = 0;
    for (let step = 0; step < 30_000; step++) {
      const seen = step % 7 === 0 ? sampler.probabilities() : undefined;
      const known = seen ? naive.probabilities() : [];
      const expected = naive.draw(1 + (step % 9));
      const draw = sampler.draw(1 + (step % 9));
      if (draw.indices.join() !== expected.indices.join()) wrongDraws++;
      seen?.forEach((probability, index) => {
        worst = Math.max(worst, Math.abs(probability / known[index]! - 1));
      });
      draw.probabilities.forEach((probability, k) => {
        worst = Math.max(worst, Math.abs(probability / expected.probabilities[k]! - 1));
        worst = Math.max(worst, Math.abs(draw.weights[k]! / expected.weights[k]! - 1) * 1e-6);
      });
      // Some batches are never observed, the others up to three steps later, with zeros and any scale.
      if (random.uniform() < 0.9) waiting.push(draw.indices);
      while (waiting.length > random.integer(4)) {
        const batch = waiting.shift()!;
        const scores = Array.from(batch, (index) => (index % 5 ? random.uniform() * (1 + index) : random.integer(2)));
        sampler.observe(batch, scores);
        batch.forEach((index, k) => {
          naive.scores[index] = scores[k];
        });
      }
      if (random.uniform() < 0.05) sampler = samplerFromState(sampler.getState()) as PrioritizedSampler;
    }
    expect(wrongDraws).toBe(0);
    expect(worst).toBeLessThan(1e-12);
    expect(sampler.epoch).toBe(Math.floor(naive.drawn / size));
    expect(sampler.epoch).toBeGreaterThan(1000);
  });

  test('visits every sample once in the first epoch, shuffled, with weights 1', () => {
    const sampler = new PrioritizedSampler(10, { seed: 3 });
    const draws = [4, 4, 4].map((batchSize) => sampler.draw(batchSize));
    const order = draws.flatMap(({ indices }) => [...indices]);
    expect(draws.map(({ indices }) => indices.length)).toEqual([4, 4, 2]);
    expect(order).not.toEqual(order.toSorted((a, b) => a - b));
    expect(order.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(draws.every(({ weights }) => weights.every((weight) => weight === 1))).toBe(true);
    expect(sampler.epoch).toBe(1);
  });

  test('raises the weight exponent linearly to 1 over the given epochs, and keeps it there', () => {
    const sampler = new PrioritizedSampler(8, { weightExponent: 0.4, epochs: 3 });
    const exponents = Array.from({ length: 8 }, () => {
      const { weightExponent } = sampler;
      expect(sampler.diagnostics()).toEqual({ weightExponent });
      sampler.draw(4);
      return weightExponent;
    });
    [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1].forEach((expected, step) => {
      expect(exponents[step]).toBeCloseTo(expected, 14);
    });
  });

  test('draws once from each of B equal parts of P', () => {
    for (const variant of ['proportional', 'rank'] as const) {
      const sampler = learned([9, 1, 5, 3, 7, 2, 8, 4, 6, 0], { variant });
      const probabilities = sampler.probabilities();
      // Samples lie in the order of their indices, or of their ranks.
      const samples = Array.from(probabilities, (_, index) => index);
      if (variant === 'rank') samples.sort((a, b) => probabilities[b]! - probabilities[a]!);
      for (let step = 0; step < 50; step++) {
        sampler.draw(16).indices.forEach((index, k) => {
          const end = sum(samples.slice(0, samples.indexOf(index) + 1).map((other) => probabilities[other]!));
          expect(end).toBeGreaterThan(k / 16 - 1e-12);
          expect(end - probabilities[index]!).toBeLessThan((k + 1) / 16 + 1e-12);
        });
      }
    }
  });

  test('measures scores by their mean when an epoch begins, whatever their unit', () => {
    const scores = [1, 2, 3, 4, 0, 6];
    const expected = learned(scores).probabilities();
    for (const unit of [1e-200, 1e-30, 1e30]) {
      learned(scores.map((score) => unit * score))
        .probabilities()
        .forEach((probability, index) => {
          expect(probability / expected[index]!).toBeCloseTo(1, 12);
        });
    }
  });

  test('has a bias that falls as the weight exponent rises, and ends at 1 without the division by the largest', () => {
    const values = Float64Array.of(0, 3, 1, 4, 1, 5, 2, 6, 1, 3, 0, 7);
    const mean = sum(values) / values.length;
    // E[Σ w v] / E[Σ w] − mean v, which the scale of the weights does not change, in standard errors.
    const measure = (options: PrioritizedSamplerOptions) => {
      const sampler = learned(SCORES, { ...options, epochs: Number.MAX_VALUE });
      const batches = Array.from({ length: 10_000 }, () => {
        const { indices, weights } = sampler.draw(32);
        return { w: sum(weights), wv: sum(weights.map((weight, k) => weight * values[indices[k]!]!)) };
      });
      const scale = sum(batches.map(({ w }) => w));
      const ratio = sum(batches.map(({ wv }) => wv)) / scale;
      const error = Math.sqrt(sum(batches.map(({ w, wv }) => (wv - ratio * w) ** 2))) / scale;
      return { bias: ratio - mean, tolerance: normalBound(1e-9) * error };
    };
    const none = measure({ weightExponent: 0 });
    const half = measure({ weightExponent: 0.5 });
    const full = measure({ weightExponent: 1 });
    const plain = measure({ weightExponent: 1, normalizeWeights: false });
    const exact = sum(
      learned(SCORES)
        .probabilities()
        .map((probability, index) => probability * values[index]!),
    );
    expect(Math.abs(none.bias - (exact - mean))).toBeLessThan(none.tolerance);
    expect(none.bias - none.tolerance).toBeGreaterThan(half.bias + half.tolerance);
    expect(half.bias - half.tolerance).toBeGreaterThan(full.bias + full.tolerance);
    expect(full.bias).toBeGreaterThan(full.tolerance);
    expect(Math.abs(plain.bias)).toBeLessThan(plain.tolerance);
  });

  test('draws uniformly while all scores are zero or unknown, and recovers', () => {
    for (const sampler of [learned([0, 0, 0, 0]), new PrioritizedSampler(4)]) {
      for (let step = 0; step < 8; step++) {
        const { weights } = sampler.draw(4);
        expect([...weights]).toEqual([1, 1, 1, 1]);
        expect([...sampler.probabilities()]).toEqual([0.25, 0.25, 0.25, 0.25]);
      }
      sampler.observe([0, 1, 2, 3], [0, 0, 5, 0]);
      sampler.draw(4);
      expect(sampler.probabilities()[2]).toBeGreaterThan(0.25);
    }
  });

  test('takes a sample without a score for one with the largest', () => {
    for (const variant of ['proportional', 'rank'] as const) {
      const sampler = new PrioritizedSampler(3, { variant });
      sampler.draw(3);
      sampler.observe([1, 2], [5, 2]);
      const [unknown, largest, small] = sampler.probabilities();
      expect(sampler.scores()).toEqual(Float64Array.of(Number.POSITIVE_INFINITY, 5, 2));
      expect(unknown).toBeGreaterThanOrEqual(largest!);
      expect(largest).toBeGreaterThan(small!);
    }
  });

  test('can be looked at without changing what it draws', () => {
    const seen = learned([1, 2, 3, 4], { seed: 5 });
    const unseen = learned([1, 2, 3, 4], { seed: 5 });
    for (let step = 0; step < 20; step++) {
      seen.probabilities().fill(7);
      seen.scores().fill(7);
      const draw = seen.draw(3);
      expect(draw).toEqual(unseen.draw(3));
      for (const sampler of [seen, unseen]) sampler.observe(draw.indices, [step, 1, 2]);
    }
  });

  test.each(['proportional', 'rank'] as const)('works with one sample, by %s', (variant) => {
    const sampler = new PrioritizedSampler(1, { variant });
    for (const score of [0, 3, 1e-300, 1e38, 0]) {
      const { indices, probabilities, weights } = sampler.draw(3);
      expect([new Set(indices), new Set(probabilities), new Set(weights)]).toEqual([
        new Set([0]),
        new Set([1]),
        new Set([1]),
      ]);
      sampler.observe([0], [score]);
    }
  });

  test('has the defaults of the paper', () => {
    const rest = { epochs: 10, normalizeWeights: true, epsilon: 1e-3, drawing: 'stratified' };
    expect(new PrioritizedSampler(5).getState().options).toEqual({
      variant: 'proportional',
      priorityExponent: 0.6,
      weightExponent: 0.4,
      ...rest,
    });
    expect(new PrioritizedSampler(5, { variant: 'rank' }).getState().options).toEqual({
      variant: 'rank',
      priorityExponent: 0.7,
      weightExponent: 0.5,
      ...rest,
    });
  });

  test('names every option that is out of range', () => {
    const refused: [PrioritizedSamplerOptions, string][] = [
      [{ variant: 'x' as 'rank' }, "variant is 'x'"],
      [{ priorityExponent: 1.5 }, 'priorityExponent is 1.5; it must be in [0, 1].'],
      [{ weightExponent: -1 }, 'weightExponent is -1; it must be in [0, 1].'],
      [{ epochs: 0 }, 'epochs is 0; it must be finite and > 0.'],
      [{ normalizeWeights: 1 as unknown as boolean }, 'normalizeWeights is 1; it must be true or false.'],
      [{ epsilon: 0 }, 'epsilon is 0; it must be finite and > 0.'],
      [{ drawing: 'x' as 'stratified' }, "drawing is 'x'"],
      [{ seed: 0.5 }, 'seed is 0.5'],
    ];
    for (const [options, message] of refused) expect(() => new PrioritizedSampler(4, options)).toThrow(message);
    expect(() => new PrioritizedSampler(0)).toThrow('size is 0');
  });
});

describe('PrioritizedSampler.fromState', () => {
  const state: PrioritizedSamplerState = learned([1, 2, 3, 4]).getState();
  const restore = (damage: object) => () => PrioritizedSampler.fromState({ ...state, ...damage });

  test.each([
    ['meanScore', [Number.NaN, Number.POSITIVE_INFINITY, -1, 0, '1', undefined], 'must be finite and ≥ 1e-250'],
    ['largestScore', [Number.NaN, Number.POSITIVE_INFINITY, -1, '1', undefined], 'must be finite and ≥ 0'],
    ['scaleDue', [Number.NaN, 1, 'true', undefined], 'must be true or false'],
    ['drawn', [Number.NaN, Number.POSITIVE_INFINITY, -1, 0.5, '3', undefined], 'must be an integer in'],
  ])('refuses by name a damaged %s', (field, values, remedy) => {
    for (const value of values) {
      expect(restore({ [field]: value })).toThrow(new RegExp(`^state.${field} is ${value}; it ${remedy}`));
    }
  });

  test('refuses damaged arrays and options', () => {
    const { stream, options } = state;
    expect(restore({ scores: Float64Array.of(1, -1, 2, 3) })).toThrow(
      'state.scores[1] is -1; state.scores must be ≥ 0',
    );
    expect(restore({ scores: Float64Array.of(1, 1, 2, Number.NaN) })).toThrow('state.scores[3] is NaN');
    expect(restore({ scores: new Float64Array(3) })).toThrow('state.stream.order has 4 elements; it must have 3.');
    expect(restore({ stream: { ...stream, order: Int32Array.of(0, 1, 2, 2) } })).toThrow('names sample 2 twice');
    expect(restore({ options: { ...options, epochs: -1 } })).toThrow('epochs is -1');
    expect(restore({ options: { ...options, speed: 3 } })).toThrow('state.options.speed is 3');
    expect(restore({ options: undefined })).toThrow('state.options.variant is undefined');
    expect(restore({ kind: 'MemorySampler' })).toThrow("state.kind is 'MemorySampler'");
  });
});
