import {
  AdaSelectionSampler,
  type AdaSelectionSamplerOptions,
  type AdaSelectionSamplerState,
  RandomGenerator,
  SELECTION_METHODS,
  type SelectionMethod,
} from '@gradis/samplers';
import { normalBound } from '@gradis/tooling/testing';
import { describe, expect, test } from 'vitest';
import { nextBatch, testCandidateContract } from './candidateContract.js';
import { teach, testSamplerContract } from './contract.js';

testSamplerContract({
  name: 'AdaSelectionSampler (with losses that are all alike)',
  create: (seed) => teach(new AdaSelectionSampler(12, { seed, presampleFactor: 1.5 })),
  draw: (sampler, batchSize) => nextBatch(sampler as AdaSelectionSampler, batchSize, (indices) => indices.map(() => 3)),
  probabilities: () => new Float64Array(12).fill(1 / 12),
  unbiased: true,
  drawsUnscored: true,
});

testCandidateContract({
  name: 'AdaSelectionSampler',
  create: (size, seed) =>
    new AdaSelectionSampler(size, {
      seed,
      presampleFactor: 6,
      methods: SELECTION_METHODS.filter((method) => method !== 'gradient-norm'),
    }),
  candidates: 24,
});

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: number[]) => sum(values) / values.length;

/** The losses minus their mean, in standard deviations. */
function standardized(losses: number[]): number[] {
  const center = mean(losses);
  const deviation = Math.sqrt(mean(losses.map((loss) => (loss - center) ** 2)));
  return losses.map((loss) => (deviation === 0 ? 0 : (loss - center) / deviation));
}

/** Importance of each candidate as the docs say it, straight from the losses and scores. */
function importance(method: SelectionMethod, losses: number[], scores: number[]): number[] {
  const z = standardized(losses);
  const largest = Math.max(...losses);
  const relative = losses.map((loss) => loss / largest);
  const base = Math.min(1, mean(relative) / (1 - mean(relative)));
  const raw = {
    uniform: z.map(() => 1),
    'big-loss': z.map((value) => Math.exp(value)),
    'small-loss': z.map((value) => Math.exp(-value)),
    'mean-loss': z.map((value) => Math.exp(-Math.abs(value))),
    'extreme-loss': z.map((value) => Math.exp(Math.abs(value))),
    adaboost: relative.map((loss) => base ** (1 - loss)),
    'gradient-norm': scores,
  }[method];
  return raw.map((value) => value / sum(raw));
}

/** The sampler's rule with plain weights, which are never taken to logarithms. */
class Oracle {
  weights: number[];
  #losses: number[] | undefined;
  #steps = 0;

  constructor(readonly options: Required<Omit<AdaSelectionSamplerOptions, 'seed' | 'presampleFactor'>>) {
    this.weights = options.methods.map(() => 1 / options.methods.length);
  }

