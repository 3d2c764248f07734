import {
  type Draw,
  lowWeights,
  MemorySampler,
  RandomGenerator,
  ResamplingSampler,
  UniformSampler,
} from '@gradis/samplers';
import { describe, expect, test } from 'vitest';

/*
 * Softmax regression on five samples, small enough to enumerate every batch that can be drawn. Each expectation below
 * sums over all batches, with the probabilities that the sampler states and the weights that it gives.
 */
const N = 5;
const FEATURES = 3;
const CLASSES = 3;
const random = new RandomGenerator(11);
const parameters = Array.from({ length: CLASSES * FEATURES }, () => random.normal());
const residuals: number[][] = [];
/** ∇ℓᵢ with respect to the parameters. [N][CLASSES · FEATURES] */
const gradients = Array.from({ length: N }, (_, sample) => {
  const x = Array.from({ length: FEATURES }, () => random.normal());
  const logits = Array.from({ length: CLASSES }, (_, c) =>
    x.reduce((z, xj, j) => z + xj * parameters[c * FEATURES + j]!, 0),
  );
  const total = logits.reduce((sum, z) => sum + Math.exp(z), 0);
  const residual = logits.map((z, c) => Math.exp(z) / total - (c === sample % CLASSES ? 1 : 0));
  residuals.push(residual);
  return residual.flatMap((delta) => x.map((xj) => delta * xj));
});
const scores = residuals.map((residual) => Math.hypot(...residual));
/** Scores of another model, as a memory may hold them. */
const stale = scores.map((score, i) => score * (1 + i));
const full = combine(gradients.map((gradient) => [1 / N, gradient]));

function combine(terms: (readonly [number, readonly number[]])[]): number[] {
  return terms[0]![1].map((_, d) => terms.reduce((sum, [factor, vector]) => sum + factor * vector[d]!, 0));
}

/** ‖a − full gradient‖ / ‖full gradient‖. */
function bias(estimate: readonly number[]): number {
  return Math.hypot(...estimate.map((value, d) => value - full[d]!)) / Math.hypot(...full);
}

/** One way a single draw can turn out. */
interface Outcome {
  index: number;
  probability: number;
  weight: number;
}

/** E[(1/2)(w_a ∇ℓ_a + w_b ∇ℓ_b)] over all pairs of independent draws. */
function expectedGradient(outcomes: readonly Outcome[]): number[] {
  const pairs = outcomes.flatMap((a) => outcomes.map((b) => [a, b] as const));
  return combine(
    pairs.map(([a, b]) => {
      const batch = [a, b].map(({ index, weight }) => [weight / 2, gradients[index]!] as const);
      return [a.probability * b.probability, combine(batch)];
    }),
  );
}

/** Every outcome of a draw, collected from draws until nothing new can appear. */
function outcomesOf(count: number, draw: () => Draw): Outcome[] {
  const outcomes = new Map<number, Outcome>();
  while (outcomes.size < count) {
    const { indices, probabilities, weights } = draw();
    indices.forEach((index, k) => {
      outcomes.set(index, { index, probability: probabilities[k]!, weight: weights[k]! });
    });
  }
  return [...outcomes.values()];
}

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}

const orders = permutations([0, 1, 2, 3, 4]);

