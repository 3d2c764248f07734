import * as tf from '@tensorflow/tfjs';
import { haveScore } from './calibratedBins.js';
import type { indexColumn } from './exactIntegers.js';
import { isPositive } from './isPositive.js';
import { sameSample } from './sameSample.js';

/** What is known of the samples of a batch before it is learned. [B] */
interface Before {
  levels: tf.Tensor;
  cells: tf.Tensor;
}

/**
 * Levels after a batch, `level² ← m · level² + (1 − m) · score²`, a first score being the level itself; of a sample that occurs
 * k times, one score after the other: `level² ← mᵏ · level² + (1 − m) Σⱼ mᵏ⁻ʲ scoreⱼ²`, at every place of it.
 *
 * @param squares squared scores, in units. [B]
 * @param momentum m in [0, 1)
 * @param everyIsKnown whether every sample of the data set is known to have a level
 * @returns [B]
 */
export function nextLevels(
  column: ReturnType<typeof indexColumn>,
  squares: tf.Tensor,
  { levels, cells }: Before,
  momentum: number,
  everyIsKnown: boolean,
): tf.Tensor {
  const batchSize = squares.size;
  const same = sameSample(column);
  const sumOfSame = (values: tf.Tensor) => tf.sum(tf.mul(same, values), 1);
  const places = tf.range(0, batchSize);
  const isLater = isPositive(tf.sub(places, tf.reshape(places, [batchSize, 1])));
  const later = tf.sum(tf.mul(same, isLater), 1); // occurrences of the same sample after this one
  const count = tf.sum(same, 1);
  let start = tf.square(levels);
  if (!everyIsKnown) {
    const isFirst = isPositive(tf.sub(tf.add(later, 1.5), count));
    const firstSquare = sumOfSame(tf.mul(isFirst, squares));
    start = tf.add(start, tf.mul(tf.sub(1, haveScore(cells)), firstSquare)); // a level is 0 until there is one
  }
  const kept = tf.mul(tf.pow(momentum, count), start);
  const learned = sumOfSame(tf.mul(tf.mul(tf.pow(momentum, later), 1 - momentum), squares));
  return tf.sqrt(tf.add(kept, learned));
}
