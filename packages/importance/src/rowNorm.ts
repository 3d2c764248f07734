import * as tf from '@tensorflow/tfjs';

/** Which norm a score takes of each sample's gradient: Euclidean (the papers') or the sum of absolute values. */
export type Norm = 'l2' | 'l1';

/** Options of the scores that are norms. */
export interface NormOptions {
  /** Default `'l2'`. */
  norm?: Norm;
}

/** Norm of each row of a tensor of shape [batch, …], all trailing axes taken together. Shape [batch]. */
export function rowNorm(x: tf.Tensor, { norm = 'l2' }: NormOptions = {}): tf.Tensor1D {
  return tf.tidy(() => {
    const rows = x.rank === 2 ? x : x.reshape([x.shape[0] ?? 1, -1]);
    return (norm === 'l1' ? rows.abs().sum(1) : rows.square().sum(1).sqrt()) as tf.Tensor1D;
  });
}
