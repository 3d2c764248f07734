import { assertScores } from './assertScores.js';
import { requireInteger, requireLength, requireNumber } from './checks.js';
import { importanceWeights } from './importanceWeights.js';
import { RandomGenerator } from './RandomGenerator.js';
import { systematicSample } from './systematicSample.js';

/** Options of `sampleStream`. */
export interface SampleStreamOptions<T> {
  /** Number B of samples in a batch, ≥ 1. */
  batchSize: number;
  /** Scores of samples, finite and ≥ 0, at once or later: one forward pass over a window. [n] → [n] */
  score: (samples: readonly T[]) => ArrayLike<number> | Promise<ArrayLike<number>>;
  /** Number of samples M that are read and scored at a time, ≥ B. Default 4 B. */
  windowSize?: number;
  /** Number of batches that are drawn from each window, ≥ 1. Default 1. */
  batchesPerWindow?: number;
  /** Share λ in [0, 1] of uniform chances in `(1 − λ) s/Σs + λ/M`; weights are at most 1/λ. Default 0.1. */
  uniformMix?: number;
  /** Seed of all random choices; any safe integer. Default 0. */
  seed?: number;
}

/** What to train on, from a window of a stream. */
export interface StreamBatch<T> {
  /** B distinct samples; fewer if the window has fewer, or fewer with a chance to be drawn. */
  samples: T[];
  /** Factors of `(1/B) Σ wᵢ ∇ℓᵢ`, which is then unbiased for the mean over the window. Shape [B]. */
  weights: Float32Array;
  /** Expected share of the batch that each has, `p = π/B` in (0, 1/B], π its chance to be in it; weights are 1/(M p). */
  probabilities: Float64Array;
  /** The scores of the samples. Shape [B]. */
  scores: Float64Array;
  /** All samples that were looked at, in the order of the stream: dispose of them if they hold resources. */
  window: readonly T[];
}

/**
 * Batches by importance from a stream of any length: reads a window of samples, asks for their scores, and draws from it.
 *
 * The chance of a sample to be in the batch is `π = min(1, x/τ)`, with sizes `x = (1 − λ) s/Σs + λ/M` and τ such that
 * `Σ π = B`; its weight is `B/(M π)`. No sample occurs twice in a batch, and equal scores have weights of 1. A sample of
 * zero score has a chance through λ alone, and if all scores are zero, all chances are equal.
 *
 * A stream's last window may be short, and has its share of `batchesPerWindow`, rounded up. Nothing is read ahead: the
 * stream waits while you train. If you leave the loop, or a score is refused, the stream is closed; its errors pass through.
 *
 * @param source Samples, such as a generator, a `ReadableStream` or an array.
 * @throws RangeError when called with an option out of its range, TypeError without `score`; in the loop, on NaN, ∞ or
 *   a negative score, or a wrong number of scores.
 * @see Threshold: Cohen, Duffield, Kaplan, Lund and Thorup, SIAM J. Comput. 40(5), 2011. Draws: Madow, 1949.
 *
 * @example
 * ```ts
 * import { sampleStream } from '@gradis/samplers';
 *
 * const numbers = Array.from({ length: 1000 }, (_, n) => n);
 * const score = (window: readonly number[]) => window; // in your loop: a forward pass
 * let sum = 0;
 * for await (const { samples, weights } of sampleStream(numbers, { batchSize: 25, score, uniformMix: 0 })) {
 *   sum += samples.reduce((total, n, k) => total + weights[k]! * n, 0) / samples.length;
 * }
 * console.log((sum / 10).toFixed(1)); // → 499.5
 * ```
 */
export function sampleStream<T>(
  source: AsyncIterable<T> | Iterable<T>,
  {
    batchSize,
    score,
    windowSize = 4 * batchSize,
    batchesPerWindow = 1,
    uniformMix = 0.1,
    seed = 0,
  }: SampleStreamOptions<T>,
): AsyncGenerator<StreamBatch<T>, void, undefined> {
  requireInteger('batchSize', batchSize, 1);
  requireInteger('windowSize', windowSize, batchSize);
  requireInteger('batchesPerWindow', batchesPerWindow, 1);
  requireNumber('uniformMix', uniformMix, 0, 1);
  if (typeof score !== 'function') throw new TypeError(`score is ${score}; it must be a function that gives scores.`);
  const random = new RandomGenerator(seed);

  async function* batches(): AsyncGenerator<StreamBatch<T>, void, undefined> {
    let window: T[] = [];
    for await (const sample of source) {
      window.push(sample);
      if (window.length < windowSize) continue;
      yield* batchesOf(window);
      window = [];
    }
    if (window.length > 0) yield* batchesOf(window);
  }

  async function* batchesOf(window: readonly T[]): AsyncGenerator<StreamBatch<T>, void, undefined> {
    const scores = await score(window);
    requireLength('scores', scores, window.length);
    assertScores(scores);
    const sizes = mixedSizes(scores, uniformMix);
    const count = Math.ceil((batchesPerWindow * window.length) / windowSize);
    for (let k = 0; k < count; k++) yield drawFrom(window, scores, sizes, batchSize, random);
  }

  return batches();
}

/** `(1 − λ) s/Σs + λ/M`; 1/M if all scores are zero. */
function mixedSizes(scores: ArrayLike<number>, uniformMix: number): Float64Array {
  const sizes = Float64Array.from(scores);
  const total = sizes.reduce((sum, score) => sum + score, 0);
  const floor = (total > 0 ? uniformMix : 1) / sizes.length;
  return sizes.map((score) => (total > 0 ? (1 - uniformMix) * (score / total) : 0) + floor);
}

function drawFrom<T>(
  window: readonly T[],
  scores: ArrayLike<number>,
  sizes: Float64Array,
  batchSize: number,
  random: RandomGenerator,
): StreamBatch<T> {
  const { positions, inclusionProbabilities } = systematicSample(sizes, batchSize, random);
  const probabilities = inclusionProbabilities.map((probability) => probability / positions.length);
  return {
    samples: Array.from(positions, (position) => window[position]),
    weights: importanceWeights(probabilities, window.length),
    probabilities,
    scores: Float64Array.from(positions, (position) => scores[position]),
    window,
  };
}
