import {
  type Draw,
  equivalentBatchGrowth,
  RandomGenerator,
  ResamplingSampler,
  type ResamplingSamplerOptions,
  samplerFromState,
} from '@gradis/samplers';
import { normalBound } from '@gradis/tooling/testing';
import { describe, expect, test } from 'vitest';
import { SCORES, teach, testSamplerContract } from './contract.js';

type Keep = 'variance' | 'time';
const KEEPS: Keep[] = ['variance', 'time'];

// Training costs so much that the presample is the whole data set: then the probabilities are those of the scores.
const TOTAL = SCORES.reduce((sum, score) => sum + score, 0);
for (const keep of KEEPS) {
  testSamplerContract({
    name: `ResamplingSampler (keeps the ${keep})`,
    create: (seed) => teach(new ResamplingSampler(12, { seed, keep, threshold: 0, backwardForwardRatio: 20 })),
    draw: (sampler, batchSize) => {
      const resampling = sampler as ResamplingSampler;
      // A constant variance takes a uniform part for a larger batch of so few samples.
      const presample = resampling.presample(keep === 'variance' ? 5 : batchSize)!;
      return resampling.resample(presample.map((index) => 4 * SCORES[index]!));
    },
    probabilities: () => SCORES.map((score) => score / TOTAL),
    unbiased: true,
    drawsUnscored: false,
  });
}

/** A sampler that resamples, whose τ is `growth`. */
function active(size: number, growth: number, options: ResamplingSamplerOptions): ResamplingSampler {
  const state = new ResamplingSampler(size, { threshold: 0, ...options }).getState();
  return ResamplingSampler.fromState({ ...state, tau: growth });
}

describe('a step of constant time', () => {
  const random = new RandomGenerator(5);
  const cases = Array.from({ length: 300 }, () => ({
    batchSize: 16 + random.integer(500),
    growth: 1 + 40 * random.uniform() ** 2,
    ratio: 0.5 + 3 * random.uniform(),
  }));

  /** Numbers of samples scored and trained on. */
  const split = ({ batchSize, growth, ratio }: (typeof cases)[number], size = 3000): [number, number] => {
    const sampler = active(size, growth, { keep: 'time', backwardForwardRatio: ratio });
    const presample = sampler.presample(batchSize)!;
    return [presample.length, sampler.resample(presample.map((index) => 1 + (index % 7))).indices.length];
  };
  const variance = (growth: number, scored: number, kept: number) => 1 / scored + 1 / (growth * kept);

  test('costs what a uniform step costs, to half a forward pass', () => {
    for (const one of cases) {
      const [scored, kept] = split(one);
      const cost = scored + (1 + one.ratio) * kept;
      expect(Math.abs(cost - (1 + one.ratio) * one.batchSize)).toBeLessThanOrEqual(0.5 + 1e-9);
    }
  });

  test('has the least variance of all divisions of that cost, within what a whole number of samples allows', () => {
    for (const one of cases) {
      const { batchSize, growth, ratio } = one;
      let best = Number.POSITIVE_INFINITY;
      for (let kept = 1; kept < batchSize; kept++) {
        best = Math.min(best, variance(growth, (1 + ratio) * (batchSize - kept), kept));
      }
      const [scored, kept] = split(one);
      expect(variance(growth, scored, kept)).toBeLessThan(best * (1 + 1 / batchSize));
      // The same check finds a split that is off by a fifth of the batch.
      const other = kept + (kept > batchSize / 2 ? -1 : 1) * Math.ceil(0.2 * batchSize);
      expect(variance(growth, (1 + ratio) * (batchSize - other), other)).toBeGreaterThan(best * (1 + 1 / batchSize));
      expect(best * batchSize).toBeGreaterThan((1 / Math.sqrt(growth) + 1 / Math.sqrt(1 + ratio)) ** 2 - 1e-12);
    }
  });

  test('spends on training what a small data set leaves over', () => {
    expect(split({ batchSize: 64, growth: 6, ratio: 2 }, 60)).toEqual([60, 44]);
  });
});

