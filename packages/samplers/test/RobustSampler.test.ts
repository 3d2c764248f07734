import {
  CalibratedSampler,
  type Draw,
  MemorySampler,
  PrioritizedSampler,
  RandomGenerator,
  ResamplingSampler,
  RobustSampler,
  type RobustSamplerOptions,
  type RobustSamplerState,
  type Sampler,
  samplerFromState,
} from '@gradis/samplers';
import { describe, expect, test } from 'vitest';
import { SCORES, teach, testSamplerContract } from './contract.js';

/** Edges of the bins of scores: eight an octave. */
const EDGES = Array.from({ length: 1 + 8 * 277 }, (_, k) => 2 ** (k / 8 - 149));

/** The rules on plain arrays: every quantile by sorting all last scores. */
class Oracle {
  readonly last: number[];
  readonly streaks: number[];
  observed = 0;
  clipped = 0;
  released = 0;

  constructor(
    readonly size: number,
    readonly options: Required<RobustSamplerOptions>,
  ) {
    this.last = new Array(size).fill(0);
    this.streaks = new Array(size).fill(0);
  }

  quarantined(): number[] {
    return this.streaks.flatMap((streak, index) => (streak === this.options.patience ? [index] : []));
  }

  /** What the inner sampler is to learn. */
  observe(indices: readonly number[], scores: readonly number[]): number[] {
    const { clipQuantile, quarantineQuantile, patience } = this.options;
    const largest = (sample: number) => Math.max(...scores.filter((_, k) => indices[k] === sample));
    for (const index of indices) this.last[index] = largest(index);
    const suspicious = this.#upperEdge(quarantineQuantile);
    for (const index of new Set(indices)) {
      const wasQuarantined = this.streaks[index] === patience;
      const isAbove = this.last[index]! >= suspicious;
      this.streaks[index] = isAbove ? Math.min(patience, this.streaks[index]! + 1) : 0;
      if (wasQuarantined && !isAbove) this.released++;
    }
    const clip = this.#upperEdge(clipQuantile);
    const median = this.#upperEdge(0.5);
    this.observed += scores.length;
    return scores.map((score, k) => {
      if (this.streaks[indices[k]!] === patience) return Math.min(score, median);
      if (score < clip) return score;
      this.clipped++;
      return clip;
    });
  }

  /** The lowest edge above the score that has this share of the others below it. */
  #upperEdge(share: number): number {
    const known = this.last.filter((score) => score > 0).sort((a, b) => a - b);
    const quantile = known[Math.min(known.length - 1, Math.floor(share * known.length))];
    return quantile === undefined ? Number.POSITIVE_INFINITY : EDGES.find((edge) => edge > quantile)!;
  }
}

const QUARANTINED = [3, 11];
const ALL = Array.from(SCORES, (_, index) => index);

/** Guards a sampler that has learned `SCORES`, and shows it two of the samples as bad ones until they are quarantined. */
function guard<S extends Sampler>(inner: S, options: RobustSamplerOptions = {}): RobustSampler<S> {
  const sampler = new RobustSampler(inner, { patience: 2, quarantineQuantile: 0.8, ...options });
  const scores = SCORES.map((score, index) => (QUARANTINED.includes(index) ? 40 : score));
  for (let visit = 0; visit < 3; visit++) sampler.observe(ALL, scores);
  return sampler;
}

const memory = (seed: number) => teach(new MemorySampler(12, { seed, epsilon: 0 }));
const prioritized = (seed: number) =>
  teach(new PrioritizedSampler(12, { seed, weightExponent: 1, normalizeWeights: false }));
const isQuarantined = (probability: number, { indices, probabilities }: Draw) =>
  QUARANTINED.includes(indices[probabilities.indexOf(probability)]!);

const text = ({ indices, probabilities, weights }: Draw) => [indices, probabilities, weights].join(' ');

const subjects: [string, (seed: number) => Sampler, RobustSamplerOptions][] = [
  ['memory, calm', memory, {}],
  ['prioritized, calm', prioritized, {}],
  ['memory, ignore', memory, { quarantine: 'ignore' }],
];
for (const [name, inner, options] of subjects) {
  const ignores = options.quarantine === 'ignore';
  testSamplerContract({
    name: `RobustSampler (${name})`,
    create: (seed) => guard(inner(seed), options),
    draw: (sampler, batchSize) => sampler.draw(batchSize),
    probabilities: (sampler) => (sampler as RobustSampler).inner.probabilities(),
    unbiased: !ignores,
    drawsUnscored: true,
    weightOf: (probability, draw) => (ignores && isQuarantined(probability, draw) ? 0 : 1 / (12 * probability)),
  });
}

