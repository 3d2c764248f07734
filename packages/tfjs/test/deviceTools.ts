import * as tf from '@tensorflow/tfjs';
import { expect, vi } from 'vitest';

/** The values of a tensor, which is freed. */
export async function valuesOf(tensor: tf.Tensor): Promise<number[]> {
  const values = Array.from(await tensor.data());
  tensor.dispose();
  return values;
}

/** Largest relative difference of values from the expected ones; infinite where only one of the two is zero. */
export function worstError(values: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (values.length !== expected.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== expected[i]) worst = Math.max(worst, Math.abs(values[i] - expected[i]) / Math.abs(expected[i]));
  }
  return worst;
}

/** χ² of counts against probabilities; infinite if something impossible was counted. */
function chiSquare(counts: readonly number[], probabilities: ArrayLike<number>): number {
  const draws = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce((sum, count, i) => {
    const expected = draws * probabilities[i];
    if (expected === 0) return count === 0 ? sum : Number.POSITIVE_INFINITY;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
}

/** What χ² exceeds once in 10⁹ checks of a right sampler (Wilson and Hilferty 1931). */
function chiSquareBound(outcomes: number): number {
  const spread = 2 / (9 * (outcomes - 1));
  return (outcomes - 1) * (1 - spread + 6 * Math.sqrt(spread)) ** 3;
}

/**
 * Throws unless counts fit the probabilities, and do not fit those of a sampler that favours every other outcome: by 5 % with
 * 80,000 draws, by more with fewer.
 */
export function expectFrequencies(counts: readonly number[], probabilities: ArrayLike<number>): void {
  const bound = chiSquareBound(counts.length);
  expect(chiSquare(counts, probabilities)).toBeLessThan(bound);
  const bias = 0.05 * Math.sqrt(80_000 / counts.reduce((sum, count) => sum + count, 0));
  const biased = Array.from(probabilities, (p, i) => p * (i % 2 === 0 ? 1 + bias : 1 - bias));
  const total = biased.reduce((sum, p) => sum + p, 0);
  expect(
    chiSquare(
      counts,
      biased.map((p) => p / total),
    ),
  ).toBeGreaterThan(bound);
}

/** What a Poisson variable exceeds once in 10⁹: the smallest k with P(X > k) < 10⁻⁹. */
export function poissonBound(mean: number): number {
  let term = Math.exp(-mean);
  let rest = 1 - term;
  let k = 0;
  while (rest > 1e-9) {
    k++;
    term *= mean / k;
    rest -= term;
  }
  return k;
}

/** Reads of tensors since the counting began. */
export interface Reads {
  /** By `data`, `dataSync`, `array` and their like, of which none is without these. */
  ofTensors: number;
  /** By kernels that look at their inputs on the host. */
  ofKernels: number;
}

/**
 * Counts reads until `stop` is called, and lets them through.
 *
 * Kernels of the cpu backend take their inputs by the same function; there the host is the device, so theirs do not count.
 */
export function countReads(): Reads & { stop(): void } {
  const engine = tf.engine();
  const backend = tf.backend();
  const reads = { ofTensors: 0, ofKernels: 0 };
  let isOfTensor = false;
  const spies = (['read', 'readSync'] as const).flatMap((name) => {
    const ofEngine = engine[name].bind(engine) as (dataId: object) => unknown;
    const ofBackend = backend[name].bind(backend) as (dataId: object) => unknown;
    const engineSpy = vi.spyOn(engine as Record<typeof name, typeof ofEngine>, name).mockImplementation((dataId) => {
      reads.ofTensors++;
      isOfTensor = true;
      try {
        return ofEngine(dataId);
      } finally {
        isOfTensor = false;
      }
    });
    const backendSpy = vi.spyOn(backend as Record<typeof name, typeof ofBackend>, name).mockImplementation((dataId) => {
      if (!isOfTensor && tf.getBackend() !== 'cpu') reads.ofKernels++;
      return ofBackend(dataId);
    });
    return [engineSpy, backendSpy];
  });
  return Object.assign(reads, {
    stop() {
      for (const spy of spies) spy.mockRestore();
    },
  });
}