describe('a step of constant variance', () => {
  const SIZE = 400;
  const BATCH = 60;
  const RATIO = 2;
  const STEPS = 10_000;
  /** Numbers with mean 0, most of them small, as gradients of one parameter are late in training. */
  const values = (() => {
    const random = new RandomGenerator(3);
    const half = Float64Array.from({ length: SIZE / 2 }, () => Math.exp(2.5 * random.normal()));
    return Float64Array.from({ length: SIZE }, (_, i) => (i % 2 === 0 ? half[i >> 1]! : -half[i >> 1]!));
  })();
  const score = (index: number) => Math.abs(values[index]!);
  const sumOfSquares = values.reduce((sum, value) => sum + value * value, 0);
  const uniformVariance = ((SIZE - BATCH) / (SIZE - 1)) * (sumOfSquares / SIZE / BATCH);

  /** Mean of the square of the weighted mean, in units of that of a uniform batch, its standard error, and the work. */
  function measure(next: () => { draw: Draw; scored: number }) {
    let [sum, sumOfFourth, work] = [0, 0, 0];
    for (let step = 0; step < STEPS; step++) {
      const { draw, scored } = next();
      const total = draw.indices.reduce((part, index, k) => part + draw.weights[k]! * values[index]!, 0);
      const square = (total / draw.indices.length) ** 2 / uniformVariance;
      sum += square;
      sumOfFourth += square * square;
      work += scored + (1 + RATIO) * draw.indices.length;
    }
    const variance = sum / STEPS;
    const error = Math.sqrt((sumOfFourth / STEPS - variance ** 2) / STEPS);
    return { variance, error, work: work / STEPS / ((1 + RATIO) * BATCH) };
  }

  /** Makes steps with batches of as many of the drawn samples as `length` says. */
  function measureSteps(length: (draw: Draw, scores: Float64Array) => number) {
    const sampler = active(SIZE, 9, { keep: 'variance', backwardForwardRatio: RATIO });
    return measure(() => {
      const presample = sampler.presample(BATCH)!;
      const scores = Float64Array.from(presample, score);
      const draw = sampler.resample(scores);
      const count = length(draw, scores);
      const indices = draw.indices.subarray(0, count);
      return { draw: { ...draw, indices, weights: draw.weights.subarray(0, count) }, scored: presample.length };
    });
  }

  test('has the variance of a uniform batch, at less cost', () => {
    let fewest = BATCH;
    const { variance, error, work } = measureSteps(({ indices }) => {
      fewest = Math.min(fewest, indices.length);
      return indices.length;
    });
    const tolerance = normalBound(1e-9) * error;
    expect(variance).toBeLessThan(1 + tolerance);
    // To round k up takes less than one sample's share off.
    expect(variance).toBeGreaterThan(1 - 1 / fewest - tolerance);
    expect(work).toBeLessThan(0.95);
  });

  test('with b/(1 + CV²) samples, which forgets that the presample is chosen by chance, it would have more', () => {
    const naive = measureSteps((_, scores) => Math.ceil(BATCH / equivalentBatchGrowth(scores, { exact: true })));
    expect(naive.variance).toBeGreaterThan(1 + normalBound(1e-9) * naive.error);
  });

  test('is a part of the presample with weights 1 where drawing by score would need more samples', () => {
    const sampler = active(SIZE, 9, { keep: 'variance' });
    const presample = sampler.presample(BATCH)!;
    const { indices, probabilities, weights } = sampler.resample(new Float64Array(presample.length).fill(0.1));
    expect(indices).toEqual(presample.subarray(0, BATCH));
    expect(probabilities).toEqual(new Float64Array(BATCH).fill(1 / SIZE));
    expect(weights).toEqual(new Float32Array(BATCH).fill(1));
  });

  test('of a batch as large as the data set trains on all of it', () => {
    const sampler = active(30, 9, { keep: 'variance' });
    sampler.presample(40);
    const { indices } = sampler.resample(Float64Array.from({ length: 30 }, (_, k) => k ** 4));
    expect(indices.toSorted()).toEqual(Int32Array.from({ length: 30 }, (_, index) => index));
  });
});

