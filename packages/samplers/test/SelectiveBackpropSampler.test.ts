import {
  RandomGenerator,
  SelectiveBackpropSampler,
  type SelectiveBackpropSamplerOptions,
  type SelectiveBackpropSamplerState,
} from '@gradis/samplers';
import { normalBound } from '@gradis/tooling/testing';
import { describe, expect, test } from 'vitest';
import { nextBatch, testCandidateContract } from './candidateContract.js';
import { SCORES, teach, testSamplerContract } from './contract.js';

/** Share of the twelve losses that are not above this one. */
const cdf = (loss: number) => SCORES.filter((other) => other <= loss).length / 12;

// With the data set as the candidates and its losses as the history, the probabilities are those of the ranks.
for (const exponent of [0, 2]) {
  const kept = SCORES.map((loss) => cdf(loss) ** exponent);
  const total = kept.reduce((sum, chance) => sum + chance, 0);
  testSamplerContract({
    name: `SelectiveBackpropSampler (exponent ${exponent})`,
    create: (seed) => teach(new SelectiveBackpropSampler(12, { seed, exponent, historySize: 12 })),
    draw: (sampler) =>
      nextBatch(sampler as SelectiveBackpropSampler, 12, (indices) => indices.map((index) => 4 * SCORES[index]!)),
    probabilities: () => kept.map((chance) => chance / total),
    unbiased: exponent === 0,
    drawsUnscored: true,
  });
}

testCandidateContract({
  name: 'SelectiveBackpropSampler',
  create: (size, seed) => new SelectiveBackpropSampler(size, { seed, historySize: 20 }),
  candidates: 4,
});

/** The sampler's rule on plain lists, with every rank counted anew. */
class Oracle {
  readonly #random: RandomGenerator;
  readonly #order: Int32Array;
  #position: number;
  readonly #exponent: number;
  readonly #historySize: number;
  readonly #history: number[] = [];
  waiting: { index: number; probability: number }[] = [];
  pending: { indices: number[]; batchSize: number } | undefined;

  constructor(size: number, exponent: number, historySize: number, seed: number) {
    this.#random = new RandomGenerator(seed);
    this.#order = Int32Array.from({ length: size }, (_, i) => i);
    this.#position = size;
    this.#exponent = exponent;
    this.#historySize = historySize;
  }

