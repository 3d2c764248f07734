import {
  OnlineBatchSampler,
  type OnlineBatchSamplerOptions,
  type OnlineBatchSamplerState,
  RandomGenerator,
  samplerFromState,
} from '@gradis/samplers';
import { normalBound } from '@gradis/tooling/testing';
import { describe, expect, test } from 'vitest';
import { SCORES, teach, testSamplerContract } from './contract.js';

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);

/** Probabilities `exp(−ln(s) r/N)`, divided by their sum; ranks from 0 for the largest loss, ties by index, counted. */
function naiveProbabilities(losses: readonly number[], pressure: number): number[] {
  const ranks = losses.map((loss, i) => losses.filter((other, j) => other > loss || (other === loss && j < i)).length);
  const raw = ranks.map((rank) => Math.exp((-Math.log(pressure) * rank) / losses.length));
  return raw.map((value) => value / sum(raw));
}

/** The first of these samples, laid end to end with their probabilities, that ends past a position. */
function firstPast(position: number, samples: readonly number[], probabilities: readonly number[]): number {
  let end = 0;
  return samples.find((index) => {
    end += probabilities[index]!;
    return end > position;
  })!;
}

/** A sampler past its first epoch with these losses. */
function learned(losses: ArrayLike<number>, options: OnlineBatchSamplerOptions = {}): OnlineBatchSampler {
  const sampler = new OnlineBatchSampler(losses.length, options);
  sampler.draw(losses.length);
  sampler.recompute(losses);
  return sampler;
}

for (const pressure of [100, 1.5]) {
  testSamplerContract({
    name: `OnlineBatchSampler (pressure ${pressure})`,
    create: (seed) => teach(new OnlineBatchSampler(12, { pressure, seed })),
    draw: (sampler, batchSize) => sampler.draw(batchSize),
    probabilities: () => naiveProbabilities([...SCORES], pressure),
    unbiased: false,
    drawsUnscored: true,
  });
}

