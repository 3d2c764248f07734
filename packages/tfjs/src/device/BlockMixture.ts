import * as tf from '@tensorflow/tfjs';
import { type BlockLayout, blockLayout } from './BlockLayout.js';
import { fitsFloat } from './exactIntegers.js';
import { isPositive } from './isPositive.js';

/** Drawn items and 1/(N·p) of each; whoever drew them disposes them. */
export interface BlockDraw {
  /** int32, [B] */
  indices: tf.Tensor1D;
  /** [B] */
  importanceWeights: tf.Tensor1D;
}

/** Below it the sum of all values is as good as zero, and p uniform. */
const SMALLEST_TOTAL = 1e-30;

/** In place of λ = 0: nothing beside other values, and all there is where every value is zero. */
const SMALLEST_MIX = 1e-30;

/** Weights above it are those of an item without value, which only rounding can have drawn. */
const LARGEST_WEIGHT = 1e20;

/** A share of a block that stays inside it, also after a rounded product. */
const LARGEST_SHARE = 1 - 2 ** -23;

/**
 * The mixture `p = (1 − λ) v/Σv + λ/N` over N items whose values v ≥ 0 are a tensor, drawn by a search of the running sum in
 * two levels: about √N blocks, then the about √N items of a block.
 *
 * All in float32, for any N: a position has 48 bits (two floats), the search in the block takes what is left of it after the
 * start of the block, and this is scaled to the sum of the block. So no float ever holds a place among all items, and every
 * item can be drawn. Sums of √N terms are rounded: weights, and the chance of an item within its block, are off by up to a part
 * in 2²⁴/√N, 10⁻⁵ for 60,000. The chance of a block is off by up to 2⁻²³ of the whole, which is much for a block that has as
 * little itself: for λ = 0.1 and N = 60,000 up to 3·10⁻⁴ of its own.
 *
 * An item without value is not drawn if λ = 0, except by rounding, in one of 10⁷ draws, on a backend whose running sums do not
 * rise steadily (WebGPU); its weight is then as good as zero. No index is ever out of range.
 */
export class BlockMixture {
  readonly layout: BlockLayout;
  readonly uniformMix: number;
  readonly #mix: number;
  /** What λ adds up to at the end of each block. [blocks] */
  readonly #mixUpToBlock: tf.Tensor1D;
  /** What λ adds up to at each place of a block. [1, width] */
  readonly #mixUpToPlace: tf.Tensor2D;
  /** What λ adds up to in each block as a whole, if the last one is shorter. [blocks] */
  readonly #mixOfBlock?: tf.Tensor1D;

  /**
   * @param size number of items N
   * @param uniformMix λ in [0, 1]
   */
  constructor(size: number, uniformMix: number) {
    this.layout = blockLayout(size);
    this.uniformMix = uniformMix;
    this.#mix = Math.max(uniformMix, SMALLEST_MIX);
    const { blocks, width, padding } = this.layout;
    const share = this.#mix / size;
    const end = (block: number) => Math.min((block + 1) * width, size);
    const perBlock = (of: (block: number) => number) =>
      tf.keep(tf.tensor1d(Float32Array.from({ length: blocks }, (_, block) => share * of(block))));
    this.#mixUpToBlock = perBlock(end);
    if (padding > 0) this.#mixOfBlock = perBlock((block) => end(block) - block * width);
    const places = Float32Array.from({ length: width }, (_, place) => share * (place + 1));
    this.#mixUpToPlace = tf.keep(tf.tensor2d(places, [1, width]));
  }

