import { CALIBRATION } from '@gradis/samplers';
import * as tf from '@tensorflow/tfjs';
import { CELLS, haveScore, ROW_CELLS, ROWS } from './calibratedBins.js';
import { deviceCell } from './DeviceCalibrationTable.js';
import { isPositive } from './isPositive.js';
import { replaced } from './replaced.js';

const { ageBins, unitMix } = CALIBRATION;

/** Divisors are no smaller. */
const SMALLEST = 1e-30;

/** The score that is expected of the samples in each cell, up to a common factor. */
export class DeviceCellValues {
  /** The mean over the samples in row 0, and 0 for what is no sample. [CELLS + 1] */
  #values = tf.keep(tf.zeros([CELLS + 1]) as tf.Tensor1D);
  /** How much rarer than uniformly samples are drawn is `offset + scale · value`. [1] */
  #rarityScale = tf.keep(tf.zeros([1]) as tf.Tensor1D);
  #rarityOffset = tf.keep(tf.ones([1]) as tf.Tensor1D);

  /** Values of the samples in these cells. [n] → [n] */
  of(cells: tf.Tensor): tf.Tensor1D {
    return tf.gatherND(this.#values, tf.cast(tf.reshape(cells, [-1, 1]), 'int32')) as tf.Tensor1D;
  }

  /**
   * By how much rarer samples of these values are drawn than they would be uniformly, up to a factor: the weights by which
   * scores are divided in their mean. No sample's value is above N times the mean. [n] → [n]
   */
  rarity(values: tf.Tensor, size: number): tf.Tensor {
    const excess = tf.minimum(tf.mul(values, this.#rarityScale), (1 - unitMix) * size);
    return tf.add(excess, this.#rarityOffset);
  }

  /**
   * Takes the roots of these means for the cells; samples without a score are expected to be like the others.
   *
   * @param means mean squared score of each cell. [CELLS]
   * @param cells cell of each sample and, in the padding, none
   */
  refresh(means: tf.Tensor1D, cells: tf.Tensor1D, padding: number): void {
    tf.tidy(() => {
      const scored = tf.slice(tf.sqrt(means), ROW_CELLS, CELLS - ROW_CELLS);
      const withoutScore = tf.zeros([ROW_CELLS]);
      const nothing = tf.zeros([1]);
      this.#values = replaced(this.#values, tf.concat([withoutScore, scored, nothing]) as tf.Tensor1D);
      const count = tf.sub(tf.sum(haveScore(cells)), padding);
      const mean = tf.div(tf.sum(this.of(cells)), tf.maximum(count, 1));
      this.#values = replaced(this.#values, tf.concat([tf.add(withoutScore, mean), scored, nothing]) as tf.Tensor1D);
      this.#setRarity(mean);
    });
  }

  async getState(): Promise<Float64Array> {
    const values = await this.#values.data();
    return Float64Array.from({ length: ROWS * ageBins }, (_, cell) => values[deviceCell(cell)]);
  }

  setState(state: Float64Array): void {
    const values = new Float32Array(CELLS + 1).fill(state[0], 0, ROW_CELLS);
    state.forEach((value, cell) => {
      values[deviceCell(cell)] = Math.min(value, 1e30); // of cells that are not in use, beyond float32
    });
    this.#values = replaced(this.#values, tf.tensor1d(values));
    tf.tidy(() => this.#setRarity(tf.scalar(state[0])));
  }

  dispose(): void {
    tf.dispose([this.#values, this.#rarityScale, this.#rarityOffset]);
  }

  /** `0.8 · value / mean + 0.2`; 1 while the mean is zero. */
  #setRarity(mean: tf.Tensor): void {
    const share = tf.mul(isPositive(mean), 1 - unitMix);
    const scale = tf.div(share, tf.maximum(mean, SMALLEST));
    this.#rarityScale = replaced(this.#rarityScale, tf.reshape(scale, [1]) as tf.Tensor1D);
    this.#rarityOffset = replaced(this.#rarityOffset, tf.reshape(tf.sub(1, share), [1]) as tf.Tensor1D);
  }
}
