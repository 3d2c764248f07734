import { CalibratedSampler, RandomGenerator } from '@gradis/samplers';
import { describe, expect, test } from 'vitest';

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

describe('the scale of the scores of a CalibratedSampler', () => {
  /** Probabilities after a run whose scores of the first batch are another multiple of the rest's. */
  const probabilitiesIn = (unit: number, first = unit, batchSize = 20) => {
    const sampler = new CalibratedSampler(200, { seed: 1 });
    for (let step = 0; step < 12_000 / batchSize; step++) {
      const { indices } = sampler.draw(batchSize);
      const scale = step === 0 ? first : unit;
      sampler.observe(
        indices,
        Array.from(indices, (index) => scale * 10 ** -(index % 5)),
      );
    }
    return sampler.probabilities();
  };

  test.each([2 ** -90, 2 ** 90])('does not care what scores are measured in (unit %d)', (unit) => {
    const expected = probabilitiesIn(1);
    probabilitiesIn(unit).forEach((probability, index) => {
      expect(probability).toBeCloseTo(expected[index]!, 12);
    });
  });

  test.each([
    [1e-6, 1],
    [1e9, 1],
    [1e-6, 20],
    [1e12, 20],
  ])('gets over first scores that are %d times as large as later ones (batches of %d)', (first, batchSize) => {
    const p = probabilitiesIn(1, first, batchSize);
    const meanOf = (rest: number) => {
      const chosen = p.filter((_, index) => index % 5 === rest);
      return chosen.reduce((total, value) => total + value, 0) / chosen.length;
    };
    expect(meanOf(0) / meanOf(4)).toBeGreaterThan(4);
  });

  /** Exact second moment relative to uniform draws at the end of each epoch; one sample in ten is 100 times as hard. */
  const ratiosWhile = (scaleAt: (epoch: number) => number, epochs: number) => {
    const size = 2000;
    const noise = new RandomGenerator(8);
    const hardness = (index: number) => (index % 10 === 0 ? 10 : 0.1);
    const sampler = new CalibratedSampler(size, { seed: 1 });
    return Array.from({ length: epochs }, (_, epoch) => {
      for (let step = 0; step < 40; step++) {
        const { indices } = sampler.draw(50);
        const scale = scaleAt(epoch + step / 40);
        sampler.observe(
          indices,
          Array.from(indices, (index) => scale * hardness(index) * Math.exp(0.3 * noise.normal())),
        );
      }
      const squares = Array.from({ length: size }, (_, index) => hardness(index) ** 2);
      const p = sampler.probabilities();
      return sum(squares.map((square, index) => square / (size * p[index]!))) / sum(squares);
    });
  };

  test.each([-1, -0.3, 0, 0.3, 1])('keeps its order while all scores change by %d decades an epoch', (decades) => {
    const ratios = ratiosWhile((epoch) => 10 ** (decades * epoch), 14);
    expect(Math.max(...ratios.slice(2))).toBeLessThan(0.2);
  });

  test.each([1e-6, 1e-3, 1e3, 1e6])('has its order again four epochs after all scores changed %d times', (change) => {
    const ratios = ratiosWhile((epoch) => (epoch < 5 ? 1 : change), 12);
    expect(Math.max(...ratios.slice(9))).toBeLessThan(0.2);
  });

  test('takes scores of any size after scores of any other', () => {
    const random = new RandomGenerator(9);
    const kinds = [
      () => 0,
      () => 3.4e38,
      () => 1e-45,
      () => Number.MIN_VALUE,
      () => 10 ** (76 * random.uniform() - 38),
      () => (random.uniform() < 0.9 ? 1e-320 : 1),
    ];
    const pairs = kinds.flatMap((before) => kinds.map((after) => [before, after] as const));
    for (const [before, after] of pairs) {
      for (const [size, uniformMix] of [
        [3, 0.2],
        [10, 0],
        [1000, 0.2],
      ] as const) {
        const sampler = new CalibratedSampler(size, { uniformMix });
        for (let step = 0; step < 60; step++) {
          const { indices, weights } = sampler.draw(1 + random.integer(2 * Math.min(size, 20)));
          expect(weights.every(Number.isFinite)).toBe(true);
          const scored = indices.slice(0, 1 + random.integer(indices.length));
          sampler.observe(scored, Array.from(scored, step < 30 ? before : after));
        }
        expect(sum(Array.from(sampler.probabilities()))).toBeCloseTo(1, 9);
      }
    }
  });

  test('follows scores that grow a million times', () => {
    const sampler = new CalibratedSampler(200, { seed: 1 });
    for (let step = 0; step < 400; step++) {
      const { indices } = sampler.draw(20);
      const scale = 1e6 ** (step / 400);
      sampler.observe(
        indices,
        Array.from(indices, (index) => scale * (index < 20 ? 10 : 1)),
      );
    }
    const p = sampler.probabilities();
    expect(p[0]! / p[199]!).toBeGreaterThan(4);
  });
});