  /**
   * Draws the items at these positions of the running sum of p.
   *
   * @param values v, zero in the padding. [blocks · width]
   * @param sums sum of each block. [blocks]
   * @param positions each in [0, 1). [B]
   */
  draw(values: tf.Tensor1D, sums: tf.Tensor1D, positions: Float64Array): BlockDraw {
    return tf.tidy(() => {
      const { size, blocks, width } = this.layout;
      const running = tf.cumsum(sums);
      const slope = this.#slope(running);
      const { ends, whole } = this.#ends(running, slope);
      const high = Float32Array.from(positions);
      const coarse = tf.tensor2d(high, [positions.length, 1]);
      const fine = tf.tensor2d(
        Float32Array.from(positions, (position, k) => position - high[k]),
        [positions.length, 1],
      );
      /** What of each position lies beyond these points, exactly where it is near zero. */
      const beyond = (points: tf.Tensor) => tf.add(tf.sub(coarse, points), fine);

      const isBefore = isPositive(beyond(ends)); // 1 for blocks that end before the position. [B, blocks]
      const block = tf.minimum(tf.sum(isBefore, 1, true), blocks - 1);
      const blockIndex = tf.cast(block, 'int32');
      const start = tf.max(tf.mul(isBefore, ends), 1, true);
      const length = tf.sub(tf.reshape(tf.gatherND(ends, blockIndex), [-1, 1]), start);
      const share = tf.clipByValue(tf.div(beyond(start), tf.maximum(length, SMALLEST_TOTAL)), 0, LARGEST_SHARE);

      const row = tf.gatherND(tf.reshape(values, [blocks, width]), blockIndex);
      const mass = tf.add(tf.mul(tf.cumsum(row, 1), slope), this.#mixInBlock(blockIndex));
      const target = tf.mul(share, tf.slice(mass, [0, width - 1], [positions.length, 1]));
      const place = tf.sum(isPositive(tf.sub(target, mass)), 1, true);

      const { indices, column } = this.#indices(block, blockIndex, place);
      const density = tf.add(tf.mul(tf.gatherND(values, column), tf.mul(slope, size)), this.#mix);
      return { indices, importanceWeights: this.#guarded(tf.div(whole, density)) as tf.Tensor1D };
    });
  }

  /** p of every item. [N] */
  probabilities(values: tf.Tensor1D, sums: tf.Tensor1D): tf.Tensor1D {
    return tf.tidy(() => {
      const { size } = this.layout;
      const running = tf.cumsum(sums);
      const slope = this.#slope(running);
      const { whole } = this.#ends(running, slope);
      const mass = tf.add(tf.mul(tf.slice(values, 0, size), slope), this.#mix / size);
      const probabilities = tf.div(mass, whole) as tf.Tensor1D;
      if (this.uniformMix > 0) return probabilities;
      const isReal = isPositive(tf.sub(probabilities, 1 / (size * LARGEST_WEIGHT)));
      return tf.mul(probabilities, isReal);
    });
  }

  dispose(): void {
    tf.dispose([this.#mixUpToBlock, this.#mixUpToPlace, this.#mixOfBlock ?? []]);
  }

  /** (1 − λ)/Σv, or a number that makes all of no v. [1] */
  #slope(running: tf.Tensor): tf.Tensor {
    const total = tf.slice(running, this.layout.blocks - 1, 1);
    return tf.div(1 - this.uniformMix, tf.maximum(total, SMALLEST_TOTAL));
  }

  /** Running sum of p at the end of each block, the last exactly 1, and what it was before it was made 1. */
  #ends(running: tf.Tensor, slope: tf.Tensor): { ends: tf.Tensor; whole: tf.Tensor } {
    const mass = tf.add(tf.mul(running, slope), this.#mixUpToBlock);
    const whole = tf.slice(mass, this.layout.blocks - 1, 1);
    return { ends: tf.div(mass, whole), whole };
  }

  /** What λ adds up to at each place of these blocks; no more after the last item. [1, width] or [B, width] */
  #mixInBlock(blockIndex: tf.Tensor): tf.Tensor {
    if (!this.#mixOfBlock) return this.#mixUpToPlace;
    const most = tf.reshape(tf.gatherND(this.#mixOfBlock, blockIndex), [-1, 1]);
    return tf.sub(this.#mixUpToPlace, tf.relu(tf.sub(this.#mixUpToPlace, most)));
  }

  /** Index of each item, block · width + place, as a vector and as a column. */
  #indices(block: tf.Tensor, blockIndex: tf.Tensor, place: tf.Tensor): { indices: tf.Tensor1D; column: tf.Tensor } {
    const { size, width, padding } = this.layout;
    const within = (index: tf.Tensor, last: tf.Scalar) => (padding > 0 ? tf.minimum(index, last) : index);
    if (!fitsFloat(size)) {
      const first = tf.mul(blockIndex, tf.scalar(width, 'int32'));
      const column = within(tf.add(first, tf.cast(place, 'int32')), tf.scalar(size - 1, 'int32'));
      return { indices: tf.reshape(column, [-1]), column };
    }
    const index = within(tf.add(tf.mul(block, width), place), tf.scalar(size - 1));
    return { indices: tf.cast(tf.reshape(index, [-1]), 'int32'), column: tf.cast(index, 'int32') };
  }

  /** Without weights that only an item can have that should not have been drawn. */
  #guarded(weights: tf.Tensor): tf.Tensor {
    if (this.uniformMix > 0) return weights;
    const isReal = isPositive(tf.sub(LARGEST_WEIGHT, weights));
    return tf.maximum(tf.mul(weights, isReal), SMALLEST_MIX);
  }
}
