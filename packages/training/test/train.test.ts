import { lowWeights, ResamplingSampler } from '@gradis/samplers';
import { describe, expect, it, vi } from 'vitest';
import {
  createStrategy,
  type EndReason,
  type EpochEvent,
  type MethodName,
  methods,
  PHASES,
  type StepEvent,
  strategyFromState,
  strategyOf,
  TrainingProgress,
  type TrainOptions,
  totalSeconds,
  train,
} from '../src/index.js';
import { LinearLearner } from './linearLearner.js';

const N = 50;
const BATCH = 8;
const STEPS_PER_EPOCH = Math.ceil(N / BATCH);
const names = Object.keys(methods) as MethodName[];

/** Methods that draw in proportion to what they learned, and so must lower the second moment on this problem. */
const PROPORTIONAL: MethodName[] = ['memory-is', 'memory-as', 'memory-dlis', 'calibrated', 'dlis', 'dlis-auto'];

async function collect(learner: LinearLearner, strategy: ReturnType<typeof createStrategy>, options: TrainOptions) {
  const steps: StepEvent[] = [];
  const epochs: EpochEvent[] = [];
  const events = train(learner, strategy, { batchSize: BATCH, ...options });
  let next = await events.next();
  for (; !next.done; next = await events.next()) {
    if (next.value.kind === 'step') steps.push(next.value);
    else epochs.push(next.value);
  }
  return { steps, epochs, reason: next.value as EndReason };
}