describe('expected gradient over all batches', () => {
  test('uniform sampling: every batch of the epoch has the full gradient', () => {
    const state = new UniformSampler(N).getState();
    const epochs = orders.map((order) => {
      const stream = { ...state.stream, order: Int32Array.from(order), position: 0 };
      const sampler = UniformSampler.fromState({ ...state, stream });
      return [sampler.draw(2), sampler.draw(2), sampler.draw(2)];
    });
    for (const step of [0, 1, 2]) {
      const estimates = epochs.map((draws) => {
        const { indices, weights } = draws[step]!;
        return combine(Array.from(indices, (index, k) => [weights[k]! / indices.length, gradients[index]!]));
      });
      expect(bias(combine(estimates.map((estimate) => [1 / orders.length, estimate])))).toBeLessThan(1e-6);
    }
  });

  test.each([0, 0.1, 0.5])(
    'importance sampling with λ = %d has the full gradient, however wrong its scores',
    (uniformMix) => {
      for (const known of [scores, stale]) {
        const outcomes = memoryOutcomes(new MemorySampler(N, { uniformMix }), known);
        expect(bias(expectedGradient(outcomes))).toBeLessThan(1e-6);
      }
    },
  );

  test('importance weights of the probabilities after an update, not of the draw, are biased', () => {
    const outcomes = memoryOutcomes(new MemorySampler(N), scores);
    const updated = memoryOutcomes(new MemorySampler(N), stale);
    const weightOf = new Map(updated.map(({ index, weight }) => [index, weight]));
    const mixedUp = outcomes.map((outcome) => ({ ...outcome, weight: weightOf.get(outcome.index)! }));
    expect(bias(expectedGradient(mixedUp))).toBeGreaterThan(0.05);
  });

  test('adaptive sampling is biased: it has the gradient of the p-weighted loss', () => {
    const outcomes = memoryOutcomes(new MemorySampler(N, { weightExponent: 0 }), scores);
    const estimate = expectedGradient(outcomes);
    expect(bias(estimate)).toBeGreaterThan(0.05);
    const weighted = combine(outcomes.map(({ probability, index }) => [probability, gradients[index]!]));
    estimate.forEach((value, d) => {
      expect(value).toBeCloseTo(weighted[d]!, 12);
    });
  });

  test('resampling has the full gradient over all presamples and all draws from each', () => {
    const estimates = orders.map((order) => {
      const outcomes = resampledOutcomes(order).map((o) => ({ ...o, probability: (o.probability * N) / 3 }));
      expect(outcomes.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 12);
      return expectedGradient(outcomes);
    });
    expect(bias(combine(estimates.map((estimate) => [1 / orders.length, estimate])))).toBeLessThan(1e-6);
    // A single presample does not have it: the average over presamples is needed, and made.
    expect(Math.max(...estimates.map(bias))).toBeGreaterThan(0.1);
  });

  test('LOW is biased over all uniform batches', () => {
    const estimates = orders.map((order) => {
      const batch = order.slice(0, 3);
      const weights = lowWeights(
        batch.map((index) => scores[index]!),
        { lambda: 0.5 },
      );
      return combine(batch.map((index, k) => [weights[k]! / 3, gradients[index]!]));
    });
    expect(bias(combine(estimates.map((estimate) => [1 / orders.length, estimate])))).toBeGreaterThan(0.01);
  });
});

function memoryOutcomes(sampler: MemorySampler, known: readonly number[]): Outcome[] {
  const { indices } = sampler.draw(N);
  sampler.observe(
    indices,
    Float64Array.from(indices, (index) => known[index]!),
  );
  sampler.draw(1); // takes the ε of the first epoch
  const stated = sampler.probabilities();
  const state = sampler.getState();
  let seed = 0;
  const outcomes = outcomesOf(N, () =>
    MemorySampler.fromState({ ...state, random: new RandomGenerator(seed++).getState() }).draw(2),
  );
  for (const { index, probability } of outcomes) expect(probability).toBe(stated[index]);
  return outcomes;
}

/** The outcomes of a draw from the presample that holds the first three samples of this order. */
function resampledOutcomes(order: readonly number[]): Outcome[] {
  const state = new ResamplingSampler(N, { presampleSize: 3, threshold: 0 }).getState();
  const stream = { ...state.stream, order: Int32Array.from(order), position: 0 };
  let seed = 0;
  return outcomesOf(3, () => {
    const random = new RandomGenerator(seed++).getState();
    const sampler = ResamplingSampler.fromState({ ...state, stream, random, tau: 1 });
    const presample = sampler.presample(2)!;
    expect([...presample]).toEqual(order.slice(0, 3));
    return sampler.resample(Float64Array.from(presample, (index) => scores[index]!));
  });
}
