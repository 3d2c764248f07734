import { type Draw, RandomGenerator, type Sampler, type SamplerState, samplerFromState } from '@gradis/samplers';
import { expectFrequencies, normalBound } from '@gradis/tooling/testing';
import { describe, expect, test } from 'vitest';

/** Scores of the twelve samples that every subject has learned; sample 0 has none. */
export const SCORES = Float64Array.of(0, 1, 2, 0.5, 3, 1.5, 4, 0.25, 1, 2.5, 0.75, 6);
/** Numbers whose mean the weighted draws estimate; 0 where the score is 0, as with gradients. */
const VALUES = Float64Array.of(0, 3, 1, 4, 1, 5, 2, 6, 1, 3, 0, 7);
const BATCH = 8;

/** A kind of sampler in a state that keeps its probabilities from draw to draw. */
export interface ContractSubject {
  name: string;
  /** A sampler that has learned `SCORES`. */
  create(seed: number): Sampler;
  /** Makes the next draw of the kind under test. */
  draw(sampler: Sampler, batchSize: number): Draw;
  /** Exact probability of each sample in such a draw. */
  probabilities(sampler: Sampler): ArrayLike<number>;
  /** Whether the weighted mean is unbiased. */
  unbiased: boolean;
  /** Whether sample 0, which has no score, can be drawn. */
  drawsUnscored: boolean;
  /** Weight that a draw must have, if it is neither 1/(N p), as it is where unbiased, nor 1, as it is otherwise. */
  weightOf?(probability: number, draw: Draw): number;
}

/** Fields that a state may lack. */
const OPTIONAL_FIELDS = ['pending', 'followed'];

/** Visits every sample once and teaches its score. */
export function teach<S extends Sampler>(sampler: S): S {
  for (let seen = 0; seen < sampler.size; ) {
    const { indices } = sampler.draw(5);
    sampler.observe(
      indices,
      Float64Array.from(indices, (index) => SCORES[index]!),
    );
    seen += indices.length;
  }
  return sampler;
}

