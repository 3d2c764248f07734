import * as tf from '@tensorflow/tfjs';

/** Which norm a score takes of each sample's gradient: Euclidean (the papers') or the sum of absolute values. */
export type Norm = 'l2' | 'l1';

/** Options of the scores that are norms. */
export interface NormOptions {
  /** Default `'l2'`. */
  norm?: Norm;
}

/** The kernel of the Euclidean norm of rows, where the backend has it. */
const KERNEL = 'RowNorm';

/**
 * Norm of each sample's values, all axes after the first taken together.
 *
 * Differentiable, with gradient 0 at rows of zeros, where the Euclidean norm has none. One kernel on backends that have
 * `RowNorm`, such as the native one that `@gradis/backends` starts.
 *
 * @param x float32, shape [batch, …]
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
    const rows = (x.rank === 2 ? x : x.reshape([x.shape[0] ?? 1, -1])) as tf.Tensor2D;
    return norm === 'l1' ? rows.abs().sum(1) : euclideanNorm(rows);
  });
}

/** ‖xᵢ‖ of each row i, with ∂‖xᵢ‖/∂xᵢ = xᵢ / ‖xᵢ‖. */
function euclideanNorm(rows: tf.Tensor2D): tf.Tensor1D {
  const withGradient = tf.customGrad((x, save) => {
    const norms = normsOf(x as tf.Tensor2D);
    (save as tf.GradSaveFunc)([x as tf.Tensor2D, norms]);
    const gradFunc = (dy: tf.Tensor, [x, norms]: tf.Tensor[]) => tf.mul(x, tf.divNoNan(dy, norms).expandDims(1));
    return { value: norms as tf.Tensor, gradFunc };
  });
  return withGradient(rows) as tf.Tensor1D;
}

function normsOf(rows: tf.Tensor2D): tf.Tensor1D {
  if (tf.getKernel(KERNEL, tf.getBackend())) return tf.engine().runKernel(KERNEL, { x: rows });
  return rows.square().sum(1).sqrt() as tf.Tensor1D;
}
