import { equivalentBatchGrowth, ResamplingSampler, type ResamplingSamplerOptions } from '@gradis/samplers';
import { describe, expect, test } from 'vitest';

const BATCH = 4;
const score = (index: number) => (index % 3 === 0 ? 0 : index);
const scoreAll = (indices: Int32Array) => Float64Array.from(indices, score);

/** A sampler whose τ stands above its threshold. */
function active(options: ResamplingSamplerOptions = {}, size = 100): ResamplingSampler {
  const sampler = new ResamplingSampler(size, { threshold: 0.5, smoothing: 0.25, ...options });
  const { indices } = sampler.draw(BATCH);
  sampler.observe(
    indices,
    indices.map(() => 1),
  );
  expect(sampler.isActive(BATCH)).toBe(true);
  return sampler;
}

describe('τ of ResamplingSampler', () => {
  test('starts at 0 and follows the scores of uniform batches, once for each batch', () => {
    const sampler = new ResamplingSampler(100, { smoothing: 0.9 });
    expect(sampler.tau).toBe(0);
    let tau = 0;
    for (let step = 0; step < 10; step++) {
      expect(sampler.presample(BATCH)).toBeUndefined();
      const { indices } = sampler.draw(BATCH);
      tau = 0.9 * tau + (1 - 0.9) * equivalentBatchGrowth(scoreAll(indices));
      sampler.observe(indices, scoreAll(indices));
      expect(sampler.tau).toBe(tau);
      sampler.observe(indices, scoreAll(indices));
      expect(sampler.tau).toBe(tau);
    }
    expect([sampler.uniformSteps, sampler.resampledSteps, sampler.presampledSamples]).toEqual([10, 0, 0]);
  });

  test('follows the scores of the presample once resampling, and those of the batch no more', () => {
    const sampler = active();
    const before = sampler.tau;
    const candidates = sampler.presample(BATCH)!;
    expect(sampler.tau).toBe(before);
    const { indices } = sampler.resample(scoreAll(candidates));
    const after = 0.25 * before + 0.75 * equivalentBatchGrowth(scoreAll(candidates));
    expect(sampler.tau).toBe(after);
    sampler.observe(
      indices,
      indices.map(() => 1),
    );
    expect(sampler.tau).toBe(after);
    expect([sampler.uniformSteps, sampler.resampledSteps, sampler.presampledSamples]).toEqual([1, 1, 20]);
  });

  test('takes the scores of a resampled batch for no others, even if those of a uniform batch never came', () => {
    const sampler = active();
    sampler.draw(BATCH);
    const { indices } = sampler.resample(scoreAll(sampler.presample(BATCH)!));
    const before = sampler.tau;
    sampler.observe(
      indices,
      indices.map(() => 1),
    );
    expect(sampler.tau).toBe(before);
  });

  test('must rise above the threshold: equal scores never switch resampling on', () => {
    const sampler = new ResamplingSampler(100, { threshold: 1, smoothing: 0 });
    sampler.observe(sampler.draw(2).indices, [3, 3]);
    expect(sampler.tau).toBe(1);
    expect(sampler.isActive(BATCH)).toBe(false);
  });

  test('is the exact variance ratio if so wanted', () => {
    const sampler = new ResamplingSampler(100, { exact: true, smoothing: 0 });
    const { indices } = sampler.draw(4);
    sampler.observe(indices, [1, 0, 0, 0]);
    expect(sampler.tau).toBe(4);
  });

  test.each<[ResamplingSamplerOptions, number]>([
    [{ presampleSize: 12 }, (12 + 3 * 4) / (3 * 4)],
    [{ presampleFactor: 3 }, 2],
    [{}, (20 + 3 * 4) / (3 * 4)],
    [{ presampleFactor: 3, backwardForwardRatio: 1 }, (12 + 2 * 4) / (2 * 4)],
    [{ threshold: 1.5, backwardForwardRatio: 1 }, 1.5],
    [{ presampleFactor: 1000 }, (100 + 3 * 4) / (3 * 4)],
  ])('is compared with the threshold of Algorithm 1: %j', (options, threshold) => {
    expect(new ResamplingSampler(100, options).threshold(BATCH)).toBeCloseTo(threshold, 14);
  });

  test('switches resampling on when it rises above the threshold, and off again', async () => {
    const sampler = new ResamplingSampler(100, { threshold: 1.2, smoothing: 0.5 });
    const phases: boolean[] = [];
    for (let step = 0; step < 12; step++) {
      const uneven = step < 6;
      phases.push(sampler.isActive(BATCH));
      const scores = (indices: Int32Array) => Float64Array.from(indices, (_, k) => (uneven && k > 0 ? 0 : 1));
      const { indices } = await sampler.drawScored(BATCH, scores);
      sampler.observe(indices, scores(indices));
    }
    expect(phases.indexOf(true)).toBe(2);
    expect(phases.lastIndexOf(true)).toBeGreaterThan(6);
    expect(phases.at(-1)).toBe(false);
  });
});