describe('OnlineBatchSampler', () => {
  test.each<OnlineBatchSamplerOptions>([
    {},
    { pressure: 1e8, finalPressure: 1.01, epochs: 300, recomputeEvery: 0.5 },
    { pressure: 1, finalPressure: 50, epochs: 1e4, recomputeEvery: 0 },
    { pressure: 1.000001, recomputeEvery: 7 },
  ])('draws what the formula on plain arrays draws, over 30,000 random steps, delays and restores: %j', (options) => {
    const random = new RandomGenerator(17);
    const size = 13;
    let sampler = new OnlineBatchSampler(size, { ...options, seed: 4 });
    const { pressure, finalPressure, epochs, recomputeEvery } = sampler.getState().options;
    const drawRandom = new RandomGenerator(4);
    const firstEpoch = drawRandom.shuffle(Int32Array.from({ length: size }, (_, index) => index));
    const losses: number[] = new Array(size).fill(Number.POSITIVE_INFINITY);
    const lossOf = (index: number) => (index % 5 ? random.uniform() * (1 + index) : random.integer(2));
    const waiting: Int32Array[] = [];
    let [drawn, drawnSince, recomputed, wrong, worst] = [0, 0, 0, 0, 0];
    for (let step = 0; step < 30_000; step++) {
      const batchSize = 1 + (step % 9);
      const seen = step % 7 === 0 ? sampler.probabilities() : undefined;
      const { indices, probabilities, weights } = sampler.draw(batchSize);
      const epoch = Math.floor(drawn / size);
      const now = pressure * (finalPressure / pressure) ** (Math.min(epoch, epochs) / epochs);
      const expected = epoch === 0 ? new Array(size).fill(1 / size) : naiveProbabilities(losses, now);
      const byRank = Array.from(losses.keys()).sort((a, b) => losses[b]! - losses[a]! || a - b);
      const naive =
        epoch === 0
          ? firstEpoch.slice(drawn, drawn + batchSize)
          : Int32Array.from({ length: batchSize }, () => firstPast(drawRandom.uniform(), byRank, expected));
      if (indices.join() !== naive.join() || weights.some((weight) => weight !== 1)) wrong++;
      indices.forEach((index, k) => {
        worst = Math.max(worst, Math.abs(probabilities[k]! / expected[index]! - 1));
      });
      seen?.forEach((probability, index) => {
        worst = Math.max(worst, Math.abs(probability / expected[index]! - 1));
      });
      drawn += indices.length;
      drawnSince += indices.length;
      // Some batches are never observed, the others up to three steps later.
      if (random.uniform() < 0.9) waiting.push(indices);
      while (waiting.length > random.integer(4)) {
        const batch = waiting.shift()!;
        const own = Array.from(batch, lossOf);
        sampler.observe(batch, own);
        batch.forEach((index, k) => {
          losses[index] = own[k]!;
        });
      }
      if (sampler.recomputeDue !== (recomputeEvery > 0 && drawnSince >= recomputeEvery * size)) wrong++;
      if (sampler.recomputeDue && random.uniform() < 0.5) {
        for (let index = 0; index < size; index++) losses[index] = lossOf(index);
        sampler.recompute(losses);
        drawnSince = 0;
        recomputed++;
      }
      if (random.uniform() < 0.05) sampler = samplerFromState(sampler.getState()) as OnlineBatchSampler;
    }
    expect(wrong).toBe(0);
    expect(worst).toBeLessThan(1e-9);
    expect(recomputed > 100).toBe(recomputeEvery > 0);
    expect(sampler.epoch).toBeGreaterThan(1000);
  });

  test('draws the sample with the largest loss s^(1 − 1/N) times more often than the one with the smallest', () => {
    for (const pressure of [1, 1 + Number.EPSILON, 2, 100, 1e8, 1e300]) {
      const probabilities = learned([3, 1, 4, 2], { pressure }).probabilities();
      expect(probabilities[2]! / probabilities[1]! / pressure ** 0.75).toBeCloseTo(1, 10);
      expect(sum(probabilities)).toBeCloseTo(1, 12);
    }
  });

  test('estimates the p-weighted mean, and not the mean', () => {
    const values = Float64Array.of(0, 3, 1, 4, 1, 5, 2, 6, 1, 3, 0, 7);
    const sampler = learned(SCORES);
    const drawn = Array.from(sampler.draw(100_000).indices, (index) => values[index]!);
    const mean = sum(drawn) / drawn.length;
    const error = Math.sqrt(sum(drawn.map((value) => (value - mean) ** 2))) / drawn.length;
    const weighted = sum(sampler.probabilities().map((probability, index) => probability * values[index]!));
    expect(Math.abs(mean - weighted)).toBeLessThan(normalBound(1e-9) * error);
    expect(Math.abs(mean - sum(values) / 12)).toBeGreaterThan(normalBound(1e-9) * error);
  });

  test('visits every sample once in the first epoch, shuffled', () => {
    const sampler = new OnlineBatchSampler(10, { seed: 3 });
    const draws = [4, 4, 4].map((batchSize) => sampler.draw(batchSize));
    const order = draws.flatMap(({ indices }) => [...indices]);
    expect(draws.map(({ indices }) => indices.length)).toEqual([4, 4, 2]);
    expect(order).not.toEqual(order.toSorted((a, b) => a - b));
    expect(order.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(sampler.epoch).toBe(1);
  });

  test('changes its pressure from epoch to epoch, geometrically, and keeps the last one', () => {
    const sampler = new OnlineBatchSampler(4, { pressure: 100, finalPressure: 1, epochs: 2 });
    const pressures = Array.from({ length: 8 }, () => {
      const { pressure } = sampler;
      expect(sampler.diagnostics()).toEqual({ pressure });
      sampler.draw(2);
      return pressure;
    });
    [100, 100, 10, 10, 1, 1, 1, 1].forEach((expected, step) => {
      expect(pressures[step]).toBeCloseTo(expected, 12);
    });
  });

  test('asks for all losses every second epoch, and goes on without them', () => {
    const sampler = new OnlineBatchSampler(4);
    const asked = Array.from({ length: 6 }, () => {
      sampler.draw(2);
      return sampler.recomputeDue;
    });
    expect(asked).toEqual([false, false, false, true, true, true]);
    sampler.recompute([4, 3, 2, 1]);
    expect(sampler.recomputeDue).toBe(false);
    const probabilities = [...sampler.probabilities()];
    expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a));
  });

  test('refuses losses of the wrong number or value, and stays as it was', () => {
    const sampler = learned([1, 2, 3]);
    const before = sampler.getState();
    expect(() => sampler.recompute([1, 2])).toThrow('losses has 2 elements; it must have 3.');
    for (const loss of [Number.NaN, Number.POSITIVE_INFINITY, -1]) {
      expect(() => sampler.recompute([9, 9, loss])).toThrow(`losses[2] is ${loss}; losses must be finite and ≥ 0.`);
    }
    expect(sampler.getState()).toEqual(before);
  });

  test('puts a sample without a loss first, and equal losses in the order of their indices', () => {
    const sampler = new OnlineBatchSampler(4);
    sampler.draw(4);
    sampler.observe([0, 1, 3], [1, 5, 1]);
    expect([...sampler.probabilities()]).toEqual(
      naiveProbabilities([1, 5, 9, 1], 100).map((probability) => expect.closeTo(probability, 14)),
    );
  });

  test('works with one sample, whatever its loss', () => {
    const sampler = new OnlineBatchSampler(1);
    for (const loss of [0, 3, 1e-300, 1e38, 0]) {
      const { indices, probabilities } = sampler.draw(3);
      expect([new Set(indices), new Set(probabilities)]).toEqual([new Set([0]), new Set([1])]);
      sampler.observe([0], [loss]);
    }
  });

  test('has the defaults that it states', () => {
    const options = { pressure: 100, finalPressure: 100, epochs: 10, recomputeEvery: 2 };
    expect(new OnlineBatchSampler(5).getState().options).toEqual(options);
  });

  test('names every option that is out of range', () => {
    const refused: [OnlineBatchSamplerOptions, string][] = [
      [{ pressure: 0.5 }, 'pressure is 0.5; it must be finite and ≥ 1.'],
      [{ finalPressure: Number.POSITIVE_INFINITY }, 'finalPressure is Infinity'],
      [{ epochs: 0 }, 'epochs is 0; it must be finite and > 0.'],
      [{ recomputeEvery: -1 }, 'recomputeEvery is -1; it must be finite and ≥ 0.'],
      [{ seed: 0.5 }, 'seed is 0.5'],
    ];
    for (const [options, message] of refused) expect(() => new OnlineBatchSampler(4, options)).toThrow(message);
    expect(() => new OnlineBatchSampler(0)).toThrow('size is 0');
  });
});