describe('train', () => {
  it.each(names)(
    'makes ceil(N/B) steps an epoch and evaluates before training and after each, with %s',
    async (name) => {
      const learner = new LinearLearner(N);
      const { steps, epochs, reason } = await collect(learner, createStrategy(name, { size: N }), { epochs: 3 });
      expect(reason).toBe('completed');
      expect(steps.length).toBe(3 * STEPS_PER_EPOCH);
      expect(epochs.map(({ epoch, steps: made }) => [epoch, made])).toEqual(
        [0, 1, 2, 3].map((epoch) => [epoch, epoch * STEPS_PER_EPOCH]),
      );
      expect(learner.calls.evaluate).toBe(4);
      expect(epochs[3].test?.loss).toBeLessThan(epochs[0].test?.loss as number);
      expect(epochs[3].samples).toBe(steps.reduce((sum, { batch }) => sum + batch.indices.length, 0));
    },
  );

  it.each(['uniform', 'memory-is', 'memory-as', 'low'] as const)(
    'sees every sample once in the first epoch of %s',
    async (name) => {
      const { steps } = await collect(new LinearLearner(N), createStrategy(name, { size: N }), { epochs: 1 });
      expect(steps.flatMap(({ batch }) => Array.from(batch.indices)).sort((a, b) => a - b)).toEqual(
        Array.from({ length: N }, (_, i) => i),
      );
    },
  );

  it.each(names)('asks for scores and forward passes only where %s uses them', async (name) => {
    const learner = new LinearLearner(N);
    const { steps } = await collect(learner, createStrategy(name, { size: N, threshold: 1 }), { epochs: 20 });
    expect(learner.calls.scored).toBe(name === 'uniform' ? 0 : steps.length);
    expect(learner.calls.scores > 0).toBe(['dlis', 'dlis-auto', 'constant-variance', 'constant-time'].includes(name));
    expect(learner.calls.losses > 0).toBe(
      ['dlis-loss', 'online-batch', 'selective-backprop', 'one-from-ten', 'ada-selection'].includes(name),
    );
  });

  it('counts the time of every phase and none of the evaluation', async () => {
    // The clock is read through performance.now; here it moves only where somebody works.
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
    const learner = new LinearLearner(N);
    learner.evaluate = async () => {
      now += 1e9;
      return { loss: 0 };
    };
    let scorings = 0;
    learner.scores = async (indices) => {
      scorings++;
      now += 5000;
      return new Float32Array(indices.length).fill(1);
    };
    const strategy = createStrategy('dlis', { size: N, threshold: 0.5 });
    const observe = strategy.observe.bind(strategy);
    strategy.observe = (batch, result) => {
      now += 1000;
      observe(batch, result);
    };
    const next = strategy.next.bind(strategy);
    strategy.next = (batchSize, scorer) => {
      now += 2000;
      return next(batchSize, scorer);
    };
    const { epochs } = await collect(learner, strategy, { epochs: 2 });
    clock.mockRestore();
    const { steps, seconds, trainingSeconds } = epochs[2];
    expect(scorings).toBeGreaterThan(0);
    // The learner says that each step takes a quarter of a second.
    const expected = {
      sampling: 2 * steps,
      gather: 0,
      step: steps / 4,
      scoring: 5 * scorings,
      readBack: 0,
      update: steps,
    };
    expect(seconds).toEqual(expected);
    expect(trainingSeconds).toBe(totalSeconds(seconds));
    expect(Object.keys(seconds)).toEqual([...PHASES]);
  });

  it('stops at the time budget, within an epoch, with an evaluation', async () => {
    const options = { budgetSeconds: 0.25 * (STEPS_PER_EPOCH + 2) };
    const { steps, epochs, reason } = await collect(
      new LinearLearner(N),
      createStrategy('uniform', { size: N }),
      options,
    );
    expect(reason).toBe('budget');
    expect(steps.length).toBe(STEPS_PER_EPOCH + 2);
    expect(epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 1 + 2 / STEPS_PER_EPOCH]);
    expect(epochs[2].test).toBeDefined();
  });

  // What dlis-auto does depends on the clock.
  it.each(names.filter((name) => name !== 'dlis-auto'))(
    'continues an aborted run of %s exactly where it stopped',
    async (name) => {
      const options = { size: N, seed: 5, threshold: 1 };
      const whole = await collect(new LinearLearner(N), createStrategy(name, options), { epochs: 3 });

      const learner = new LinearLearner(N);
      const strategy = createStrategy(name, options);
      const progress = new TrainingProgress();
      const stop = new AbortController();
      const events = train(learner, strategy, { batchSize: BATCH, epochs: 3, progress, signal: stop.signal });
      const before: EpochEvent[] = [];
      let next = await events.next();
      for (; !next.done; next = await events.next()) {
        if (next.value.kind === 'epoch') before.push(next.value);
        else if (next.value.step === STEPS_PER_EPOCH + 3) stop.abort();
      }
      expect(next.value).toBe('aborted');
      const saved = structuredClone({
        learner: await learner.getState(),
        strategy: strategy.getState(),
        progress: progress.getState(),
      });

      const restored = new LinearLearner(N);
      await restored.setState(saved.learner);
      const rest = await collect(restored, strategyFromState(saved.strategy), {
        epochs: 3,
        progress: TrainingProgress.fromState(saved.progress),
      });
      const timeless = ({ seconds, trainingSeconds, ...event }: EpochEvent) => event;
      expect([...before, ...rest.epochs].map(timeless)).toEqual(whole.epochs.map(timeless));
    },
  );

  it('estimates the mean training loss without bias, whatever was drawn', async () => {
    // A learner that does not move, so that the truth stays the same.
    const learner = new LinearLearner(N, 0);
    for (const name of ['memory-is', 'memory-as'] as const) {
      const { epochs } = await collect(learner, createStrategy(name, { size: N, seed: 2 }), { epochs: 400 });
      const estimates = epochs.slice(2).map((event) => event.estimatedLoss as number);
      const mean = estimates.reduce((sum, value) => sum + value, 0) / estimates.length;
      const variance = estimates.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (estimates.length - 1);
      // Six standard errors: a false alarm in 5·10⁸. The plain mean of the drawn losses is further away than that.
      const tolerance = 6 * Math.sqrt(variance / estimates.length);
      expect(Math.abs(mean - learner.meanLoss())).toBeLessThan(tolerance);
      expect(epochs[1].estimatedLoss).toBeCloseTo(learner.meanLoss(), 5);
    }
    const { steps } = await collect(learner, createStrategy('memory-as', { size: N, seed: 2 }), { epochs: 400 });
    const drawn = steps.slice(STEPS_PER_EPOCH).flatMap(({ result }) => Array.from(result.losses));
    expect(drawn.reduce((sum, value) => sum + value, 0) / drawn.length).toBeGreaterThan(1.2 * learner.meanLoss());
  });

  it('reports what sampling does to the variance, for methods that do not draw uniformly', async () => {
    for (const name of names) {
      const strategy = createStrategy(name, { size: N, threshold: 1 });
      const { epochs } = await collect(new LinearLearner(N), strategy, { epochs: 30 });
      const { telemetry } = epochs[30];
      if (name === 'uniform' || name === 'low') {
        expect(telemetry).toBeUndefined();
      } else {
        // What pruning leaves out has no probability, and the mean weight may tell.
        if (name !== 'pruning') expect(telemetry?.weightsConsistent, name).toBe(true);
        if (PROPORTIONAL.includes(name)) expect(telemetry?.secondMomentRatio).toBeLessThan(1);
      }
    }
    const { epochs } = await collect(new LinearLearner(N), createStrategy('dlis', { size: N }), { epochs: 1 });
    expect(epochs[1].diagnostics.tau).toBeGreaterThan(0);
  });

  it('reports a budget that ran out in the step that was aborted', async () => {
    const learner = new LinearLearner(N);
    const strategy = createStrategy('uniform', { size: N });
    const progress = new TrainingProgress();
    const stop = new AbortController();
    const options = { batchSize: BATCH, budgetSeconds: 0.5, progress };
    for await (const event of train(learner, strategy, { ...options, signal: stop.signal })) {
      if (event.kind === 'step' && event.step === 2) stop.abort();
    }
    const { steps, epochs, reason } = await collect(learner, strategy, options);
    expect(reason).toBe('budget');
    expect(steps.length).toBe(0);
    expect(epochs.map(({ epoch, steps: made }) => [epoch, made])).toEqual([[2 / STEPS_PER_EPOCH, 2]]);
  });

  it.each(names)('ends a run of %s whose losses or scores are not finite, without teaching them', async (name) => {
    const learner = new LinearLearner(N, 1e30);
    const strategy = createStrategy(name, { size: N, threshold: 0 });
    const { reason, epochs } = await collect(learner, strategy, { epochs: 50 });
    expect(reason).toBe('diverged');
    expect(epochs.every((event) => Number.isFinite(event.test?.loss))).toBe(true);
  });

  it('ends a run whose parameters are lost in a step with a finite loss', async () => {
    const learner = new LinearLearner(N);
    const step = learner.step.bind(learner);
    learner.step = async (batch) => {
      const result = await step(batch);
      learner.parameters = [Number.NaN, 0, 0];
      return result;
    };
    const { reason, epochs } = await collect(learner, createStrategy('uniform', { size: N }), {
      batchSize: N,
      epochs: 3,
    });
    expect(reason).toBe('diverged');
    expect(epochs.map(({ epoch }) => epoch)).toEqual([0]);
  });

  it.each(names)('trains %s on at most N samples a step', async (name) => {
    const strategy = createStrategy(name, { size: N, threshold: 0 });
    const { steps } = await collect(new LinearLearner(N), strategy, { batchSize: 3 * N, epochs: 4 });
    const sizes = steps.map(({ batch }) => batch.indices.length);
    expect(sizes.length).toBe(4);
    expect(Math.max(...sizes)).toBe(N);
  });

  it('tells the options in force, defaults included', () => {
    const settings = (name: MethodName, options = {}) => createStrategy(name, { size: N, ...options }).settings();
    expect(settings('uniform')).toEqual({});
    expect(settings('low', { lambda: 2 })).toEqual({ lambda: 2, lossScaling: 'sum' });
    expect(settings('memory-is', { uniformMix: 0.3 })).toMatchObject({ uniformMix: 0.3, momentum: 0.1, epsilon: 1e-3 });
    expect(settings('dlis')).toMatchObject({ presampleFactor: 5, smoothing: 0.9 });
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

  it("gives a resampling sampler the scores it asks for, and restores strategies of samplers of one's own", async () => {
    const sampler = new ResamplingSampler(N, { threshold: 0, seed: 2 });
    const learner = new LinearLearner(N);
    const strategy = strategyOf(sampler);
    await collect(learner, strategy, { epochs: 2 });
    expect(learner.calls.scores).toBeGreaterThan(0);
    const restored = strategyFromState(structuredClone(strategy.getState()));
    expect(await restored.next(4, learner)).toEqual(await strategy.next(4, learner));
  });
});

describe('train refuses', () => {
  it.each([
    [{}, /would never end/],
    [{ epochs: 1, batchSize: 0 }, /batchSize is 0/],
    [{ epochs: -1 }, /epochs is -1/],
    [{ budgetSeconds: 0 }, /budgetSeconds is 0/],
  ])('%o', async (options, message) => {
    const strategy = createStrategy('uniform', { size: N });
    await expect(collect(new LinearLearner(N), strategy, options)).rejects.toThrow(message);
  });

  it('a strategy for another number of samples, unknown methods and foreign states', async () => {
    const strategy = createStrategy('uniform', { size: N + 1 });
    await expect(collect(new LinearLearner(N), strategy, { epochs: 1 })).rejects.toThrow(/51 samples.*has 50/);
    expect(() => createStrategy('toString' as MethodName, { size: N })).toThrow(/no method "toString".*memory-is/);
    const state = { ...new TrainingProgress().getState(), kind: 'Other' as 'TrainingProgress' };
    expect(() => TrainingProgress.fromState(state)).toThrow(/kind Other/);
  });
});
