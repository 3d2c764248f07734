import { MemorySampler, type MemorySamplerOptions, RandomGenerator, samplerFromState } from '@gradis/samplers';
import { describe, expect, test } from 'vitest';
import { drawsEvenly } from './drawsEvenly.js';

/** A sampler past its first epoch with these scores. */
function learned(scores: readonly number[], options: MemorySamplerOptions = {}): MemorySampler {
  const sampler = new MemorySampler(scores.length, { epsilon: 0, uniformMix: 0, momentum: 0, ...options });
  const { indices } = sampler.draw(scores.length);
  sampler.observe(
    indices,
    Float64Array.from(indices, (index) => scores[index]!),
  );
  return sampler;
}

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);

/** Algorithm 1 on plain arrays, told which samples the sampler drew. */
class NaiveMemory {
  q: number[];
  observed: boolean[];
  epoch = 0;
  drawn = 0;
  due = false;

  constructor(
    size: number,
    readonly options: Required<MemorySamplerOptions>,
  ) {
    this.q = new Array(size).fill(1);
    this.observed = new Array(size).fill(false);
  }

  /** Adds the ε that is due: to be done before each draw. */
  prepare(): void {
    const { epsilon, epsilonMode, epsilonSchedule } = this.options;
    if (this.epoch === 0 || !(epsilonSchedule === 'step' || this.due)) return;
    const amount = epsilonMode === 'relative' ? (epsilon * sum(this.q)) / this.q.length : epsilon;
    this.q = this.q.map((q) => q + amount);
    this.due = false;
  }

  probabilities(uniformMix = this.options.uniformMix): number[] {
    const { length } = this.q;
    const total = sum(this.q);
    if (this.epoch === 0 || total === 0) return new Array(length).fill(1 / length);
    return this.q.map((q) => ((1 - uniformMix) * q) / total + uniformMix / length);
  }

  draw(count: number): void {
    this.drawn += count;
    if (this.drawn < this.q.length) return;
    this.drawn = 0;
    this.due = true;
    this.epoch++;
    this.guess();
  }

  observe(indices: number[], scores: number[]): void {
    const { momentum } = this.options;
    const isFirst = !this.observed.includes(true);
    for (const index of new Set(indices)) {
      const own = scores.filter((_, k) => indices[k] === index);
      const score = sum(own) / own.length;
      this.q[index] = this.observed[index] ? momentum * this.q[index]! + (1 - momentum) * score : score;
      this.observed[index] = true;
    }
    if (this.epoch > 0 && isFirst) this.guess();
  }

  /** Samples that were never observed are taken for average ones. */
  guess(): void {
    const known = this.q.filter((_, index) => this.observed[index]);
    if (known.length > 0) this.q = this.q.map((q, i) => (this.observed[i] ? q : sum(known) / known.length));
  }
}

