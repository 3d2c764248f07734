import { CALIBRATION } from '@gradis/samplers';
import * as tf from '@tensorflow/tfjs';
import { isPositive } from './isPositive.js';

/*
 * The bins of `CalibratedSampler` of `@gradis/samplers`. A cell is 8 · row + age bin: the rows stand for no score yet (0) and
 * for a level's exponent in float32 (1 + bin), and 8 leaves room for the 5 age bins, so that all is exact in float32.
 */

/** Row 0, for samples without a score, and one for each bin of levels. */
export const ROWS = 1 + CALIBRATION.scoreBins;
/** Cells of a row; those beyond the age bins stay empty. */
export const ROW_CELLS = 8;
export const CELLS = ROWS * ROW_CELLS;
/** The cell of what is no sample. */
export const NO_CELL = CELLS;

/** Ages at which the bins 1 to 4 begin, in ticks: ½, 2, 8 and 32 epochs. */
const AGE_LIMITS = [0.5, 2, 8, 32].map((epochs) => epochs * CALIBRATION.ticksPerEpoch);

/** A level may be rounded to just below a power of two that it is equal to. */
const ROUNDING = 1e-6;

/** Lower limits of the bins 1 to 254. [1, 254] */
export function levelLimits(): tf.Tensor2D {
  const limits = Float32Array.from({ length: ROWS - 2 }, (_, bin) => 2 ** (bin - 126) * (1 - ROUNDING));
  return tf.tensor2d(limits, [1, limits.length]);
}

/** Squared level that each row stands for: that in the middle of its bin, as far as float32 goes. [ROWS] */
export function squaredMiddles(): Float32Array {
  return Float32Array.from({ length: ROWS }, (_, row) => (row < 2 ? 0 : Math.min(1e30, 4 ** (row - 127.5))));
}

/** First cell of the row of each level. [n] → [n] */
export function cellsOfLevels(levels: tf.Tensor, limits: tf.Tensor2D): tf.Tensor {
  const bins = tf.sum(isPositive(tf.sub(tf.reshape(levels, [-1, 1]), limits)), 1);
  return tf.add(tf.mul(bins, ROW_CELLS), ROW_CELLS);
}

/** The cells of samples that were observed at these ticks, as old as they are now. [n] → [n] */
export function agedCells(cells: tf.Tensor, stamps: tf.Tensor, now: number): tf.Tensor {
  const limits = tf.tensor2d(
    AGE_LIMITS.map((age) => now - age + 0.5),
    [1, AGE_LIMITS.length],
  );
  const age = tf.sum(isPositive(tf.sub(limits, tf.reshape(stamps, [-1, 1]))), 1);
  return tf.add(tf.sub(cells, tf.mod(cells, ROW_CELLS)), age);
}

/** 1 for cells of samples with a score, and for what is no sample, else 0. [n] → [n] */
export function haveScore(cells: tf.Tensor): tf.Tensor {
  return isPositive(tf.sub(cells, ROW_CELLS - 0.5));
}