describe('resampling', () => {
  test('draws from the presample with weights 1/(B_pre·g) = 1/(N·probability), never a sample without score', () => {
    const sampler = active();
    for (let step = 0; step < 200; step++) {
      const candidates = sampler.presample(BATCH)!;
      expect(candidates).toHaveLength(20);
      const total = scoreAll(candidates).reduce((sum, value) => sum + value, 0);
      const { indices, probabilities, weights } = sampler.resample(scoreAll(candidates));
      indices.forEach((index, k) => {
        expect(candidates).toContain(index);
        expect(score(index)).toBeGreaterThan(0);
        const conditional = score(index) / total;
        expect(probabilities[k]).toBeCloseTo(conditional * (20 / 100), 14);
        expect(weights[k]).toBe(Math.fround(1 / (20 * conditional)));
      });
    }
  });

  test('is uniform with weights 1 if no candidate has a score', () => {
    const sampler = active();
    sampler.presample(BATCH);
    const { probabilities, weights } = sampler.resample(new Float32Array(20));
    expect(weights).toEqual(Float32Array.of(1, 1, 1, 1));
    for (const probability of probabilities) expect(probability).toBeCloseTo(1 / 100, 14);
  });

  test('takes presamples and uniform batches from one shuffled stream, each sample once an epoch', () => {
    const sampler = new ResamplingSampler(100, { presampleSize: 32, threshold: 0 });
    const first = sampler.draw(36);
    sampler.observe(first.indices, new Float64Array(36).fill(1));
    const seen = [...first.indices, ...sampler.presample(4)!, ...sampler.presample(4)!];
    expect(new Set(seen).size).toBe(100);
    const across = [...sampler.presample(4)!, ...sampler.presample(4)!, ...sampler.presample(4)!];
    expect(sampler.presample(4)).toHaveLength(32);
    expect(new Set(across).size).toBe(96);
  });

  test('refuses bad scores by name, and takes good ones afterwards', () => {
    const sampler = active();
    expect(() => sampler.resample([1])).toThrow('No presample waits for scores; call presample first.');
    const candidates = sampler.presample(BATCH)!;
    const before = sampler.getState();
    const scores = scoreAll(candidates);
    expect(() => sampler.resample(scores.map((value, k) => (k === 7 ? Number.NaN : value)))).toThrow(
      `scores[7] (sample ${candidates[7]}) is NaN; scores must be finite and ≥ 0.`,
    );
    expect(() => sampler.resample([1, 2])).toThrow('scores has 2 elements; it must have 20.');
    expect(sampler.getState()).toEqual(before);
    const drawable = new Set(candidates);
    candidates.fill(-1); // the caller's copy
    for (const index of sampler.resample(scores).indices) expect(drawable).toContain(index);
  });

  test('drawScored is the two steps in one, and scores nothing in the uniform phase', async () => {
    const whole = active({ seed: 8 });
    const parts = active({ seed: 8 });
    const expected = parts.resample(scoreAll(parts.presample(BATCH)!));
    expect(await whole.drawScored(BATCH, async (indices) => scoreAll(indices))).toEqual(expected);

    const uniform = new ResamplingSampler(100, { seed: 8 });
    const refuse = () => {
      throw new Error('scored in the uniform phase');
    };
    expect(await uniform.drawScored(BATCH, refuse)).toEqual(new ResamplingSampler(100, { seed: 8 }).draw(BATCH));
  });

  test('continues identically from a state saved between presample and resample', () => {
    const sampler = active({ seed: 6 });
    const candidates = sampler.presample(BATCH)!;
    const restored = ResamplingSampler.fromState(structuredClone(sampler.getState()));
    const steps = (target: ResamplingSampler) => [
      target.resample(scoreAll(candidates)),
      target.resample(scoreAll(target.presample(BATCH)!)),
    ];
    expect(steps(restored)).toEqual(steps(sampler));
    expect(restored.getState()).toEqual(sampler.getState());
  });

  test('shares a presample that waits for its scores with no state', () => {
    const sampler = active();
    sampler.presample(BATCH);
    const state = sampler.getState();
    const restored = ResamplingSampler.fromState(state);
    const copy = structuredClone(state);
    state.pending!.indices.fill(0);
    expect(sampler.getState()).toEqual(copy);
    expect(restored.getState()).toEqual(copy);
  });

  test('refuses a presample smaller than the batch, even while resampling is off', async () => {
    const sampler = new ResamplingSampler(100, { presampleSize: 8 });
    const before = sampler.getState();
    const message = 'presampleSize is 8; it must be at least the batch size, 9, or N.';
    expect(() => sampler.presample(9)).toThrow(message);
    await expect(sampler.drawScored(9, scoreAll)).rejects.toThrow(message);
    expect(sampler.getState()).toEqual(before);
    expect(sampler.presample(8)).toBeUndefined();
    expect(active({ presampleSize: 8 }).presample(8)).toHaveLength(8);
  });

  test.each<ResamplingSamplerOptions>([{}, { presampleSize: 6 }])(
    'presamples the whole data set for a batch that is larger, and draws it from there: %j',
    (options) => {
      const sampler = active(options, 6);
      sampler.draw(6); // to the end of the epoch
      const candidates = sampler.presample(10)!;
      expect(candidates.toSorted()).toEqual(Int32Array.of(0, 1, 2, 3, 4, 5));
      const { indices, weights } = sampler.resample(candidates.map(() => 1));
      expect(indices).toHaveLength(10);
      expect(weights).toEqual(new Float32Array(10).fill(1));
    },
  );

  test('has the defaults that it states', () => {
    const sampler = new ResamplingSampler(50);
    expect(sampler.getState().options).toEqual({
      keep: 'batch-size',
      presampleFactor: 5,
      smoothing: 0.9,
      backwardForwardRatio: 2,
      exact: false,
    });
    expect(sampler.getState()).toEqual(new ResamplingSampler(50, { seed: 0 }).getState());
  });

  test('names every option that it cannot use', () => {
    const refused: [ResamplingSamplerOptions, string][] = [
      [{ presampleSize: 101 }, 'presampleSize is 101; it must be an integer in [1, 100].'],
      [{ presampleFactor: 0.5 }, 'presampleFactor is 0.5; it must be finite and ≥ 1.'],
      [{ threshold: Number.NaN }, 'threshold is NaN'],
      [{ smoothing: 1 }, 'smoothing is 1; it must be in [0, 1).'],
      [{ smoothing: '0.5' as unknown as number }, 'smoothing is 0.5; it must be in [0, 1).'],
      [{ backwardForwardRatio: '2' as unknown as number }, 'backwardForwardRatio is 2; it must be finite and > 0.'],
      [{ exact: 'yes' as unknown as boolean }, 'exact is yes; it must be true or false.'],
      [{ backwardForwardRatio: 0 }, 'backwardForwardRatio is 0; it must be finite and > 0.'],
    ];
    for (const [options, message] of refused) expect(() => new ResamplingSampler(100, options)).toThrow(message);
    expect(() => new ResamplingSampler(100).presample(0)).toThrow('batchSize is 0');
    expect(() => new ResamplingSampler(100).isActive(0)).toThrow('batchSize is 0');
    expect(() => new ResamplingSampler(100).threshold(Number.NaN)).toThrow('batchSize is NaN');
  });
});