describe('the first epoch of MemorySampler', () => {
  test('visits every sample once, shuffled, with a short last batch, uniform probabilities and weights 1', () => {
    const sampler = new MemorySampler(10, { seed: 3 });
    const draws = [4, 4, 2].map((length) => {
      expect(sampler.epoch).toBe(0);
      expect(sampler.probabilities()).toEqual(new Float64Array(10).fill(0.1));
      const draw = sampler.draw(4);
      expect(draw.probabilities).toEqual(new Float64Array(length).fill(0.1));
      expect(draw.weights).toEqual(new Float32Array(length).fill(1));
      return draw;
    });
    const order = draws.flatMap((draw) => [...draw.indices]);
    expect(order).not.toEqual(order.toSorted((a, b) => a - b));
    expect(order.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(sampler.epoch).toBe(1);
    expect(sampler.draw(4).indices).toHaveLength(4);
  });

  test('takes a first observation without momentum, however late, and later ones with it', () => {
    const sampler = new MemorySampler(4, { momentum: 0.25, epsilon: 0 });
    sampler.draw(4);
    sampler.draw(4);
    expect(sampler.scores()).toEqual(Float64Array.of(1, 1, 1, 1));
    sampler.observe([2], [8]);
    expect(sampler.scores()).toEqual(Float64Array.of(8, 8, 8, 8)); // the others are unknown
    sampler.observe([2, 0], [4, 3]);
    expect(sampler.scores()).toEqual(Float64Array.of(3, 8, 5, 8));
  });
});

describe('MemorySampler', () => {
  test.each<MemorySamplerOptions>([
    {},
    { epsilonMode: 'absolute', epsilon: 0.01, uniformMix: 0, momentum: 0.3 },
    { epsilonSchedule: 'step', drawing: 'systematic' },
    { epsilonMode: 'absolute', epsilonSchedule: 'step', epsilon: 1e-4, weightExponent: 0, momentum: 0 },
  ])(
    'agrees with Algorithm 1 on plain arrays over 25,000 steps with delays, lost scores, duplicates and restores: %j',
    (options) => {
      const random = new RandomGenerator(17);
      const size = 23;
      let sampler = new MemorySampler(size, { ...options, seed: 4 });
      const naive = new NaiveMemory(size, { ...sampler.getState().options, seed: 4 });
      const isLost = (index: number) => index === 3 || (index % 7 === 5 && random.uniform() < 0.999);
      const waiting: number[][] = [];
      let [largestError, largestWeightError] = [0, 0];
      const compare = (value: number, expected: number) => {
        largestError = Math.max(largestError, Math.abs(value - expected));
      };
      for (let step = 0; step < 25_000; step++) {
        naive.prepare();
        const expected = naive.probabilities();
        if (random.uniform() < 0.2) {
          sampler.probabilities().forEach((probability, index) => {
            compare(probability, expected[index]!);
          });
          const unmixed = naive.probabilities(0);
          sampler.unmixedProbabilities([3, 20, 5]).forEach((probability, k) => {
            compare(probability, unmixed[[3, 20, 5][k]!]!);
          });
        }
        const weighted = naive.epoch > 0 && options.weightExponent !== 0;
        const { indices, probabilities, weights } = sampler.draw(1 + random.integer(9));
        naive.draw(indices.length);
        indices.forEach((index, k) => {
          compare(probabilities[k]!, expected[index]!);
          const error = weights[k]! * (weighted ? size * expected[index]! : 1) - 1;
          largestWeightError = Math.max(largestWeightError, Math.abs(error));
        });
        waiting.push([...indices].filter((index) => !isLost(index)));
        while (waiting.length > random.integer(3)) {
          const batch = waiting.shift()!;
          if (batch.length === 0) continue;
          const scores = batch.map((index) => (index % 5 === 0 ? 0 : random.uniform() * (1 + index)));
          sampler.observe(batch, scores);
          naive.observe(batch, scores);
        }
        if (random.uniform() < 0.05) sampler = samplerFromState(sampler.getState()) as MemorySampler;
        if (sampler.epoch !== naive.epoch) expect(sampler.epoch).toBe(naive.epoch);
      }
      expect(largestError).toBeLessThan(1e-12);
      expect(largestWeightError).toBeLessThan(1e-7);
      expect(naive.epoch).toBeGreaterThan(1000);
      expect(naive.observed.filter((isObserved) => !isObserved)).toHaveLength(1);
      sampler.scores().forEach((score, index) => {
        expect(score).toBeCloseTo(naive.q[index]!, 9);
      });
    },
  );

  test.each([1e-6, 1, 1e6])('takes samples whose scores were lost for average ones, in the unit %d', (unit) => {
    const sampler = new MemorySampler(8, { epsilon: 0, uniformMix: 0, momentum: 0 });
    const { indices } = sampler.draw(4);
    sampler.observe(
      indices,
      [1, 2, 3, 6].map((score) => score * unit),
    );
    const lost = [...sampler.draw(4).indices]; // the end of the first epoch
    const probabilities = sampler.probabilities();
    for (const index of lost) {
      expect(sampler.scores()[index]! / unit).toBeCloseTo(3, 12);
      expect(probabilities[index]).toBeCloseTo(1 / 8, 12);
    }
    expect(sampler.unmixedProbabilities(lost)).toEqual(Float64Array.from(lost, (index) => probabilities[index]!));
    sampler.observe([lost[0]!], [3 * unit]);
    sampler.observe([indices[0]!], [9 * unit]);
    expect(sampler.scores()[lost[1]!]! / unit).toBeCloseTo(3, 12); // until the epoch ends
    sampler.draw(8);
    expect(sampler.scores()[lost[1]!]! / unit).toBeCloseTo(23 / 5, 12);
  });

  test('moves a sample that occurs twice in a batch once, by the mean of its scores', () => {
    const sampler = learned([1, 1, 1], { momentum: 0.5 });
    sampler.observe([1, 0, 1, 1], [2, 5, 3, 4]);
    expect(sampler.scores()).toEqual(Float64Array.of(3, 2, 1));
  });

  test('adds ε after the first epoch, and after each further one of ceil(N/B) steps', () => {
    const sampler = learned([1, 3, 1, 3, 1, 1, 1, 1, 1, 2], { epsilon: 0.5 });
    const added: number[] = [];
    for (let step = 0; step < 7; step++) {
      const before = sampler.scores();
      sampler.draw(4);
      if (sampler.scores()[0]! > before[0]!) added.push(step);
    }
    expect(added).toEqual([0, 3, 6]);
  });

  test.each([
    ['relative' as const, [2, 4]],
    ['absolute' as const, [1.5, 3.5]],
  ])('adds %s ε to every score', (epsilonMode, expected) => {
    const sampler = learned([1, 3], { epsilon: 0.5, epsilonMode });
    sampler.draw(1);
    expect([...sampler.scores()]).toEqual(expected);
  });

  test('adds ε before every draw after the first epoch if so scheduled', () => {
    const sampler = learned([1, 3], { epsilon: 0.5, epsilonMode: 'absolute', epsilonSchedule: 'step' });
    for (let step = 1; step <= 5; step++) {
      sampler.draw(1);
      expect([...sampler.scores()]).toEqual([1 + step / 2, 3 + step / 2]);
    }
  });

  test('can be looked at without changing what it draws', () => {
    const seen = learned([1, 2, 3, 4], { epsilon: 0.1, seed: 5 });
    const unseen = learned([1, 2, 3, 4], { epsilon: 0.1, seed: 5 });
    for (let step = 0; step < 20; step++) {
      seen.probabilities();
      seen.scores().fill(7);
      seen.effectiveSampleSize();
      expect(seen.draw(3)).toEqual(unseen.draw(3));
    }
  });

  test('draws uniformly if no sample has a score, and recovers', () => {
    for (const drawing of ['with-replacement', 'systematic'] as const) {
      const sampler = learned([0, 0, 0, 0], { epsilon: 1e-3, drawing });
      const { probabilities, weights } = sampler.draw(8);
      expect(probabilities).toEqual(new Float64Array(8).fill(0.25));
      expect(weights).toEqual(new Float32Array(8).fill(1));
      sampler.observe([2], [1]);
      expect(new Set(sampler.draw(4).indices)).toEqual(new Set([2]));
    }
  });

  test('stays exact while scores of zero shrink q through the subnormal numbers', () => {
    const sampler = learned([1, 2, 3, 4], { momentum: 0.1 });
    for (let step = 0; step < 400; step++) {
      const { indices, probabilities } = sampler.draw(4);
      const stated = sampler.probabilities();
      expect(sum(stated)).toBeCloseTo(1, 12);
      expect([...probabilities]).toEqual(Array.from(indices, (index) => stated[index]));
      sampler.observe([0, 1, 2, 3], [0, 0, 0, 0]);
    }
  });

  test('keeps the proportions of scores down to a sum of 1e-290, and takes smaller ones for none', () => {
    const proportions = (unit: number) => [...learned([0, unit, 0, 3 * unit]).probabilities()];
    for (const unit of [1e-20, 1e-45, 1e-100, 1e-289]) {
      proportions(unit).forEach((probability, index) => {
        expect(probability).toBeCloseTo([0, 0.25, 0, 0.75][index]!, 14);
      });
    }
    for (const unit of [1e-291, 1e-310]) expect(proportions(unit)).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  test('draws each sample ⌊B p⌋ or ⌈B p⌉ times if drawing is systematic, and not otherwise', () => {
    const scores = Array.from({ length: 50 }, (_, index) => (index * 7919) % 101);
    for (const uniformMix of [0, 0.1, 1]) {
      expect(drawsEvenly(learned(scores, { drawing: 'systematic', uniformMix }), 64)).toBe(true);
      expect(drawsEvenly(learned(scores, { drawing: 'with-replacement', uniformMix }), 64)).toBe(false);
    }
  });

  test('keeps weights at or below 1/λ', () => {
    const sampler = learned([0, 1e-30, 1, 1000], { uniformMix: 0.1 });
    const { weights } = sampler.draw(10_000);
    expect(Math.max(...weights)).toBeLessThanOrEqual(10);
    expect(Math.max(...weights)).toBeGreaterThan(9.99);
  });

  test('reports the effective sample size of its scores', () => {
    expect(learned([3, 1, 0, 0]).effectiveSampleSize()).toBeCloseTo(1.6, 12);
  });

  test('has the defaults that it states', () => {
    const sampler = new MemorySampler(50);
    expect(sampler.getState().options).toEqual({
      weightExponent: 1,
      momentum: 0.1,
      epsilon: 1e-3,
      epsilonMode: 'relative',
      epsilonSchedule: 'epoch',
      uniformMix: 0.1,
      drawing: 'with-replacement',
    });
    expect(sampler.getState()).toEqual(new MemorySampler(50, { seed: 0 }).getState());
  });

  test('names every option that is out of range', () => {
    const refused: [MemorySamplerOptions, string][] = [
      [{ momentum: 1 }, 'momentum is 1; it must be in [0, 1).'],
      [{ momentum: Number.NaN }, 'momentum is NaN'],
      [{ epsilon: -1 }, 'epsilon is -1; it must be finite and ≥ 0.'],
      [{ uniformMix: 1.5 }, 'uniformMix is 1.5; it must be in [0, 1].'],
      [{ weightExponent: 1.5 }, 'weightExponent is 1.5; it must be in [0, 1].'],
      [{ drawing: 'none' as 'systematic' }, "drawing is 'none'"],
      [{ epsilonMode: 'x' as 'relative' }, "epsilonMode is 'x'"],
      [{ epsilonSchedule: 'x' as 'epoch' }, "epsilonSchedule is 'x'"],
    ];
    for (const [options, message] of refused) expect(() => new MemorySampler(4, options)).toThrow(message);
    expect(() => new MemorySampler(-1)).toThrow('size is -1');
  });
});
