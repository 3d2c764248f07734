import * as tf from '@tensorflow/tfjs';
import { canRun, type VariableUpdate } from './optimizerSlots.js';

/** The updates with gradients times min(1, limit / ‖all gradients‖). Nothing is read back. */
export function clipByGlobalNorm(updates: VariableUpdate[], limit = Number.POSITIVE_INFINITY): VariableUpdate[] {
  if (limit === Number.POSITIVE_INFINITY) return updates;
  const norms = updates.flatMap(({ gradient }) => (gradient ? [euclideanNorm(gradient)] : []));
  if (norms.length === 0) return updates;
  const factor = tf.minimum(1, tf.div(limit, euclideanNorm(tf.concat(norms))));
  return updates.map(({ variable, gradient }) => ({ variable, gradient: gradient && tf.mul(gradient, factor) }));
}

/** [1] */
function euclideanNorm(x: tf.Tensor): tf.Tensor1D {
  const row = tf.reshape(x, [1, x.size]);
  if (canRun('RowNorm')) return tf.engine().runKernel('RowNorm', { x: row }) as tf.Tensor1D;
  return tf.norm(row, 'euclidean', 1) as tf.Tensor1D;
}
