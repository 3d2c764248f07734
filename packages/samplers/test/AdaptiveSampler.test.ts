import { AdaptiveSampler, CalibratedSampler, MemorySampler, RandomGenerator, UniformSampler } from '@gradis/samplers';
import { describe, expect, test } from 'vitest';
import { MixtureMoments } from '../src/MixtureMoments.js';
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
  drawsUnscored: true,
});

testSamplerContract({
  name: 'AdaptiveSampler (uniform)',
  create: (seed) => teach(new AdaptiveSampler(12, { seed })),
  draw: (sampler, batchSize) => sampler.draw(batchSize),
  probabilities: () => new Float64Array(12).fill(1 / 12),
  unbiased: true,
  drawsUnscored: true,
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

  /** What a sampler of lasting differences follows if its scores are observed by `observe`. */
  const followedIf = (observe: (sampler: AdaptiveSampler, draws: Int32Array[]) => Int32Array[]) => {
    const sampler = new AdaptiveSampler(500, { seed: 5 });
    const draws: Int32Array[] = [];
    for (let step = 0; step < 400; step++) {
      draws.unshift(sampler.draw(32).indices);
      for (const indices of observe(sampler, draws)) {
        sampler.observe(
          indices,
          Float64Array.from(indices, (index) => (index < 50 ? 5 : 0.1)),
        );
      }
    }
    return sampler.following;
  };

  test.each([1, 7])('compares by scores that come %d draws late', (delay) => {
    expect(followedIf((_, draws) => (draws[delay] ? [draws[delay]] : []))).toMatch(/λ = 0.1$/);
  });

  test('compares by scores that come in parts, or of a part only', () => {
    expect(followedIf((_, [last]) => [last!.slice(0, 10), last!.slice(10)])).toMatch(/λ = 0.1$/);
    expect(followedIf((_, [last]) => [last!.slice(16)])).toMatch(/λ = 0.1$/);
  });

  test.each([
    ['one sample never has a score', (index: number) => index !== 7],
    ['half of the scores are lost', (_: number, k: number) => k % 2 === 0],
  ])('follows a candidate from the third epoch on if %s', (_, hasScore) => {
    const sampler = new AdaptiveSampler(1000, { seed: 2 });
    for (let step = 0; step < 60; step++) {
      const { indices } = sampler.draw(50);
      const scored = indices.filter(hasScore);
      sampler.observe(
        scored,
        scored.map((index) => (index % 10 === 0 ? 10 : 1)),
      );
      if (step < 20) expect(sampler.following).toBe('uniform');
    }
    expect(sampler.following).not.toBe('uniform');
  });

  test('does not compare by scores in another order, of samples that were not drawn, or that come too late', () => {
    expect(followedIf((_, [last]) => [last!.toSorted((a, b) => b - a)])).toBe('uniform');
    expect(followedIf(() => [Int32Array.from({ length: 500 }, (_, index) => index)])).toBe('uniform');
    expect(followedIf((_, draws) => (draws[8] ? [draws[8]] : []))).toBe('uniform');
  });

  test('is not disturbed by what is done to the arrays of a draw or of a state', () => {
    const run = (disturb: boolean) => {
      const sampler = teach(new AdaptiveSampler(12, { seed: 2 }));
      for (let round = 0; round < 30; round++) {
        const { indices, probabilities } = sampler.draw(5);
        const copy = indices.slice();
        if (disturb) {
          indices.fill(0);
          probabilities.fill(1);
          for (const draw of sampler.getState().pending.draws) draw.probabilities.fill(1);
        }
        sampler.observe(
          copy,
          Float64Array.from(copy, (index) => SCORES[index]!),
        );
      }
      return sampler.getState();
    };
    expect(run(true)).toEqual(run(false));
  });

  test('is its candidates, followed by the moments that they would have had, over 100,000 random operations', () => {
    const size = 150;
    const random = new RandomGenerator(21);
    let sampler = new AdaptiveSampler(size, { seed: 9 });
    // The same from its parts: candidates that learn everything, and moments from all past batches.
    const uniform = new UniformSampler(size, { seed: 9 });
    const candidates = [
      new CalibratedSampler(size, { seed: 9 }),
      ...[0, 0.5, 0.9].map(
        (momentum) => new MemorySampler(size, { momentum, epsilon: 0, drawing: 'systematic', seed: 9 }),
      ),
    ];
    const moments = new MixtureMoments(4);
    let followed: ReturnType<MixtureMoments['best']>;
    let seen = 0;
    const sources = new Set<string>();
    for (let operations = 0, step = 0; operations < 100_000; step++) {
      const batchSize = 1 + random.integer(30);
      if (followed) candidates[followed.candidate]!.uniformMix = followed.uniformMix;
      const expected = (followed ? candidates[followed.candidate]! : uniform).draw(batchSize);
      const draw = sampler.draw(batchSize);
      expect(draw).toEqual(expected);
      sources.add(sampler.following);
      // Now lasting differences, now none.
      const isLasting = Math.floor(step / 1500) % 2 === 0;
      const scores = Float64Array.from(draw.indices, (index) =>
        isLasting ? (index < 15 ? 5 : 0.1) * (0.5 + random.uniform()) : random.uniform(),
      );
      if (random.uniform() < 0.9) {
        if (seen >= size) {
          const unmixed = candidates.map((candidate) =>
            candidate.unmixedProbabilities(draw.indices).map((p) => size * p),
          );
          moments.add(
            scores,
            draw.probabilities.map((p) => size * p),
            unmixed,
          );
          followed = moments.best();
        }
        for (const candidate of candidates) candidate.observe(draw.indices, scores);
        sampler.observe(draw.indices, scores);
        seen += draw.indices.length;
      }
      operations += 2 * draw.indices.length;
      if (step % 400 === 399) sampler = AdaptiveSampler.fromState(structuredClone(sampler.getState()));
    }
    expect(sources.has('uniform')).toBe(true);
    expect(sources.size).toBeGreaterThan(2);
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
    const { moments, pending } = state;
    expect(restore({ moments: { ...moments, scale: -1 } })).toThrow('state.moments.scale is -1');
    expect(restore({ moments: { ...moments, squares: moments.squares.map(() => Number.NaN) } })).toThrow(
      'state.moments.squares[0] is NaN',
    );
    expect(restore({ moments: { ...moments, advantages: new Float64Array(5) } })).toThrow('has 5 elements');
    const damagedDraw = (indices: number[], probabilities: number[]) => ({
      pending: {
        ...pending,
        draws: [{ indices: Int32Array.from(indices), probabilities: Float64Array.from(probabilities) }],
      },
    });
    expect(restore(damagedDraw([99], [0.5]))).toThrow('state.pending.indices[0] is 99');
    expect(restore(damagedDraw([9], [0]))).toThrow('state.pending.probabilities is 0');
    expect(restore(damagedDraw([9], []))).toThrow('state.pending.probabilities has 0 elements');
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
