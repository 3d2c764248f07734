import { requireInteger, requireNumber } from './checks.js';

/**
 * Weights that make a non-uniform draw unbiased for the mean loss: `wᵢ = (1 / (N pᵢ))^β` with β = 1.
 *
 * @param probabilities Probability with which each sample of the batch was drawn, in (0, 1]. Shape [B].
 * @param size Number of samples N in the data set.
 * @param exponent β in [0, 1]. Default 1. Below it the weights are biased towards samples that are drawn often; 0 makes
 *   them all 1, which is adaptive sampling.
 * @returns Weights of `(1/B) Σ wᵢ ∇ℓᵢ`. Shape [B].
 * @throws RangeError on a probability outside (0, 1] or an exponent outside [0, 1].
 *
 * @example
 * ```ts
 * import { importanceWeights } from '@gradis/samplers';
 *
 * console.log(importanceWeights([0.5, 0.0625], 4)); // → Float32Array(2) [ 0.5, 4 ]
 * console.log(importanceWeights([0.5, 0.0625], 4, 0.5)[1]); // → 2
 * ```
 */
export function importanceWeights(probabilities: ArrayLike<number>, size: number, exponent = 1): Float32Array {
  requireInteger('size', size, 1);
  requireNumber('exponent', exponent, 0, 1);
  const weights = new Float32Array(probabilities.length);
  for (let k = 0; k < weights.length; k++) {
    const probability = probabilities[k];
    if (!(probability > 0 && probability <= 1)) {
      throw new RangeError(`probabilities[${k}] is ${probability}; probabilities must be in (0, 1].`);
    }
    const weight = 1 / (size * probability);
    weights[k] = exponent === 1 ? weight : weight ** exponent;
  }
  return weights;
}
