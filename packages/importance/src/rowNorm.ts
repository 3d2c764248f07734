import * as tf from '@tensorflow/tfjs';

/** Which norm a score takes of each sample's gradient: Euclidean (the papers') or the sum of absolute values. */
export type Norm = 'l2' | 'l1';

/** Options of the scores that are norms. */
export interface NormOptions {
  /** Default `'l2'`. */
  norm?: Norm;
}

/**
 * Norm of each sample's values, all axes after the first taken together.
 *
 * @param x shape [batch, …]
 * @returns shape [batch]
 * @example
 * ```ts
 * import { rowNorm } from '@gradis/importance';
 * import * as tf from '@tensorflow/tfjs';
 *
 * console.log(rowNorm(tf.tensor2d([[3, 4]])).dataSync()[0], rowNorm(tf.tensor2d([[3, -4]]), { norm: 'l1' }).dataSync()[0]); // → 5 7
 * ```
 */
export function rowNorm(x: tf.Tensor, { norm = 'l2' }: NormOptions = {}): tf.Tensor1D {
  return tf.tidy(() => {
    const rows = x.rank === 2 ? x : x.reshape([x.shape[0] ?? 1, -1]);
    return (norm === 'l1' ? rows.abs().sum(1) : rows.square().sum(1).sqrt()) as tf.Tensor1D;
  });
}