describe('RobustSampler', () => {
  test.each<[number, RobustSamplerOptions]>([
    [1, {}],
    [7, { clipQuantile: 0.7, quarantineQuantile: 0.6, patience: 1 }],
    [25, { clipQuantile: 0.9, quarantineQuantile: 0.75, patience: 3, quarantine: 'ignore' }],
    [60, { clipQuantile: 0.5, quarantineQuantile: 0.9, patience: 2 }],
    [60, { clipQuantile: 1, quarantineQuantile: 1, quarantine: 'ignore' }],
  ])('does what sorted scores say, in 25,000 random operations: N = %d, %j', (size, options) => {
    const random = new RandomGenerator(size);
    let sampler = new RobustSampler<Sampler>(new MemorySampler(size, { seed: 8 }), options);
    const twin = new MemorySampler(size, { seed: 8 });
    const oracle = new Oracle(size, sampler.getState().options);
    // Some samples are mostly high; what is high changes its scale.
    const score = (index: number) =>
      random.integer(10) === 0 ? random.integer(2) : Math.exp(random.normal() + (index % 9 === 0 ? 3 : 0));
    const observed = { draws: 0, restores: 0 };
    for (let operation = 0; operation < 25_000; operation++) {
      const kind = random.integer(20);
      if (kind < 9) {
        const batchSize = 1 + random.integer(6);
        const draw = sampler.draw(batchSize);
        const expected = twin.draw(batchSize);
        if (oracle.options.quarantine === 'ignore') {
          const quarantined = oracle.quarantined();
          expected.indices.forEach((index, k) => {
            if (quarantined.includes(index)) expected.weights[k] = 0;
          });
        }
        if (text(draw) !== text(expected)) expect(draw).toEqual(expected);
        observed.draws++;
      } else if (kind < 19) {
        const indices = Array.from({ length: 1 + random.integer(6) }, () => random.integer(size));
        const scores = indices.map(score);
        sampler.observe(indices, scores);
        twin.observe(indices, oracle.observe(indices, scores));
      } else {
        sampler = samplerFromState(structuredClone(sampler.getState())) as RobustSampler;
        observed.restores++;
      }
      if (operation % 50 > 0) continue;
      expect(sampler.inner.getState()).toEqual(twin.getState());
      expect([...sampler.quarantined()]).toEqual(oracle.quarantined());
      expect(sampler.diagnostics()).toEqual({
        clippedShare: oracle.clipped / Math.max(1, oracle.observed),
        quarantinedCount: oracle.quarantined().length,
        releasedCount: oracle.released,
      });
    }
    expect(observed.draws).toBeGreaterThan(5000);
    expect(observed.restores).toBeGreaterThan(500);
    const { clipQuantile, quarantineQuantile, patience } = oracle.options;
    expect(oracle.released > 100).toBe(size > 1 && quarantineQuantile < 1);
    // A lone sample is never above itself, and with a patience of 1 what is high is quarantined first.
    expect(oracle.clipped > 100).toBe(size > 1 && patience > 1 && clipQuantile < 1);
    if (clipQuantile === 1) expect(oracle.clipped).toBe(0);
  });

  test('draws a quarantined sample as often as one of the median score, not as its score says', () => {
    const sampler = guard(new MemorySampler(12, { momentum: 0, uniformMix: 0 }));
    const scores = sampler.inner.scores();
    for (const index of QUARANTINED) {
      expect(scores[index]).toBeGreaterThan(2);
      expect(scores[index]).toBeLessThan(2 * 2 ** (1 / 4));
    }
  });

  test('releases a sample at the first visit that is not suspicious, and learns its score as it is', () => {
    const sampler = guard(new MemorySampler(12, { momentum: 0 }));
    expect([...sampler.quarantined()]).toEqual(QUARANTINED);
    sampler.observe([3], [40]);
    expect(sampler.quarantinedCount).toBe(2);
    sampler.observe([3], [2]);
    expect([...sampler.quarantined()]).toEqual([11]);
    expect(sampler.diagnostics()).toMatchObject({ quarantinedCount: 1, releasedCount: 1 });
    expect(sampler.inner.scores()[3]).toBe(2);
    sampler.observe([3], [40]);
    expect(sampler.quarantinedCount).toBe(1);
    sampler.observe([3], [40]);
    expect([...sampler.quarantined()]).toEqual(QUARANTINED);
  });

  test('takes several occurrences in a batch for one visit', () => {
    const sampler = new RobustSampler(new MemorySampler(12), { patience: 3, quarantineQuantile: 0.8 });
    sampler.observe(ALL, SCORES);
    for (let batch = 0; batch < 2; batch++) sampler.observe([4, 4, 4, 4, 4], [50, 50, 50, 50, 50]);
    expect(sampler.quarantinedCount).toBe(0);
    sampler.observe([4, 4], [50, 50]);
    expect([...sampler.quarantined()]).toEqual([4]);
  });

  test.each([
    ['falls', [50, 1]],
    ['rises', [1, 50]],
  ])('takes the largest score of a sample in a batch for that of the visit, when it %s', (_, scores) => {
    const sampler = new RobustSampler(new MemorySampler(12), { patience: 1, quarantineQuantile: 0.8 });
    sampler.observe(ALL, SCORES);
    sampler.observe([4, 4], scores);
    expect(sampler.quarantined()).toContain(4);
    sampler.observe([4, 4], [1, 0]);
    expect(sampler.quarantined()).not.toContain(4);
  });

  test('clips and quarantines nothing with quantiles of 1, however scores jump within a batch', () => {
    const random = new RandomGenerator(5);
    const inner = new MemorySampler(12, { momentum: 0.5 });
    const sampler = new RobustSampler(inner, { clipQuantile: 1, quarantineQuantile: 1, patience: 1 });
    const bare = new MemorySampler(12, { momentum: 0.5 });
    for (let batch = 0; batch < 2000; batch++) {
      const indices = Array.from({ length: 6 }, () => random.integer(3));
      const scores = indices.map(() => Math.exp(5 * random.normal()));
      sampler.observe(indices, scores);
      bare.observe(indices, scores);
      expect(sampler.quarantinedCount).toBe(0);
    }
    expect(sampler.clippedShare).toBe(0);
    expect(inner.scores()).toEqual(bare.scores());
  });

  test('clips what the inner sampler learns to a quantile of all samples, and no weight', () => {
    const sampler = new RobustSampler(new MemorySampler(100, { momentum: 0 }), {
      clipQuantile: 0.95,
      quarantineQuantile: 1,
    });
    const all = Array.from({ length: 100 }, (_, index) => index);
    sampler.observe(
      all,
      all.map((index) => (index < 3 ? 1000 : 1 + index / 100)),
    );
    const scores = sampler.inner.scores();
    expect(new Set(scores.slice(0, 3)).size).toBe(1);
    expect(scores[0]).toBeGreaterThanOrEqual(1.98);
    expect(scores[0]).toBeLessThan(2.2);
    expect(scores[50]).toBe(1.5);
    expect(sampler.clippedShare).toBe(0.03);
    sampler.draw(100);
    for (let step = 0; step < 20; step++) {
      const { weights, probabilities } = sampler.draw(10);
      weights.forEach((weight, k) => {
        expect(weight).toBe(Math.fround(1 / (100 * probabilities[k]!)));
      });
    }
  });

  test('suspects and clips nothing while scores are equal, zero, or of a few samples', () => {
    const options = { clipQuantile: 0.5, quarantineQuantile: 0.5, patience: 1 };
    for (const scores of [SCORES.map(() => 0), SCORES.map(() => 3), SCORES.map((_, index) => (index === 5 ? 7 : 0))]) {
      const sampler = new RobustSampler(new MemorySampler(12), options);
      for (let visit = 0; visit < 5; visit++) sampler.observe(ALL, scores);
      expect(sampler.diagnostics()).toEqual({ clippedShare: 0, quarantinedCount: 0, releasedCount: 0 });
    }
  });

  test('takes any score of Float32, and smaller ones', () => {
    const sampler = new RobustSampler(new MemorySampler(12), {
      clipQuantile: 0.5,
      quarantineQuantile: 0.5,
      patience: 1,
    });
    const scores = ALL.map((index) => [0, 1e-300, 2 ** -149, 1e-30, 1, (2 - 2 ** -23) * 2 ** 127][index % 6]!);
    for (let visit = 0; visit < 3; visit++) sampler.observe(ALL, scores);
    expect([...sampler.quarantined()]).toEqual([4, 5, 10, 11]);
    expect(sampler.probabilities().every((probability) => probability > 0)).toBe(true);
  });

  test.each<Sampler>([memory(1), prioritized(2), new CalibratedSampler(12), guard(memory(3))])(
    'brings back the sampler inside with its own',
    (inner) => {
      const sampler = guard<Sampler>(inner);
      const restored = samplerFromState(structuredClone(sampler.getState())) as RobustSampler;
      expect(restored.inner.constructor).toBe(inner.constructor);
      expect(restored.getState()).toEqual(sampler.getState());
      const { clippedShare, quarantinedCount, releasedCount } = sampler;
      expect(sampler.diagnostics()).toEqual({
        ...inner.diagnostics?.(),
        clippedShare,
        quarantinedCount,
        releasedCount,
      });
    },
  );

  test('has the defaults that it states', () => {
    expect(new RobustSampler(new MemorySampler(5)).getState().options).toEqual({
      clipQuantile: 0.99,
      quarantineQuantile: 0.9,
      patience: 5,
      quarantine: 'calm',
    });
  });

  test('names every option that it cannot use, and a sampler that it cannot guard', () => {
    const refused: [RobustSamplerOptions, string][] = [
      [{ clipQuantile: 0.4 }, 'clipQuantile is 0.4; it must be in [0.5, 1].'],
      [{ clipQuantile: Number.NaN }, 'clipQuantile is NaN'],
      [{ quarantineQuantile: 1.5 }, 'quarantineQuantile is 1.5; it must be in [0.5, 1].'],
      [{ patience: 0 }, 'patience is 0; it must be an integer in [1, 127].'],
      [{ patience: 128 }, 'patience is 128'],
      [{ quarantine: 'x' as 'calm' }, "quarantine is 'x'; it must be one of 'calm', 'ignore'."],
    ];
    for (const [options, message] of refused) {
      expect(() => new RobustSampler(new MemorySampler(4), options)).toThrow(message);
    }
    for (const inner of [null, undefined, 4, {}] as unknown[] as Sampler[]) {
      expect(() => new RobustSampler(inner)).toThrow(new TypeError(`inner is ${inner}; it must be a sampler.`));
    }
    expect(() => new RobustSampler(new ResamplingSampler(4))).toThrow('inner has a presample; it must be a sampler');
  });
});