  presample(batchSize: number): number[] | undefined {
    if (this.waiting.length >= batchSize) return undefined;
    this.pending = { indices: Array.from({ length: batchSize }, () => this.#read()), batchSize };
    return this.pending.indices;
  }

  resample(losses: number[]) {
    const { indices, batchSize } = this.pending!;
    this.pending = undefined;
    this.#history.push(...losses);
    this.#history.splice(0, this.#history.length - this.#historySize);
    const chance = (loss: number) =>
      (this.#history.filter((other) => other <= loss).length / this.#history.length) ** this.#exponent;
    const mean = this.#history.reduce((sum, loss) => sum + chance(loss), 0) / this.#history.length;
    indices.forEach((index, k) => {
      if (this.#random.uniform() < chance(losses[k]!)) {
        this.waiting.push({ index, probability: Math.min(1, chance(losses[k]!) / (this.#order.length * mean)) });
      }
    });
    return this.waiting.length < batchSize ? undefined : this.waiting.splice(0, batchSize);
  }

  draw(batchSize: number) {
    if (this.waiting.length >= batchSize) return this.waiting.splice(0, batchSize);
    const left = this.#order.length - this.#position || this.#order.length;
    return Array.from({ length: Math.min(batchSize, left) }, () => ({
      index: this.#read(),
      probability: 1 / this.#order.length,
    }));
  }

  #read(): number {
    if (this.#position === this.#order.length) {
      this.#random.shuffle(this.#order);
      this.#position = 0;
    }
    return this.#order[this.#position++]!;
  }
}

describe('SelectiveBackpropSampler', () => {
  test.each([
    [1, 1, 5],
    [7, 3, 1],
    [30, 2, 40],
    [100, 0.5, 64],
  ])(
    'does what a plain list does, in 30,000 random operations (N = %d, β = %d, H = %d)',
    (size, exponent, historySize) => {
      const random = new RandomGenerator(size);
      let sampler = new SelectiveBackpropSampler(size, { exponent, historySize, seed: 3 });
      const oracle = new Oracle(size, exponent, historySize, 3);
      const equal = (
        draw: ReturnType<SelectiveBackpropSampler['resample']>,
        expected: ReturnType<Oracle['resample']>,
      ) => {
        expect(draw?.indices.join()).toBe(expected?.map(({ index }) => index).join());
        expected?.forEach(({ probability }, k) => {
          expect(Math.abs(draw!.probabilities[k]! / probability - 1)).toBeLessThan(1e-12);
        });
      };
      let batches = 0;
      for (let operation = 0; operation < 30_000; operation++) {
        const kind = random.integer(12);
        const batchSize = 1 + random.integer(8);
        if (kind === 0) equal(sampler.draw(batchSize), oracle.draw(batchSize));
        else if (kind === 1) sampler = SelectiveBackpropSampler.fromState(structuredClone(sampler.getState()));
        else if (kind === 2) sampler.observe([random.integer(size), 0, 0], [1, random.uniform(), 2]);
        else if (kind < 6 || !oracle.pending) {
          expect(sampler.presample(batchSize)?.join()).toBe(oracle.presample(batchSize)?.join());
        } else {
          const losses = oracle.pending.indices.map(() =>
            random.integer(3) === 0 ? random.integer(3) : 5 * random.uniform(),
          );
          const expected = oracle.resample(losses);
          equal(sampler.resample(losses), expected);
          if (expected) batches++;
        }
        if (sampler.waitingSamples !== oracle.waiting.length)
          expect(sampler.waitingSamples).toBe(oracle.waiting.length);
      }
      expect(batches).toBeGreaterThan(500);
    },
  );

  test('keeps the share of candidates that β says, and no other', () => {
    const random = new RandomGenerator(1);
    const sampler = new SelectiveBackpropSampler(1000, { exponent: 3, historySize: 500 });
    while (sampler.keptSamples < 30_000)
      nextBatch(sampler, 50, (given) => Float64Array.from(given, () => random.uniform()));
    const { presampledSamples: count, keptSamples } = sampler;
    const share = Array.from({ length: 500 }, (_, k) => ((k + 1) / 500) ** 3).reduce((sum, p) => sum + p, 0) / 500;
    const isShare = (expected: number) =>
      Math.abs(keptSamples / count - expected) < normalBound() * Math.sqrt((expected * (1 - expected)) / count);
    expect(isShare(share)).toBe(true);
    expect(isShare(1.05 * share)).toBe(false);
  });

  test('keeps all candidates that are alike', () => {
    const sampler = new SelectiveBackpropSampler(100);
    for (const loss of [0, 0, 3, 3]) {
      expect(nextBatch(sampler, 10, (given) => Float64Array.from(given, () => loss)).indices).toHaveLength(10);
    }
    expect(sampler.keptSamples).toBe(sampler.presampledSamples);
  });

  test('loses no kept sample: the surplus comes first in the next batch', () => {
    const sampler = new SelectiveBackpropSampler(100, { seed: 2 });
    const zeros = (given: Int32Array) => new Float64Array(given.length);
    const first = sampler.presample(10)!;
    expect(sampler.resample(zeros(first))?.indices).toEqual(first);
    const candidates = sampler.presample(8)!;
    sampler.resample(zeros(candidates).with(0, 1).with(1, 1));
    const kept = sampler.waitingSamples;
    expect(kept).toBeLessThan(8);
    const second = sampler.presample(8)!;
    const batch = sampler.resample(second.map(() => 2))!;
    expect(sampler.waitingSamples).toBe(kept);
    expect(batch.indices.slice(kept)).toEqual(second.slice(0, 8 - kept));
    expect(sampler.presample(kept)).toBeUndefined();
    expect(sampler.draw(kept).indices).toEqual(second.slice(8 - kept));
  });

  test('has the defaults that it states', () => {
    const sampler = new SelectiveBackpropSampler(50);
    expect(sampler.getState().options).toEqual({ exponent: 3, historySize: 1024 });
    expect(sampler.getState()).toEqual(new SelectiveBackpropSampler(50, { seed: 0 }).getState());
  });

  test('names every option that it cannot use', () => {
    const refused: [SelectiveBackpropSamplerOptions, string][] = [
      [{ exponent: -1 }, 'exponent is -1; it must be finite and ≥ 0.'],
      [{ exponent: Number.NaN }, 'exponent is NaN'],
      [{ historySize: 0 }, 'historySize is 0; it must be an integer in [1, 2147483647].'],
      [{ historySize: 1.5 }, 'historySize is 1.5'],
      [{ seed: 0.5 }, 'seed is 0.5'],
    ];
    for (const [options, message] of refused) expect(() => new SelectiveBackpropSampler(9, options)).toThrow(message);
    expect(() => new SelectiveBackpropSampler(0)).toThrow('size is 0');
  });

  test('refuses a damaged state by name', () => {
    const sampler = new SelectiveBackpropSampler(40, { historySize: 20 });
    const candidates = sampler.presample(16)!;
    sampler.resample(candidates);
    const state = sampler.getState();
    const restore = (damage: object) => () =>
      SelectiveBackpropSampler.fromState({ ...state, ...damage } as SelectiveBackpropSamplerState);
    const { history, waiting } = state;
    expect(waiting.indices.length).toBeGreaterThan(1);
    expect(restore({ history: new Float64Array(21) })).toThrow(
      'state.history has 21 elements; it must have at most 20.',
    );
    for (const loss of [Number.NaN, -1, Number.POSITIVE_INFINITY]) {
      expect(restore({ history: history.with(3, loss) })).toThrow(`state.history[3] is ${loss}`);
    }
    for (const index of [-1, 40, 0.5]) {
      const indices = Array.from(waiting.indices).with(1, index);
      expect(restore({ waiting: { ...waiting, indices } })).toThrow(`state.waiting.indices[1] is ${index}`);
    }
    for (const probability of [Number.NaN, 0, 1.5]) {
      const probabilities = waiting.probabilities.with(1, probability);
      expect(restore({ waiting: { ...waiting, probabilities } })).toThrow(
        `state.waiting.probabilities[1] is ${probability}`,
      );
    }
    expect(restore({ waiting: { ...waiting, probabilities: new Float64Array(0) } })).toThrow(
      'state.waiting.probabilities has 0 elements',
    );
    for (const count of [Number.NaN, -1, 0.5, undefined]) {
      expect(restore({ keptSamples: count })).toThrow(`state.keptSamples is ${count}; it must be an integer`);
    }
    waiting.indices.fill(-1);
    expect(sampler.draw(2).indices).not.toContain(-1);
  });
});