describe.each(KEEPS)('keeping the %s', (keep) => {
  test('begins where the two phases of a step pay, and never for a batch of one', () => {
    const sampler = new ResamplingSampler(1000, { keep });
    expect(sampler.threshold(64)).toBeCloseTo(1 / (1 - 1 / Math.sqrt(3)) ** 2, 12);
    expect(active(1000, 5.5, { keep, threshold: undefined }).isActive(64)).toBe(false);
    expect(active(1000, 5.7, { keep, threshold: undefined }).isActive(64)).toBe(true);
    expect(active(1000, 1e9, { keep, threshold: undefined }).isActive(1)).toBe(false);
    sampler.backwardForwardRatio = 8;
    expect(sampler.threshold(64)).toBeCloseTo(9 / 4, 12);
    expect(new ResamplingSampler(10, { keep, threshold: 3 }).threshold(1)).toBe(3);
  });

  test('measures growth by the variance unless told otherwise', () => {
    expect(new ResamplingSampler(9, { keep }).getState().options).toMatchObject({ keep, exact: true });
    expect(new ResamplingSampler(9, { keep, exact: false }).getState().options.exact).toBe(false);
  });

  test('draws one sample of one', () => {
    let sampler = new ResamplingSampler(1, { keep, threshold: 0, smoothing: 0 });
    sampler.observe(sampler.draw(3).indices, [0]);
    for (const [step, value] of [0, 1e-300, 1, 3e38, 0, 5].entries()) {
      expect(sampler.presample(1 + (step % 4))).toEqual(Int32Array.of(0));
      const { indices, probabilities, weights } = sampler.resample([value]);
      expect(new Set(indices)).toEqual(new Set([0]));
      expect(new Set(probabilities)).toEqual(new Set([1]));
      expect(new Set(weights)).toEqual(new Set([1]));
      sampler = ResamplingSampler.fromState(sampler.getState());
    }
  });

  test('refuses the state of a presample that no sampler gives out', () => {
    const sampler = active(40, 9, { keep });
    sampler.presample(6);
    const state = sampler.getState();
    const restore = (indices: Int32Array) => () =>
      ResamplingSampler.fromState({ ...state, pending: { batchSize: 6, indices } });
    expect(restore(new Int32Array(0))).toThrow('state.pending.indices.length is 0; it must be an integer in [1, 40].');
    expect(restore(new Int32Array(41))).toThrow('state.pending.indices.length is 41');
    expect(restore(Int32Array.of(3, 40))).toThrow('state.pending.indices[1] is 40');
  });
});

describe('the ratio of backward to forward cost', () => {
  test('can be set when it was measured, and is saved', () => {
    const sampler = new ResamplingSampler(100, { presampleFactor: 4 });
    expect(sampler.backwardForwardRatio).toBe(2);
    expect(sampler.threshold(10)).toBeCloseTo(70 / 30, 14);
    sampler.backwardForwardRatio = 1;
    expect(sampler.threshold(10)).toBe(3);
    expect(ResamplingSampler.fromState(sampler.getState()).backwardForwardRatio).toBe(1);
  });

  test('is refused by name, and stays, if it is no cost', () => {
    const sampler = new ResamplingSampler(100);
    for (const ratio of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => {
        sampler.backwardForwardRatio = ratio;
      }).toThrow(`backwardForwardRatio is ${ratio}; it must be finite and > 0.`);
    }
    expect(sampler.backwardForwardRatio).toBe(2);
  });

  test('names an unknown thing to keep', () => {
    const keep = 'money' as 'time';
    expect(() => new ResamplingSampler(9, { keep })).toThrow(
      "keep is 'money'; it must be one of 'batch-size', 'variance', 'time'.",
    );
  });
});

/** Resampling in the most obvious code: plain arrays, and a walk along the scores for every draw. */
class Oracle {
  tau = 0;
  resampledSamples = 0;
  #random: RandomGenerator;
  #order: number[];
  #position: number;
  #presample: { indices: number[]; batchSize: number } | undefined;
  #learns = false;

  constructor(
    readonly size: number,
    readonly keep: ResamplingSamplerOptions['keep'],
    readonly factor: number,
    public ratio: number,
    seed: number,
  ) {
    this.#random = new RandomGenerator(seed);
    this.#order = Array.from({ length: size }, (_, i) => i);
    this.#position = size;
  }

  draw(batchSize: number): number[] {
    this.#learns = true;
    const left = this.size - this.#position || this.size;
    return this.#read(Math.min(batchSize, left));
  }

  presample(batchSize: number): number[] {
    const cost = 1 + this.ratio;
    const growth = Math.max(1, this.tau);
    let count = Math.round(this.factor * batchSize);
    if (this.keep === 'variance') count = Math.round(batchSize * (1 + Math.sqrt(cost / growth)));
    if (this.keep === 'time') {
      const kept = Math.max(1, Math.round(batchSize / (1 + Math.sqrt(growth / cost))));
      count = Math.max(1, Math.round(cost * (batchSize - kept)));
    }
    const indices = this.#read(Math.min(this.size, count));
    this.#presample = { indices, batchSize };
    return indices;
  }