describe('RobustSampler.fromState', () => {
  const state = guard(memory(1)).getState();
  const restore = (damage: object) => () => samplerFromState({ ...state, ...damage } as RobustSamplerState);

  test('refuses a damaged field by name', () => {
    for (const count of [Number.NaN, -1, 0.5, '3', undefined]) {
      for (const field of ['observedScores', 'clippedScores', 'releasedCount']) {
        expect(restore({ [field]: count })).toThrow(`state.${field} is ${count}; it must be an integer`);
      }
    }
    expect(restore({ clippedScores: 37 })).toThrow('state.clippedScores is 37; it must be an integer in [0, 36].');
    expect(restore({ streaks: new Uint8Array(11) })).toThrow('state.streaks has 11 elements; it must have 12.');
    expect(restore({ streaks: state.streaks.with(2, 3) })).toThrow('state.streaks[2] is 3; state.streaks must be');
    expect(restore({ bins: new Uint16Array(13) })).toThrow('state.bins has 13 elements; it must have 12.');
    expect(restore({ bins: state.bins.with(4, 2217) })).toThrow('state.bins[4] is 2217; state.bins must be');
    const { patience: _, ...withoutPatience } = state.options;
    expect(restore({ options: withoutPatience })).toThrow('state.options.patience is undefined');
    expect(restore({ options: { ...state.options, speed: 3 } })).toThrow('state.options.speed is 3');
    expect(restore({ options: { ...state.options, clipQuantile: 2 } })).toThrow('clipQuantile is 2');
    expect(restore({ version: 2 })).toThrow('state.version is 2');
    expect(restore({ inner: { ...state.inner, kind: 'Oracle' } })).toThrow("state.kind is 'Oracle'");
    expect(restore({ inner: { ...state.inner, epoch: -1 } })).toThrow('state.epoch is -1');
    expect(() => RobustSampler.fromState(state, new MemorySampler(9))).toThrow('state.streaks has 12 elements');
  });

  test('shares nothing with the state', () => {
    const restored = RobustSampler.fromState(state, memory(1));
    const copy = structuredClone(state);
    for (let visit = 0; visit < 3; visit++) restored.observe(ALL, SCORES.toReversed());
    expect(state).toEqual(copy);
  });
});
