import { afterEach, describe, expect, it, vi } from 'vitest';
import { createStrategy, train } from '../src/index.js';
import { LinearLearner } from './linearLearner.js';

const N = 400;
const BATCH = 8;
/** What LinearLearner says that a step takes. */
const STEP_SECONDS = 0.25;

/** Trains for some epochs with a learner whose scoring passes take so many seconds for each sample. */
async function trainWith(method: 'dlis-auto' | 'dlis', secondsPerSample: number, epochs: number) {
  // The clock is read through performance.now; here it moves only where somebody works.
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const learner = new LinearLearner(N, 1e-4);
  const scores = learner.scores.bind(learner);
  learner.scores = async (indices) => {
    now += 1000 * secondsPerSample * indices.length;
    return scores(indices);
  };
  const strategy = createStrategy(method, { size: N, seed: 1, exact: true });
  for await (const _ of train(learner, strategy, { batchSize: BATCH, epochs }));
  return { learner, strategy };
}

describe('dlis-auto', () => {
  afterEach(() => vi.restoreAllMocks());

  it.each([
    [0.25, (STEP_SECONDS / BATCH) * 0.25],
    [3, (STEP_SECONDS / BATCH) * 3],
  ])('measures what a backward pass costs, with scoring passes at %d of a step', async (share, secondsPerSample) => {
    const { strategy } = await trainWith('dlis-auto', secondsPerSample, 4);
    // Never cheaper than a tenth of a forward pass, whatever the clock says.
    const expected = Math.max(0.1, 1 / share - 1);
    expect(strategy.diagnostics().backwardForwardRatio).toBeCloseTo(expected, 9);
  });

  it('resamples where scoring is cheap, and not where it is dear', async () => {
    const cheap = await trainWith('dlis-auto', (STEP_SECONDS / BATCH) * 0.01, 8);
    expect(cheap.strategy.diagnostics().resampledSteps).toBeGreaterThan(0);
    const dear = await trainWith('dlis-auto', (STEP_SECONDS / BATCH) * 2, 8);
    expect(dear.strategy.diagnostics().resampledSteps).toBe(0);
  });

  it('makes one probe in a hundred steps while it does not resample, of five batches', async () => {
    const { learner } = await trainWith('dlis-auto', STEP_SECONDS, 8);
    expect(learner.calls.scores).toBe((8 * Math.ceil(N / BATCH)) / 100);
    const plain = await trainWith('dlis', STEP_SECONDS, 8);
    expect(plain.strategy.diagnostics().backwardForwardRatio).toBeUndefined();
  });

  it('does not take the threshold of the options, which would say when to begin', () => {
    expect(createStrategy('dlis-auto', { size: N, threshold: 0 }).settings().threshold).toBeUndefined();
    expect(createStrategy('dlis', { size: N, threshold: 0 }).settings().threshold).toBe(0);
  });
});
