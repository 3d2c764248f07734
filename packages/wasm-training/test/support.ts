import * as tf from '@tensorflow/tfjs';
import { type KernelName, kernelTable } from '../src/index.js';

/** Switches every kernel off: the stock wasm backend. */
export const allOff = Object.fromEntries(Object.keys(kernelTable).map((name) => [name, false])) as Record<
  KernelName,
  boolean
>;

/** Numbers in [-1, 1), the same in every run (a 32-bit linear congruential generator). */
export function randomNumbers(count: number, seed = 1): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

export function randomTensor(shape: number[], seed = 1): tf.Tensor {
  return tf.tensor(randomNumbers(tf.util.sizeFromShape(shape), seed), shape, 'float32');
}

/** The result of the same function on another backend. */
export async function onBackend(name: string, compute: () => tf.Tensor[]): Promise<Float32Array[]> {
  const previous = tf.getBackend();
  await tf.setBackend(name);
  const results = tf.tidy(compute);
  const values = results.map((tensor) => Float32Array.from(tensor.dataSync()));
  tf.dispose(results);
  await tf.setBackend(previous);
  return values;
}

/** Largest distance between two arrays, relative to `scale`. */
export function largestError(actual: ArrayLike<number>, expected: ArrayLike<number>, scale = 1): number {
  let largest = actual.length === expected.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i]! - expected[i]!) / scale;
    if (!(error <= largest)) largest = error;
  }
  return largest;
}

/** A, B and C of one matrix product, row by row. */
export interface Product {
  m: number;
  n: number;
  k: number;
  transposeA: boolean;
  transposeB: boolean;
}

/** Σ_p A[i, p] · B[p, j] in float64, and Σ |A · B|, to which the rounding error is proportional. */
export function referenceProduct(
  { m, n, k, transposeA, transposeB }: Product,
  a: Float32Array,
  b: Float32Array,
): { sums: Float64Array; sizes: Float64Array } {
  const sums = new Float64Array(m * n);
  const sizes = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      for (let p = 0; p < k; p++) {
        const term = a[transposeA ? p * m + i : i * k + p]! * b[transposeB ? j * k + p : p * n + j]!;
        sums[i * n + j]! += term;
        sizes[i * n + j]! += Math.abs(term);
      }
    }
  }
  return { sums, sizes };
}

/** Whether every element is within rounding error: 4e-6 times the sum of the sizes of its terms. */
export function isProduct(actual: ArrayLike<number>, expected: { sums: Float64Array; sizes: Float64Array }): boolean {
  if (actual.length !== expected.sums.length) return false;
  return expected.sums.every((sum, i) => Math.abs(actual[i]! - sum) <= 4e-6 * expected.sizes[i]!);
}

export const TRANSPOSITIONS = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const;
