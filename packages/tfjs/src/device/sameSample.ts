import * as tf from '@tensorflow/tfjs';
import type { indexColumn } from './exactIntegers.js';
import { isPositive } from './isPositive.js';

/** Splits an index that float32 cannot hold into two that it can. */
const LOW_PART = 2 ** 12;

/**
 * Which places of a batch hold the same sample: 1 or 0. [B, B]
 *
 * By arithmetic, since comparing a row with a column is a hundred times slower on wasm.
 */
export function sameSample({ float, int }: ReturnType<typeof indexColumn>): tf.Tensor2D {
  const lowPart = tf.scalar(LOW_PART, 'int32');
  const parts = float ? [float] : [tf.floorDiv(int, lowPart), tf.mod(int, lowPart)];
  const distances = parts.map((part) => {
    const column = tf.cast(part, 'float32');
    return tf.squaredDifference(column, tf.reshape(column, [1, -1]));
  });
  return tf.sub(1, isPositive(distances.reduce((sum, distance) => tf.add(sum, distance)))) as tf.Tensor2D;
}