  resample(scores: number[]): { indices: number[]; probabilities: number[] } {
    const { indices, batchSize } = this.#presample!;
    const count = indices.length;
    const growth = this.#learn(scores);
    let kept = batchSize;
    if (this.keep === 'time') kept = Math.max(1, Math.round(batchSize - count / (1 + this.ratio)));
    if (this.keep === 'variance') {
      kept = count > batchSize ? Math.ceil((batchSize * (count - 1)) / (growth * (count - batchSize))) : Infinity;
      if (kept > batchSize) {
        const batch = indices.slice(0, batchSize);
        this.resampledSamples += batch.length;
        return { indices: batch, probabilities: batch.map(() => 1 / this.size) };
      }
    }
    const total = scores.reduce((sum, score) => sum + score, 0);
    const slots = Array.from({ length: kept }, () => {
      if (total === 0) return this.#random.integer(count);
      let rest = this.#random.uniform() * total;
      let slot = 0;
      while (rest >= scores[slot]!) rest -= scores[slot++]!;
      return slot;
    });
    this.resampledSamples += kept;
    return {
      indices: slots.map((slot) => indices[slot]!),
      probabilities: slots.map((slot) => (count / this.size) * (total > 0 ? scores[slot]! / total : 1 / count)),
    };
  }

  observe(scores: number[]): void {
    if (this.#learns) this.#learn(scores);
  }

  #learn(scores: number[]): number {
    this.#learns = false;
    const sum = scores.reduce((total, score) => total + score, 0);
    const squares = scores.reduce((total, score) => total + score * score, 0);
    const exact = sum > 0 ? Math.max(1, scores.length / (sum ** 2 / squares)) : 1;
    const growth = this.keep === 'batch-size' ? Math.sqrt(exact) : exact;
    this.tau = 0.9 * this.tau + (1 - 0.9) * growth;
    return growth;
  }

  #read(length: number): number[] {
    return Array.from({ length }, () => {
      if (this.#position === this.size) {
        for (let last = this.size - 1; last > 0; last--) {
          const other = this.#random.integer(last + 1);
          [this.#order[last], this.#order[other]] = [this.#order[other]!, this.#order[last]!];
        }
        this.#position = 0;
      }
      return this.#order[this.#position++]!;
    });
  }
}

test.each<NonNullable<ResamplingSamplerOptions['keep']>>(['batch-size', 'variance', 'time'])(
  'does what the plain oracle does over 35,000 random operations, keeping the %s',
  (keep) => {
    const random = new RandomGenerator(11);
    let operations = 0;
    for (let seed = 0; operations < 35_000; seed++) {
      const size = 1 + random.integer(seed % 3 === 0 ? 12 : 300);
      const ratio = 0.25 + 4 * random.uniform();
      const factor = 1 + 4 * random.uniform();
      const options = { keep, presampleFactor: factor, threshold: 0, backwardForwardRatio: ratio };
      let sampler = new ResamplingSampler(size, { ...options, seed });
      const oracle = new Oracle(size, keep, factor, ratio, seed);
      // Whole numbers: their sums are exact in any order.
      const scoresOf = (indices: ArrayLike<number>) => {
        const spread = 1 + random.integer(12);
        const value = () => (random.uniform() < 0.2 ? 0 : Math.floor(Math.exp(spread * random.uniform())));
        return Array.from(indices, spread === 1 ? () => 0 : value);
      };
      for (let step = 0; step < 250; step++, operations++) {
        const batchSize = 1 + random.integer(step % 10 === 0 ? 2 * size : 24);
        const choice = random.uniform();
        if (choice < 0.25) {
          const { indices } = sampler.draw(batchSize);
          expect([...indices]).toEqual(oracle.draw(batchSize));
        } else if (choice < 0.4) {
          const indices = Array.from({ length: batchSize }, () => random.integer(size));
          const scores = scoresOf(indices);
          sampler.observe(indices, scores);
          oracle.observe(scores);
        } else if (choice < 0.85) {
          const candidates = sampler.presample(batchSize);
          if (!candidates) {
            expect(oracle.tau).toBe(0);
            continue;
          }
          expect([...candidates]).toEqual(oracle.presample(batchSize));
          if (random.uniform() < 0.1) sampler = samplerFromState(sampler.getState()) as ResamplingSampler;
          if (random.uniform() < 0.1) continue; // another presample takes its place
          const scores = scoresOf(candidates);
          const { indices, probabilities, weights } = sampler.resample(scores);
          const expected = oracle.resample(scores);
          expect([...indices]).toEqual(expected.indices);
          const error = (probability: number, k: number) =>
            Math.max(Math.abs(probabilities[k]! / probability - 1), Math.abs(weights[k]! * size * probability - 1));
          expect(Math.max(...expected.probabilities.map(error))).toBeLessThan(1e-7);
        } else if (choice < 0.95) {
          sampler = samplerFromState(structuredClone(sampler.getState())) as ResamplingSampler;
        } else {
          sampler.backwardForwardRatio = oracle.ratio = 0.25 + 4 * random.uniform();
        }
        expect(sampler.tau).toBeCloseTo(oracle.tau, 9);
        expect(sampler.resampledSamples).toBe(oracle.resampledSamples);
      }
    }
  },
);
