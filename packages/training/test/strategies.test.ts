import {
  AdaSelectionSampler,
  InfoBatchSampler,
  LossMatchingSampler,
  lowWeights,
  MemorySampler,
  OnlineBatchSampler,
  PruningSampler,
  ResamplingSampler,
  RobustSampler,
  type Sampler,
  SelectiveBackpropSampler,
  UniformSampler,
} from '@gradis/samplers';
import { describe, expect, it } from 'vitest';
import {
  createStrategy,
  isBiased,
  type MethodName,
  type MethodOptions,
  methods,
  type SamplerStrategyOptions,
  type Strategy,
  type StrategyState,
  strategyFromState,
  strategyOf,
} from '../src/index.js';
import { collect } from './collect.js';
import { LinearLearner } from './linearLearner.js';

const N = 50;
const names = Object.keys(methods) as MethodName[];

/** The samples of each step from here on. */
async function batchesOf(strategy: Strategy, learner: LinearLearner): Promise<string[]> {
  const { steps } = await collect(learner, strategy, { epochs: 3 });
  return steps.map(({ batch }) => batch.indices.join());
}

describe('createStrategy', () => {
  it('is biased if its options make it so', () => {
    const quarantine = 'ignore';
    expect(isBiased('calibrated-robust', { size: N })).toBe(false);
    expect(isBiased('calibrated-robust', { size: N, quarantine })).toBe(true);
    expect(isBiased('calibrated-robust', { size: N, weightExponent: 0.5 })).toBe(true);
    expect(isBiased('calibrated', { size: N, quarantine })).toBe(false);
    expect(isBiased('memory-is', { size: N, weightExponent: 0.5 })).toBe(false);
    expect(isBiased('memory-as', { size: N })).toBe(true);
  });

  it('tells the options in force, defaults included', () => {
    const settings = (name: MethodName, options = {}) => createStrategy(name, { size: N, ...options }).settings();
    expect(settings('uniform')).toEqual({});
    expect(settings('low', { lambda: 2 })).toEqual({ lambda: 2, lossScaling: 'sum' });
    expect(settings('memory-is', { uniformMix: 0.3 })).toMatchObject({ uniformMix: 0.3, momentum: 0.1, epsilon: 1e-3 });
    expect(settings('dlis')).toMatchObject({ presampleFactor: 5, smoothing: 0.9 });
    expect(settings('calibrated-robust', { clipQuantile: 0.9 })).toEqual({
      ...settings('calibrated'),
      clipQuantile: 0.9,
      quarantineQuantile: 0.9,
      patience: 5,
      quarantine: 'calm',
    });
    expect(settings('ada-selection').methods).toBe('big-loss, small-loss, uniform');
  });

  it.each(names)('tells with %s the options that its sampler was made with', (name) => {
    const strategy = createStrategy(name, { size: N, epochs: 3 });
    const { options = {} } = strategy.getState().sampler as { options?: object };
    expect(strategy.settings()).toMatchObject(options);
  });

  it('passes the options of LOW on', async () => {
    const weightsOf = async (options: object) => {
      const strategy = createStrategy('low', { size: N, ...options });
      const { weights } = await strategy.next(3, new LinearLearner(N));
      return Array.from((weights as (scores: Float32Array) => Float32Array)(Float32Array.of(1, 2, 3)));
    };
    expect(await weightsOf({ lambda: 50 })).toEqual(Array.from(lowWeights([1, 2, 3], { lambda: 50 })));
    const mean = { lambda: 1, lossScaling: 'mean' as const };
    expect(await weightsOf(mean)).toEqual(Array.from(lowWeights([1, 2, 3], mean)));
    expect(await weightsOf(mean)).not.toEqual(await weightsOf({ lambda: 1 }));
  });

  it.each([
    ['toString', { size: N }, /no method "toString".*memory-is/],
    ['memory-is', undefined, 'options.size is undefined; give the number of training samples'],
    ['uniform', {}, 'options.size is undefined'],
    ['uniform', { size: 0 }, 'size is 0; it must be an integer'],
    ['uniform', { size: 1.5 }, 'size is 1.5; it must be an integer'],
    ['uniform', { size: N, epochs: 0 }, 'epochs is 0; it must be a number > 0.'],
    ['memory-is', { size: N, epochs: Number.NaN }, 'epochs is NaN; it must be a number > 0.'],
    ['uniform', { size: N, epochs: '3' as unknown as number }, 'epochs is 3; it must be a number > 0.'],
    ['low', { size: N, lambda: -1 }, 'lambda is -1; it must be finite and > 0.'],
    ['memory-is', { size: N, uniformMix: 2 }, 'uniformMix is 2'],
  ])('refuses %s with %o', (name, options, message) => {
    expect(() => createStrategy(name as MethodName, options as MethodOptions)).toThrow(message);
  });
});

