import { LOW_DEFAULTS, type LowOptions, lowWeights } from '@gradis/samplers';
import * as tf from '@tensorflow/tfjs';
import type { TensorWeightRule } from '../gradientStep.js';
import { isPositive } from './isPositive.js';

/**
 * Biased. `lowWeights` of `@gradis/samplers` as a rule on tensors: `wᵢ = max(vᵢ − μ, 0)` with Σ w = n, `v = g²/(2λ)`.
 *
 * The threshold is the largest of those that each sample would give if it were the last with a weight,
 * `μ = maxᵢ (Σ_{vⱼ ≥ vᵢ} vⱼ − n) / #{vⱼ ≥ vᵢ}`, so that no sort is needed: O(n²) in a dozen kernels.
 *
 * @returns a rule from scores [n], finite and ≥ 0, to weights [n]
 * @throws RangeError on an option out of its range
 * @see Santiago et al., LOW, Pattern Recognition 110:107585, 2021; the threshold: Duchi et al., ICML 2008, Lemma 2 and Fig. 1.
 *
 * @example
 * ```ts
 * import { lowWeightRule } from '@gradis/tfjs';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const weights = lowWeightRule({ lambda: 0.5 })(tf.tensor1d([1, 0, 0, 0]));
 * console.log(await weights.data()); // → Float32Array(4) [ 1.75, 0.75, 0.75, 0.75 ]
 * ```
 */
export function lowWeightRule({
  lambda = LOW_DEFAULTS.lambda,
  lossScaling = LOW_DEFAULTS.lossScaling,
}: LowOptions = {}): TensorWeightRule {
  lowWeights([1], { lambda, lossScaling }); // refuses options out of their ranges
  return (scores) =>
    tf.tidy(() => {
      const n = scores.size;
      const divisor = 2 * lambda * (lossScaling === 'sum' ? 1 : n ** 2);
      const squares = tf.square(scores);
      // The projection ignores a common shift; measured from the largest point, it neither cancels nor overflows.
      const points = tf.div(tf.sub(squares, tf.max(squares)), divisor);
      const isBelow = isPositive(tf.sub(tf.reshape(points, [n, 1]), points)); // 1 in row i for points below that of i
      const isInSupport = tf.sub(1, isBelow);
      const sums = tf.sum(tf.mul(isInSupport, points), 1);
      const threshold = tf.max(tf.div(tf.sub(sums, n), tf.sum(isInSupport, 1)));
      return tf.relu(tf.sub(points, threshold)) as tf.Tensor1D;
    });
}
