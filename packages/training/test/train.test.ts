import { AdaSelectionSampler, PruningSampler } from '@gradis/samplers';
import { describe, expect, it, vi } from 'vitest';
import {
  createStrategy,
  type EpochEvent,
  type MethodName,
  methods,
  PHASES,
  type Strategy,
  strategyFromState,
  strategyOf,
  TrainingProgress,
  totalSeconds,
  train,
  zeroSeconds,
} from '../src/index.js';
import { BATCH, collect } from './collect.js';
import { LinearLearner } from './linearLearner.js';

const N = 50;
const STEPS_PER_EPOCH = Math.ceil(N / BATCH);
const names = Object.keys(methods) as MethodName[];

/** Methods whose probabilities do not tell the chances of their draws. */
const SKEWED: MethodName[] = ['pruning', 'selective-backprop', 'one-from-ten', 'ada-selection'];

/** Methods that draw in proportion to what they learned, and so must lower the second moment on this problem. */
const PROPORTIONAL: MethodName[] = ['memory-is', 'memory-as', 'memory-dlis', 'calibrated', 'dlis', 'dlis-auto'];

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
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
    const unscored: MethodName[] = ['uniform', 'selective-backprop', 'one-from-ten', 'ada-selection'];
    expect(learner.calls.scored).toBe(unscored.includes(name) ? 0 : steps.length);
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

  // Two epochs in 400 are those in which memory methods learn; the learner does not move, so that the truth stays the same.
  async function estimateWith(strategy: Strategy) {
    const learner = new LinearLearner(N, 0);
    const { steps, epochs } = await collect(learner, strategy, { epochs: 400 });
    const estimates = epochs.slice(2).map((event) => event.estimatedLoss as number);
    const mean = meanOf(estimates);
    const variance = estimates.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (estimates.length - 1);
    // Six standard errors, a false alarm in 5·10⁸, and the rounding of losses to Float32.
    const tolerance = 6 * Math.sqrt(variance / estimates.length) + 2 ** -23 * mean;
    return { error: Math.abs(mean - learner.meanLoss()), tolerance, steps, meanLoss: learner.meanLoss() };
  }

  it.each(names.filter((name) => !SKEWED.includes(name)))(
    'estimates the mean training loss without bias, whatever %s drew',
    async (name) => {
      const { error, tolerance } = await estimateWith(createStrategy(name, { size: N, seed: 2, threshold: 1 }));
      expect(error).toBeLessThan(tolerance);
    },
  );

  it.each(SKEWED)('estimates no mean over all samples from the batches of %s', async (name) => {
    const { steps, epochs } = await collect(new LinearLearner(N), createStrategy(name, { size: N }), { epochs: 30 });
    expect(epochs.every(({ estimatedLoss, telemetry }) => estimatedLoss === undefined && telemetry === undefined)).toBe(
      true,
    );
    for (const { batch, loss, result } of steps) {
      expect(batch.skewed).toBe(true);
      expect(batch.importanceWeights).toBeUndefined();
      expect(loss).toBeCloseTo(meanOf(Array.from(result.losses)), 12);
    }
  });

  it.each([
    ['selection by AdaSelection', new AdaSelectionSampler(N)],
    ['pruning', new PruningSampler(N, { patience: 1 })],
  ])('would be wrong in the mean loss if it took the probabilities of %s for the chances', async (_, sampler) => {
    const { error, tolerance } = await estimateWith(strategyOf(sampler, 'pretended', { skewed: false }));
    expect(error).toBeGreaterThan(tolerance);
  });

  it('estimates the mean training loss from the weights 1/(N·p) also where the training uses none', async () => {
    const { steps, meanLoss } = await estimateWith(createStrategy('memory-as', { size: N, seed: 2 }));
    const drawn = steps.slice(STEPS_PER_EPOCH).flatMap(({ result }) => Array.from(result.losses));
    expect(meanOf(drawn)).toBeGreaterThan(1.2 * meanLoss);
  });

  it('estimates from the batches of an epoch that are not skewed', () => {
    const progress = new TrainingProgress();
    const batch = { indices: Int32Array.of(0, 1), weights: Float32Array.of(1, 1), scored: false };
    const result = { losses: Float32Array.of(1, 3), weights: batch.weights, seconds: zeroSeconds() };
    progress.addStep({ batch: { ...batch, skewed: true }, result, loss: 100 });
    expect(progress.estimatedLoss).toBeUndefined();
    progress.addStep({ batch, result, loss: 2 });
    expect(progress.estimatedLoss).toBe(2);
    expect(TrainingProgress.fromState(progress.getState()).estimatedLoss).toBe(2);
    expect(progress.samples).toBe(4);
  });

  it('reports what sampling does to the variance, for methods that draw with other chances and know them', async () => {
    for (const name of names.filter((method) => !SKEWED.includes(method))) {
      const strategy = createStrategy(name, { size: N, threshold: 1 });
      const { epochs } = await collect(new LinearLearner(N), strategy, { epochs: 30 });
      const { telemetry } = epochs[30];
      if (name === 'uniform' || name === 'low') {
        expect(telemetry).toBeUndefined();
      } else {
        expect(telemetry?.weightsConsistent, name).toBe(true);
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

  it('a strategy for another number of samples, and foreign states', async () => {
    const strategy = createStrategy('uniform', { size: N + 1 });
    await expect(collect(new LinearLearner(N), strategy, { epochs: 1 })).rejects.toThrow(/51 samples.*has 50/);
    const state = { ...new TrainingProgress().getState(), kind: 'Other' as 'TrainingProgress' };
    expect(() => TrainingProgress.fromState(state)).toThrow(/kind Other/);
  });
});