describe('strategyOf', () => {
  it.each<[string, Sampler, string, boolean]>([
    ['AdaSelectionSampler', new AdaSelectionSampler(N), 'losses', true],
    ['InfoBatchSampler', new InfoBatchSampler(N), 'losses', false],
    ['LossMatchingSampler', new LossMatchingSampler(N), 'losses', true],
    ['stratified LossMatchingSampler', new LossMatchingSampler(N, { selection: 'stratified' }), 'losses', false],
    ['MemorySampler', new MemorySampler(N), 'scores', false],
    ['OnlineBatchSampler', new OnlineBatchSampler(N), 'losses', false],
    ['PruningSampler', new PruningSampler(N), 'scores', true],
    ['guarded InfoBatchSampler', new RobustSampler(new InfoBatchSampler(N)), 'losses', false],
    ['ResamplingSampler', new ResamplingSampler(N), 'scores', false],
    ['SelectiveBackpropSampler', new SelectiveBackpropSampler(N), 'losses', true],
  ])('knows what a %s learns from, and whether its draws are skewed', (_, sampler, learnsFrom, skewed) => {
    expect(strategyOf(sampler).getState()).toMatchObject({ name: 'custom', learnsFrom, skewed });
  });

  it('computes all losses for an online batch sampler, when it asks for them', async () => {
    const learner = new LinearLearner(N);
    await collect(learner, strategyOf(new OnlineBatchSampler(N, { recomputeEvery: 1 })), { epochs: 3 });
    expect(learner.calls.losses).toBe(2);
  });

  it('asks for no scores where nothing is learned, and estimates the mean loss all the same', async () => {
    const learner = new LinearLearner(N, 0);
    const sampler = new MemorySampler(N);
    await collect(learner, strategyOf(sampler), { epochs: 2 });
    const { epochs } = await collect(learner, strategyOf(sampler, 'frozen', { learnsFrom: 'nothing' }), {
      epochs: 400,
    });
    const estimates = epochs.slice(1).map((event) => event.estimatedLoss as number);
    const mean = estimates.reduce((sum, value) => sum + value, 0) / estimates.length;
    const variance = estimates.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (estimates.length - 1);
    // Six standard errors: a false alarm in 5·10⁸.
    expect(Math.abs(mean - learner.meanLoss())).toBeLessThan(6 * Math.sqrt(variance / estimates.length));
    expect(learner.calls.scored).toBe(2 * Math.ceil(N / 8));
  });

  it.each<[Sampler, string, string, string]>([
    [new MemorySampler(N), 'memory-is', 'scores', "name is 'memory-is', which is a method of gradis; choose another"],
    [new MemorySampler(N), 'mine', 'loss', "learnsFrom is 'loss'; it must be one of 'scores', 'losses', 'nothing'"],
    [new ResamplingSampler(N), 'mine', 'nothing', "learnsFrom is 'nothing'; it must be one of 'scores', 'losses' for"],
  ])('refuses what it cannot restore or teach', (sampler, name, learnsFrom, message) => {
    expect(() => strategyOf(sampler, name, { learnsFrom } as SamplerStrategyOptions)).toThrow(message);
  });
});

describe('strategyFromState', () => {
  it("gives a resampling sampler the scores it asks for, and restores strategies of samplers of one's own", async () => {
    const sampler = new ResamplingSampler(N, { threshold: 0, seed: 2 });
    const learner = new LinearLearner(N);
    const strategy = strategyOf(sampler);
    await collect(learner, strategy, { epochs: 2 });
    expect(learner.calls.scores).toBeGreaterThan(0);
    const restored = strategyFromState(structuredClone(strategy.getState()));
    expect(await restored.next(4, learner)).toEqual(await strategy.next(4, learner));
  });

  it.each([
    ['memory', () => new MemorySampler(N, { seed: 4 }), 'losses'],
    ['memory', () => new MemorySampler(N, { seed: 4 }), 'scores'],
    ['resampling', () => new ResamplingSampler(N, { seed: 4, threshold: 0 }), 'losses'],
    ['online batch', () => new OnlineBatchSampler(N, { seed: 4, recomputeEvery: 1 }), 'losses'],
  ] as const)(
    "continues a strategy of one's own with %s sampling by what it learned from",
    async (name, make, signal) => {
      const learner = new LinearLearner(N, 0);
      const strategy = strategyOf(make(), name, { learnsFrom: signal });
      await collect(learner, strategy, { epochs: 2 });
      const state = structuredClone(strategy.getState());
      const expected = await batchesOf(strategy, learner);
      expect(await batchesOf(strategyFromState(state), learner)).toEqual(expected);
      const other = { ...state, learnsFrom: signal === 'losses' ? 'scores' : 'losses' } as StrategyState;
      expect(await batchesOf(strategyFromState(other), learner)).not.toEqual(expected);
    },
  );

  it.each(['name', 'version', 'options', 'learnsFrom', 'skewed', 'sampler'] as const)(
    'refuses a state without %s, by its name',
    (field) => {
      for (const strategy of [createStrategy('memory-is', { size: N }), strategyOf(new MemorySampler(N))]) {
        const { [field]: _, ...rest } = strategy.getState();
        expect(() => strategyFromState(rest as StrategyState)).toThrow(`state.${field} is missing`);
      }
    },
  );

  it.each(names)('refuses the state of another sampler for %s', (name) => {
    const { kind } = createStrategy(name, { size: N }).getState().sampler;
    const sampler = (kind === 'UniformSampler' ? new MemorySampler(N) : new UniformSampler(N)).getState();
    const state = { ...createStrategy(name, { size: N }).getState(), sampler };
    const message = `state.sampler.kind is '${sampler.kind}'; it must be '${kind}' for the method ${name}.`;
    expect(() => strategyFromState(state)).toThrow(message);
  });

  it('refuses what is no state, of another version, or of another size', () => {
    const state = createStrategy('memory-is', { size: N }).getState();
    expect(() => strategyFromState(undefined as unknown as StrategyState)).toThrow('state.name is missing');
    expect(() => strategyFromState({ ...state, version: 2 as 1 })).toThrow('state.version is 2; this release reads');
    const larger = { ...state, options: { size: N + 1 } };
    expect(() => strategyFromState(larger)).toThrow('state.options.size is 51; it must be 50');
    const foreign = { ...state, name: 'custom', sampler: { kind: 'Other', version: 1 as const } };
    expect(() => strategyFromState(foreign)).toThrow("state.kind is 'Other'");
  });
});
