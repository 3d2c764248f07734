import { RandomGenerator } from '@gradis/samplers';
import { normalBound } from '@gradis/tooling/testing';
import { describe, expect, test } from 'vitest';
import { MixtureMoments, UNIFORM_MIXES } from '../src/MixtureMoments.js';

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);

/** A batch: scores, N·p of the draws, N·p₀ of each candidate. */
interface Batch {
  scores: number[];
  probabilities: number[];
  unmixed: number[][];
}

/** The formulas over the list of all batches, made anew for every question. */
class Oracle {
  readonly batches: Batch[] = [];

  /** Sums over the past, recent batches counting more, of the value of a batch in units of the uniform moment lately. */
  private sumOf(value: (batch: Batch) => number): number {
    let scale = 0;
    let total = 0;
    for (const batch of this.batches) {
      const uniform = uniformMoment(batch);
      scale = scale === 0 ? uniform : 0.95 * scale + 0.05 * uniform;
      if (scale > 0) total = 0.998 * total + value(batch) / scale;
    }
    return total;
  }

  private sumOfSquares(value: (batch: Batch) => number): number {
    let scale = 0;
    let total = 0;
    for (const batch of this.batches) {
      const uniform = uniformMoment(batch);
      scale = scale === 0 ? uniform : 0.95 * scale + 0.05 * uniform;
      if (scale > 0) total = 0.998 ** 2 * total + (value(batch) / scale) ** 2;
    }
    return total;
  }

  best() {
    const options = this.batches[0]!.unmixed.flatMap((_, candidate) =>
      UNIFORM_MIXES.map((uniformMix) => {
        const advantage = (batch: Batch) => uniformMoment(batch) - mixtureMoment(batch, candidate, uniformMix);
        const total = this.sumOf(advantage);
        return {
          candidate,
          uniformMix,
          total,
          isWorthIt: total > 3 * Math.sqrt(this.sumOfSquares(advantage)) && total >= 0.1 * this.sumOf(uniformMoment),
        };
      }),
    );
    const worthIt = options.filter(({ isWorthIt }) => isWorthIt).sort((a, b) => b.total - a.total);
    return worthIt[0] && { candidate: worthIt[0].candidate, uniformMix: worthIt[0].uniformMix };
  }

  ratio(candidate: number): number {
    const moments = UNIFORM_MIXES.map((mix) => this.sumOf((batch) => mixtureMoment(batch, candidate, mix)));
    return Math.min(...moments) / this.sumOf(uniformMoment);
  }
}

function uniformMoment({ scores, probabilities }: Batch): number {
  return sum(scores.map((s, k) => s ** 2 / probabilities[k]!)) / scores.length;
}

function mixtureMoment({ scores, probabilities, unmixed }: Batch, candidate: number, mix: number): number {
  const mixed = unmixed[candidate]!.map((p0) => (1 - mix) * p0 + mix);
  return sum(scores.map((s, k) => s ** 2 / (probabilities[k]! * mixed[k]!))) / scores.length;
}

describe('MixtureMoments', () => {
  test('does what its formulas say, over the whole past', () => {
    const random = new RandomGenerator(3);
    let moments = new MixtureMoments(3);
    const oracle = new Oracle();
    const found = new Set<string>();
    for (let step = 1; step <= 300; step++) {
      const length = 1 + random.integer(9);
      const numbers = (value: () => number) => Array.from({ length }, value);
      // For a time the first candidate is right, then the last one, and between them none is.
      const scores = numbers(() => (random.uniform() < 0.2 ? 0 : 10 ** (-3 * random.uniform())));
      const noise = () => numbers(() => 0.2 + 2 * random.uniform());
      const unmixed = [noise(), noise(), noise()];
      if (step < 100) unmixed[0] = scores.map((s) => 3 * s);
      else if (step > 200) unmixed[2] = scores.map((s) => 4 * s);
      const batch = { scores, probabilities: noise(), unmixed };
      moments.add(scores, batch.probabilities, unmixed);
      oracle.batches.push(batch);
      expect(moments.best()).toEqual(oracle.best());
      for (const [candidate, ratio] of moments.ratios().entries()) {
        expect(ratio).toBeCloseTo(oracle.ratio(candidate), 9);
      }
      found.add(JSON.stringify(moments.best()));
      if (step % 50 === 0) moments = MixtureMoments.fromState(structuredClone(moments.getState()), 3);
    }
    expect(found.size).toBeGreaterThan(2);
  });

  test.each([
    [true, 'estimates the second moment of a mixture from draws of another one'],
    [false, 'does not if told that the draws were uniform'],
  ])('%s: %s', (isRight) => {
    const random = new RandomGenerator(8);
    const size = 50;
    const scores = Array.from({ length: size }, (_, i) => (i < 10 ? 2 : 0.5));
    const total = sum(scores);
    const drawn = scores.map((_, i) => (i < 10 ? 2 : 1) / 60);
    const told = isRight ? drawn : scores.map(() => 1 / size);
    const moments = new MixtureMoments(1);
    // Relative to uniform sampling, from n draws, the last 500 steps of which count; the exact one is known.
    const steps = 20_000;
    const estimates: number[] = [];
    for (let step = 0; step < steps; step++) {
      const indices = Array.from({ length: 16 }, () => drawFrom(drawn, random));
      moments.add(
        indices.map((i) => scores[i]!),
        indices.map((i) => size * told[i]!),
        [indices.map((i) => (size * scores[i]!) / total)],
      );
      // Every 4,000 steps the sums have forgotten what they were: independent estimates.
      if (step % 4000 === 3999) estimates.push(moments.ratios()[0]!);
    }
    const uniform = sum(scores.map((s) => s * s)) / size;
    const mixed = UNIFORM_MIXES.map((mix) =>
      sum(scores.map((s) => (s * s) / ((1 - mix) * size * (s / total) + mix) / size)),
    );
    const exact = Math.min(...mixed) / uniform;
    const mean = sum(estimates) / estimates.length;
    // A ratio of means of n_eff = 500 · 16 · 5 draws; each term's relative deviation is below 1.
    const tolerance = normalBound(1e-4) / Math.sqrt(500 * 16 * estimates.length);
    expect(Math.abs(mean - exact) < tolerance * exact).toBe(isRight);
  });
});

function drawFrom(probabilities: readonly number[], random: RandomGenerator): number {
  let left = random.uniform();
  for (const [i, p] of probabilities.entries()) {
    left -= p;
    if (left < 0) return i;
  }
  return probabilities.length - 1;
}
