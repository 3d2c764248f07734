import { AdaptiveSampler, RandomGenerator } from '@gradis/samplers';
import { describe, expect, test } from 'vitest';
import { SCORES, teach, testSamplerContract } from './contract.js';

testSamplerContract({
  name: 'AdaptiveSampler (following a candidate)',
  create: (seed) => {
    const sampler = teach(new AdaptiveSampler(12, { seed }));
    for (let round = 0; round < 50; round++) teach(sampler);
    expect(sampler.following).not.toBe('uniform');
    return sampler;
  },
  draw: (sampler, batchSize) => sampler.draw(batchSize),
  probabilities: (sampler) => sampler.probabilities(),
  unbiased: true,
});

testSamplerContract({
  name: 'AdaptiveSampler (uniform)',
  create: (seed) => teach(new AdaptiveSampler(12, { seed })),
  draw: (sampler, batchSize) => sampler.draw(batchSize),
  probabilities: () => new Float64Array(12).fill(1 / 12),
  unbiased: true,
});

interface Outcome {
  /** Second moment of the weighted score relative to uniform sampling, over the second half of the run. */
  ratio: number;
  uniformShare: number;
  following: string;
}

function simulate(
  size: number,
  steps: number,
  scoreOf: (index: number, step: number, random: RandomGenerator) => number,
): Outcome {
  const random = new RandomGenerator(11);
  const sampler = new AdaptiveSampler(size, { seed: 4 });
  let [uniform, own] = [0, 0];
  for (let step = 0; step < steps; step++) {
    const { indices, probabilities } = sampler.draw(32);
    const scores = Float64Array.from(indices, (index) => scoreOf(index, step, random));
    sampler.observe(indices, scores);
    if (step < steps / 2) continue;
    scores.forEach((score, k) => {
      const weight = 1 / (size * probabilities[k]!);
      uniform += score ** 2 * weight;
      own += score ** 2 * weight ** 2;
    });
  }
  const { uniformShare } = sampler.diagnostics();
  return { ratio: own / uniform, uniformShare: uniformShare!, following: sampler.following };
}

describe('AdaptiveSampler', () => {
  test('stays uniform if scores say nothing about the next ones', () => {
    const { ratio, uniformShare } = simulate(500, 3000, (_, __, random) => -Math.log(1 - random.uniform()));
    expect(uniformShare).toBeGreaterThan(0.9);
    expect(ratio).toBeLessThan(1.02);
  });

  test('stays uniform if rare large scores can fall on any sample', () => {
    const { ratio } = simulate(500, 4000, (_, __, random) => (random.uniform() < 0.01 ? 50 : random.uniform()));
    expect(ratio).toBeLessThan(1.05);
  });

  test('finds what lasting differences are worth', () => {
    const { ratio, following } = simulate(500, 3000, (index) => (index < 50 ? 5 : 0.1));
    // The best possible is (mean s)²/mean s² = 0.35/2.51.
    expect(ratio).toBeLessThan(0.2);
    expect(following).toMatch(/λ = 0.1$/);
  });

  test('prefers the most faithful memory if scores are noise around lasting differences', () => {
    const noisy = (index: number, _: number, random: RandomGenerator) =>
      (index < 100 ? 3 : 1) * -Math.log(1 - random.uniform());
    expect(simulate(500, 6000, noisy).following).toMatch(/^(calibrated|memory, α = 0.9)/);
  });

  test('goes back to uniform when what paid pays no more', () => {
    const { following, uniformShare } = simulate(500, 6000, (index, step, random) =>
      step < 2000 ? (index < 50 ? 5 : 0.1) : random.uniform(),
    );
    expect(following).toBe('uniform');
    expect(uniformShare).toBeLessThan(0.9);
  });

  test('says how each candidate does', () => {
    const sampler = new AdaptiveSampler(12);
    expect(sampler.diagnostics()).toEqual({
      uniformMix: 1,
      'ratio of calibrated': 1,
      'ratio of memory, α = 0': 1,
      'ratio of memory, α = 0.5': 1,
      'ratio of memory, α = 0.9': 1,
      uniformShare: 1,
    });
    for (let round = 0; round < 50; round++) teach(sampler);
    const { uniformMix, uniformShare, ...ratios } = sampler.diagnostics();
    expect(uniformMix).toBeLessThan(1);
    expect(uniformShare).toBeLessThan(1);
    expect(Object.values(ratios).every((ratio) => ratio > 0 && ratio < 1)).toBe(true);
  });

  test('learns from scores that come late or in another order, without comparing by them', () => {
    const sampler = new AdaptiveSampler(12);
    for (let round = 0; round < 200; round++) {
      const { indices } = sampler.draw(6);
      const reversed = indices.toReversed();
      sampler.observe(
        reversed,
        Float64Array.from(reversed, (index) => SCORES[index]!),
      );
    }
    expect(sampler.following === 'uniform' || new Set(sampler.probabilities()).size > 2).toBe(true);
  });

  test('refuses a damaged state by name', () => {
    const state = teach(new AdaptiveSampler(12)).getState();
    const restore = (damage: object) => () => AdaptiveSampler.fromState({ ...state, ...damage });
    expect(restore({ drawnSamples: -1 })).toThrow('state.drawnSamples is -1');
    expect(restore({ observedSamples: 0.5 })).toThrow('state.observedSamples is 0.5');
    expect(restore({ uniformlyDrawnSamples: Number.NaN })).toThrow('state.uniformlyDrawnSamples is NaN');
    expect(restore({ memories: state.memories.slice(1) })).toThrow('state.memories.length is 2');
    expect(restore({ calibrated: new AdaptiveSampler(7).getState().calibrated })).toThrow(
      'size of calibrated in state',
    );
    expect(restore({ followed: { candidate: 9, uniformMix: 0.1 } })).toThrow('state.followed.candidate is 9');
    expect(restore({ followed: { candidate: 0, uniformMix: 2 } })).toThrow('state.followed.uniformMix is 2');
  });

  test.each([1, 2, 5])('works with %d samples', (size) => {
    const sampler = new AdaptiveSampler(size);
    for (let step = 0; step < 100; step++) {
      const { indices, weights } = sampler.draw(8);
      expect(weights.every((weight) => weight > 0 && Number.isFinite(weight))).toBe(true);
      sampler.observe(
        indices,
        indices.map((index) => index),
      );
    }
  });
});