describe('OnlineBatchSampler.fromState', () => {
  const state: OnlineBatchSamplerState = learned([1, 2, 3, 4]).getState();
  const restore = (damage: object) => () => OnlineBatchSampler.fromState({ ...state, ...damage });

  test.each(['drawn', 'drawnSinceRecompute'])('refuses by name a damaged %s', (field) => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -1, 0.5, '3', undefined]) {
      expect(restore({ [field]: value })).toThrow(new RegExp(`^state.${field} is ${value}; it must be an integer in`));
    }
  });

  test('refuses damaged arrays and options', () => {
    const { stream, options } = state;
    expect(restore({ losses: Float64Array.of(1, -1, 2, 3) })).toThrow(
      'state.losses[1] is -1; state.losses must be ≥ 0',
    );
    expect(restore({ losses: Float64Array.of(1, 1, 2, Number.NaN) })).toThrow('state.losses[3] is NaN');
    expect(restore({ losses: new Float64Array(3) })).toThrow('state.stream.order has 4 elements; it must have 3.');
    expect(restore({ stream: { ...stream, order: Int32Array.of(0, 1, 2, 2) } })).toThrow('names sample 2 twice');
    expect(restore({ options: { ...options, pressure: 0 } })).toThrow('pressure is 0');
    expect(restore({ options: { ...options, speed: 3 } })).toThrow('state.options.speed is 3');
    expect(restore({ options: undefined })).toThrow('state.options.pressure is undefined');
    expect(restore({ kind: 'MemorySampler' })).toThrow("state.kind is 'MemorySampler'");
  });
});
