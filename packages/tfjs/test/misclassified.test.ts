import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { misclassified } from '../src/index.js';

describe('misclassified', () => {
  it('compares the largest output with the class, for indices, columns of indices and one-hot or soft labels', async () => {
    const outputs = tf.tensor2d([
      [3, 1, 2],
      [0, 1, 2],
      [0, 5, 1],
    ]);
    for (const labels of [
      tf.tensor1d([0, 1, 1], 'int32'),
      tf.tensor2d([[0], [1], [1]]),
      tf.tensor2d([
        [1, 0, 0],
        [0, 1, 0],
        [0.1, 0.7, 0.2],
      ]),
    ]) {
      expect(Array.from(await misclassified(labels, outputs).data())).toEqual([0, 1, 0]);
    }
  });
});
