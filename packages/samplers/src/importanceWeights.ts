import { requireInteger } from './checks.js';

/**
 * Weights that make a non-uniform draw unbiased for the mean loss: `wᵢ = 1 / (N pᵢ)`.
 *
 * @param probabilities Probability with which each sample of the batch was drawn, in (0, 1]. Shape [B].
 * @param size Number of samples N in the data set.
 * @returns Weights of `(1/B) Σ wᵢ ∇ℓᵢ`. Shape [B].
 * @throws RangeError on a probability outside (0, 1].
 *
 * @example
 * ```ts
 * import { importanceWeights } from '@gradis/samplers';
 *
 * console.log(importanceWeights([0.5, 0.125], 4)); // → Float32Array(2) [ 0.5, 2 ]
 * ```
 */
export function importanceWeights(probabilities: ArrayLike<number>, size: number): Float32Array {
  requireInteger('size', size, 1);
  const weights = new Float32Array(probabilities.length);
  for (let k = 0; k < weights.length; k++) {
    const probability = probabilities[k];
    if (!(probability > 0 && probability <= 1)) {
      throw new RangeError(`probabilities[${k}] is ${probability}; probabilities must be in (0, 1].`);
    }
    weights[k] = 1 / (size * probability);
  }
  return weights;
}