  /** Combined importance of the candidates, after the weights were moved. */
  step(losses: number[], scores: number[]): number[] {
    const { methods, adaptationRate, curriculum } = this.options;
    const importances = methods.map((method) => importance(method, losses, scores));
    const now = importances.map((alpha) => sum(alpha.map((value, i) => value * losses[i]!)));
    const before = this.#losses ?? now;
    const moved = this.weights.map(
      (weight, m) => weight * Math.exp((adaptationRate * (before[m]! - now[m]!)) / Math.max(before[m]!, now[m]!)),
    );
    this.weights = moved.map((weight) => weight / sum(moved));
    this.#losses = now;
    this.#steps++;
    return standardized(losses).map(
      (z, i) =>
        Math.exp((-curriculum * z) / Math.sqrt(this.#steps)) * sum(this.weights.map((w, m) => w * importances[m]![i]!)),
    );
  }
}

/** Steps of a sampler on candidates of these losses; gives its weights. */
function weightsAfter(options: AdaSelectionSamplerOptions, losses: number[][]): Record<string, number> {
  const sampler = new AdaSelectionSampler(losses[0]!.length, { presampleFactor: losses[0]!.length, ...options });
  for (const step of losses) {
    sampler.presample(1);
    sampler.resample(step);
  }
  return sampler.methodWeights;
}

describe('AdaSelectionSampler', () => {
  const cases: [AdaSelectionSamplerOptions, number][] = [
    [{}, 40_000],
    [{ methods: SELECTION_METHODS, adaptationRate: 2, curriculum: 0.5 }, 40_000],
    [{ methods: ['adaboost', 'mean-loss'], adaptationRate: -1, curriculum: 0 }, 30_000],
  ];
  test.each(cases)('chooses by the stated formulas, in random operations: %j', (options, operations) => {
    const random = new RandomGenerator(4);
    const { methods = ['big-loss', 'small-loss', 'uniform'], adaptationRate = 0.5, curriculum = 0 } = options;
    const oracle = new Oracle({ methods, adaptationRate, curriculum });
    let sampler = new AdaSelectionSampler(50, { ...options, seed: 5 });
    let candidates: { indices: Int32Array; batchSize: number } | undefined;
    let batches = 0;
    for (let operation = 0; operation < operations; operation++) {
      const kind = random.integer(10);
      const batchSize = 1 + random.integer(6);
      if (kind === 0) expect(sampler.draw(batchSize).indices.length).toBeLessThanOrEqual(batchSize);
      else if (kind === 1) sampler = AdaSelectionSampler.fromState(structuredClone(sampler.getState()));
      else if (kind === 2) sampler.observe([random.integer(50), 3, 3], [1, 0, random.uniform()]);
      else if (kind < 6 || !candidates) candidates = { indices: sampler.presample(batchSize), batchSize };
      else {
        const { indices, batchSize: count } = candidates;
        const scale = 10 ** (random.integer(3) - 1);
        const losses = Array.from(
          indices,
          () => scale * (random.integer(4) === 0 ? random.integer(3) : random.uniform()),
        );
        const scores = losses.map(() => random.uniform());
        const combined = oracle.step(losses, scores);
        const best = combined.toSorted((x, y) => y - x).slice(0, count);
        const chosen = sampler.resample(losses, scores).indices;
        const isBest = (index: number, k: number) =>
          combined.some((value, j) => indices[j] === index && Math.abs(value / best[k]! - 1) < 1e-9);
        expect(chosen.length === best.length && chosen.every(isBest)).toBe(true);
        const weights = Object.values(sampler.methodWeights);
        expect(weights.every((weight, m) => Math.abs(weight - oracle.weights[m]!) < 1e-9)).toBe(true);
        candidates = undefined;
        batches++;
      }
    }
    expect(batches).toBeGreaterThan(4000);
  });

  test.each<[SelectionMethod, number[]]>([
    ['big-loss', [9, 7, 5]],
    ['small-loss', [0, 1, 2]],
    ['adaboost', [9, 7, 5]],
    ['mean-loss', [4, 3, 5]],
    ['extreme-loss', [9, 0, 7]],
    ['gradient-norm', [1, 9, 2]],
    ['uniform', [4, 9, 0]], // all alike: the first candidates, whose order is random
  ])('trains on the samples that the method %s stands for', (method, expected) => {
    const sampler = new AdaSelectionSampler(8, { methods: [method], curriculum: 0, presampleFactor: 3 });
    const losses = [4, 9, 0, 2, 1, 7, 5, 3];
    const scores = [5, 8, 1, 6, 9, 0, 2, 3];
    const candidates = sampler.presample(3);
    const { indices } = sampler.resample(losses, scores);
    expect(Array.from(indices, (index) => losses[candidates.indexOf(index)])).toEqual(expected);
  });

  test('gives weight to the method whose loss falls, and takes it away with a negative rate', () => {
    const falling = [
      [1, 1, 1, 9],
      [1, 1, 1, 5],
      [1, 1, 1, 2],
    ];
    const methods: SelectionMethod[] = ['big-loss', 'small-loss'];
    const { 'big-loss': followed } = weightsAfter({ methods, adaptationRate: 1 }, falling);
    const { 'big-loss': avoided } = weightsAfter({ methods, adaptationRate: -1 }, falling);
    expect(followed).toBeGreaterThan(0.55);
    expect(avoided).toBeLessThan(0.45);
    expect(weightsAfter({ methods, adaptationRate: 0 }, falling)).toEqual({ 'big-loss': 0.5, 'small-loss': 0.5 });
  });

  test('has its old weights back when the losses rise and fall back', () => {
    const [low, high] = [
      [1, 2, 3, 4],
      [1, 5, 3, 90],
    ];
    const weights = weightsAfter(
      {},
      Array.from({ length: 101 }, (_, step) => (step % 2 === 0 ? low! : high!)),
    );
    for (const weight of Object.values(weights)) expect(weight).toBeCloseTo(1 / 3, 12);
    expect(weightsAfter({}, [low!, high!])['big-loss']).toBeLessThan(0.32);
  });

  test('prefers easy candidates at first, and less from step to step', () => {
    const sampler = new AdaSelectionSampler(1000, { methods: ['uniform', 'big-loss'], curriculum: 3 });
    const meanOfBatch = () => {
      const { indices } = nextBatch(sampler, 20, (given) => given);
      return mean(Array.from(indices));
    };
    expect(meanOfBatch()).toBeLessThan(250);
    for (let step = 0; step < 100; step++) meanOfBatch();
    expect(meanOfBatch()).toBeGreaterThan(750);
  });

  test.each([
    { curriculum: 0, first: 0, last: 100, stated: 1.51 },
    { curriculum: 1, first: 0, last: 20, stated: 0.51 },
    { curriculum: 1, first: 500, last: 600, stated: 1.38 },
  ])('has the bias that it states, on exponential losses: %j', ({ curriculum, first, last, stated }) => {
    const losses = Array.from({ length: 1000 }, (_, index) => -Math.log(1 - (index + 0.5) / 1000));
    const meanLosses = Array.from({ length: 20 }, (_, seed) => {
      const sampler = new AdaSelectionSampler(1000, { curriculum, adaptationRate: 0, seed });
      const means = Array.from({ length: last }, () => {
        const { indices } = nextBatch(sampler, 16, (given) => Float64Array.from(given, (index) => losses[index]!));
        return mean(Array.from(indices, (index) => losses[index]!)) / mean(losses);
      });
      return mean(means.slice(first));
    });
    const bias = mean(meanLosses);
    const variance = mean(meanLosses.map((value) => (value - bias) ** 2)) / (meanLosses.length - 1);
    const tolerance = normalBound() * Math.sqrt(variance);
    expect(Math.abs(bias - stated)).toBeLessThan(tolerance + 0.005); // stated to two digits
    expect(Math.abs(bias - 1)).toBeGreaterThan(2 * tolerance);
  });

  test.each([1e-300, 1e-3, 1e30])('does not care what losses are measured in (unit %d)', (unit) => {
    const random = new RandomGenerator(9);
    const losses = Array.from({ length: 1000 }, () => random.uniform());
    const run = (scale: number) => {
      const sampler = new AdaSelectionSampler(1000, { methods: ['extreme-loss', 'adaboost', 'small-loss'], seed: 2 });
      return Array.from({ length: 30 }, () =>
        nextBatch(sampler, 8, (given) => Float64Array.from(given, (index) => scale * losses[index]!)).indices.join(),
      );
    };
    expect(run(unit)).toEqual(run(1));
  });

  test("asks for scores if 'gradient-norm' is among the methods, and refuses bad ones by name", () => {
    const sampler = new AdaSelectionSampler(100, { methods: ['uniform', 'gradient-norm'] });
    const given = sampler.presample(1);
    const before = sampler.getState();
    const losses = [1, 2, 3, 4, 5];
    expect(() => sampler.resample(losses)).toThrow(
      "scores is undefined; the method 'gradient-norm' needs the scores of the candidates.",
    );
    expect(() => sampler.resample(losses, [1, 2])).toThrow('scores has 2 elements; it must have 5.');
    expect(() => sampler.resample(losses, [1, -2, 3, 4, 5])).toThrow(`scores[1] (sample ${given[1]}) is -2`);
    expect(sampler.getState()).toEqual(before);
    expect(sampler.resample(losses, [0, 0, 0, 0, 0]).indices).toHaveLength(1);
  });

  test('has the defaults that it states', () => {
    const sampler = new AdaSelectionSampler(50);
    const { options, methods } = sampler.getState();
    expect(options).toEqual({ presampleFactor: 5, adaptationRate: 0.5, curriculum: 0 });
    expect(methods).toEqual(['big-loss', 'small-loss', 'uniform']);
    expect(sampler.getState()).toEqual(new AdaSelectionSampler(50, { seed: 0 }).getState());
  });

  test('names every option that it cannot use', () => {
    const refused: [AdaSelectionSamplerOptions, string][] = [
      [{ presampleFactor: 0.5 }, 'presampleFactor is 0.5; it must be finite and ≥ 1.'],
      [{ adaptationRate: 11 }, 'adaptationRate is 11; it must be in [-10, 10].'],
      [{ curriculum: -1 }, 'curriculum is -1; it must be finite and ≥ 0.'],
      [{ methods: [] }, 'methods is []; it must be an array of one method or more.'],
      [{ methods: ['uniform', 'best' as SelectionMethod] }, "methods[1] is 'best'; it must be one of 'uniform', "],
      [{ methods: ['uniform', 'uniform'] }, "methods[1] is 'uniform' again; name each method once."],
      [{ seed: 0.5 }, 'seed is 0.5'],
    ];
    for (const [options, message] of refused) expect(() => new AdaSelectionSampler(9, options)).toThrow(message);
    expect(() => new AdaSelectionSampler(0)).toThrow('size is 0');
  });

  test('refuses a damaged state by name', () => {
    const sampler = new AdaSelectionSampler(40);
    nextBatch(sampler, 4);
    const state = sampler.getState();
    const restore = (damage: object) => () =>
      AdaSelectionSampler.fromState({ ...state, ...damage } as AdaSelectionSamplerState);
    for (const value of [Number.NaN, 1, Number.NEGATIVE_INFINITY]) {
      expect(restore({ logWeights: state.logWeights.with(1, value) })).toThrow(`state.logWeights[1] is ${value}`);
    }
    for (const value of [Number.NaN, -1, Number.POSITIVE_INFINITY]) {
      expect(restore({ methodLosses: state.methodLosses.with(2, value) })).toThrow(`state.methodLosses[2] is ${value}`);
    }
    expect(restore({ logWeights: new Float64Array(2) })).toThrow('state.logWeights has 2 elements; it must have 3.');
    expect(restore({ steps: 0 })).toThrow('state.methodLosses has 3 elements; it must have 0.');
    for (const steps of [Number.NaN, -1, 0.5, undefined]) {
      expect(restore({ steps })).toThrow(`state.steps is ${steps}; it must be an integer`);
    }
    expect(restore({ methods: ['uniform', 'uniform', 'big-loss'] })).toThrow("state.methods[1] is 'uniform' again");
    expect(restore({ methods: undefined })).toThrow('state.methods is undefined; it must be an array');
  });
});