/** What every sampler must keep. */
export function testSamplerContract(subject: ContractSubject): void {
  const { name, create, draw, probabilities, unbiased, drawsUnscored } = subject;
  const { weightOf = (probability) => (unbiased ? 1 / (SCORES.length * probability) : 1) } = subject;
  describe(`${name}: contract`, () => {
    test('draws with the stated probabilities', () => {
      const sampler = create(1);
      const stated = probabilities(sampler);
      expectFrequencies(
        countDraws(() => draw(sampler, BATCH)),
        stated,
      );
      expect(probabilities(sampler)).toEqual(stated);
    });

    test('a sampler with a 5 % bias fails the same check', () => {
      const sampler = create(1);
      const counts = countDraws(biased(() => draw(sampler, BATCH)));
      expect(() => expectFrequencies(counts, probabilities(sampler))).toThrow();
    });

    test('states the probability and the weight of each draw', () => {
      const sampler = create(2);
      const stated = probabilities(sampler);
      for (let k = 0; k < 100; k++) {
        const batch = draw(sampler, BATCH);
        const { indices, probabilities: drawn, weights } = batch;
        expect([drawn.length, weights.length]).toEqual([indices.length, indices.length]);
        indices.forEach((index, slot) => {
          expect(drawn[slot]).toBeCloseTo(stated[index]!, 14);
          expect(weights[slot]).toBe(Math.fround(weightOf(drawn[slot]!, batch)));
        });
      }
    });

    test(`its weighted mean is ${unbiased ? 'unbiased' : 'biased, by what its probabilities and weights say'}`, () => {
      const sampler = create(3);
      const stated = probabilities(sampler);
      const isMean = meanTest(() => draw(sampler, BATCH));
      expect(isMean(average(VALUES))).toBe(unbiased);
      // With weights of 1, the mean is that under p.
      if (!unbiased && !subject.weightOf) expect(isMean(12 * average(VALUES.map((v, i) => v * stated[i]!)))).toBe(true);
    });

    test('a sampler with a 5 % bias has no unbiased mean', () => {
      const sampler = create(3);
      expect(meanTest(biased(() => draw(sampler, BATCH)))(average(VALUES))).toBe(false);
    });

    test(`${drawsUnscored ? 'draws a' : 'never draws the'} sample without a score`, () => {
      const sampler = create(4);
      const counts = countDraws(() => draw(sampler, BATCH));
      expect(counts[0]! > 0).toBe(drawsUnscored);
    });

    test('gives probabilities that sum to 1', () => {
      const sum = create(5)
        .probabilities()
        .reduce((total, probability) => total + probability, 0);
      expect(sum).toBeCloseTo(1, 12);
    });

    test('draws the same with the same seed, and otherwise with another', () => {
      const sequence = (seed: number) => {
        const sampler = create(seed);
        return Array.from({ length: 20 }, () => draw(sampler, BATCH));
      };
      expect(sequence(7)).toEqual(sequence(7));
      expect(sequence(7)).not.toEqual(sequence(8));
    });

    test.each([0, 1, 2, 5])('continues identically from a state saved %d draws later, amid an epoch', (steps) => {
      const sampler = create(9);
      const step = (target: Sampler) => {
        const drawn = draw(target, 5);
        target.observe(
          drawn.indices,
          Float64Array.from(drawn.indices, (index) => 2 * SCORES[index]! + 1),
        );
        return drawn;
      };
      for (let k = 0; k < steps; k++) step(sampler);
      draw(sampler, 5);
      const state = sampler.getState();
      const copy = structuredClone(state);
      const expected = Array.from({ length: 20 }, () => step(sampler));
      expect(state).toEqual(copy);
      const restored = samplerFromState(copy);
      expect(restored.getState()).toEqual(state);
      expect(Array.from({ length: 20 }, () => step(restored))).toEqual(expected);
      expect(restored.getState()).toEqual(sampler.getState());
    });

    test('refuses a state that went through JSON or that lacks a field, and says which', () => {
      const sampler = create(7);
      draw(sampler, 3);
      const state = sampler.getState();
      expect(() => samplerFromState(JSON.parse(JSON.stringify(state)))).toThrow(
        /^state\.\w+.* it must be a typed array/,
      );
      for (const [name, value] of Object.entries(state)) {
        if (value === undefined || OPTIONAL_FIELDS.includes(name)) continue;
        const { [name]: _, ...damaged } = structuredClone(state) as SamplerState & Record<string, unknown>;
        expect(() => samplerFromState(damaged as unknown as SamplerState), name).toThrow(/^state\.|in state/);
      }
    });

    test('refuses bad observations by name and stays as it was', () => {
      const sampler = create(6);
      draw(sampler, 3);
      const before = sampler.getState();
      for (const score of [Number.NaN, Number.POSITIVE_INFINITY, -1]) {
        expect(() => sampler.observe([3, 4], [1, score])).toThrow(
          `scores[1] (sample 4) is ${score}; scores must be finite and ≥ 0.`,
        );
      }
      expect(() => sampler.observe([3, 4], [1, 1e39])).toThrow(
        'scores[1] (sample 4) is 1e+39; scores must be finite and at most 3.4e38, the largest Float32.',
      );
      for (const score of [null, undefined, '1', [1]] as unknown[] as number[]) {
        expect(() => sampler.observe([3, 4], [1, score])).toThrow(
          `scores[1] (sample 4) is ${score}, of type ${typeof score}; scores must be numbers.`,
        );
      }
      for (const index of [-1, 12, 0.5, Number.NaN]) {
        expect(() => sampler.observe([3, index], [1, 1])).toThrow(
          `indices[1] is ${index}; indices must be integers in [0, 12).`,
        );
      }
      expect(() => sampler.observe([1, 2], [1])).toThrow('scores has 1 elements; it must have 2.');
      expect(() => sampler.observe([], [])).toThrow('scores is empty');
      for (const indices of [undefined, 3, { indices: [1] }] as unknown[] as number[][]) {
        expect(() => sampler.observe(indices, [1])).toThrow(`indices is ${indices}; it must be an array`);
        expect(() => sampler.observe([1], indices)).toThrow(`scores is ${indices}; it must be an array`);
      }
      for (const batchSize of [0, -1, 1.5, Number.NaN]) {
        expect(() => sampler.draw(batchSize)).toThrow(`batchSize is ${batchSize}`);
      }
      expect(sampler.getState()).toEqual(before);
    });
  });
}

function average(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

function countDraws(next: () => Draw): Int32Array {
  const counts = new Int32Array(SCORES.length);
  for (let drawn = 0; drawn < 240_000; ) {
    const { indices } = next();
    for (const index of indices) counts[index]!++;
    drawn += indices.length;
  }
  return counts;
}

/** Tells whether the mean of w·v over many batches is a number, within the standard error of independent batches. */
function meanTest(next: () => Draw): (expected: number) => boolean {
  const batches = 30_000;
  let sum = 0;
  let sumOfSquares = 0;
  for (let k = 0; k < batches; k++) {
    const { indices, weights } = next();
    const mean = indices.reduce((total, index, slot) => total + weights[slot]! * VALUES[index]!, 0) / indices.length;
    sum += mean;
    sumOfSquares += mean * mean;
  }
  const mean = sum / batches;
  const standardError = Math.sqrt((sumOfSquares / batches - mean * mean) / batches);
  return (expected) => Math.abs(mean - expected) <= normalBound(1e-9) * standardError + 1e-6;
}

/** Gives one in twenty draws of an even sample to the odd one after it. */
function biased(next: () => Draw): () => Draw {
  const random = new RandomGenerator(99);
  return () => {
    const draw = next();
    draw.indices.forEach((index, slot) => {
      if (index % 2 === 0 && random.uniform() < 0.05) draw.indices[slot] = index + 1;
    });
    return draw;
  };
}
