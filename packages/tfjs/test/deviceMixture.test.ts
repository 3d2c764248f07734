import { RandomGenerator } from '@gradis/samplers';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { BlockMixture } from '../src/device/BlockMixture.js';
import { blockSums, blockValues } from '../src/device/blockValues.js';
import { indexColumn } from '../src/device/exactIntegers.js';
import { sameSample } from '../src/device/sameSample.js';
import { createDeviceSampler } from '../src/index.js';
import { expectFrequencies, valuesOf, worstError } from './deviceTools.js';
import { repetitions } from './smallLearner.js';

/** A mixture over these values, with their tensors. */
function mixtureOf(values: ArrayLike<number>, uniformMix: number) {
  const mixture = new BlockMixture(values.length, uniformMix);
  const placed = blockValues(mixture.layout, values);
  const sums = blockSums(mixture.layout, placed);
  return {
    layout: mixture.layout,
    async draw(positions: ArrayLike<number>) {
      const { indices, importanceWeights } = mixture.draw(placed, sums, Float64Array.from(positions));
      return { indices: await valuesOf(indices), importanceWeights: await valuesOf(importanceWeights) };
    },
    probabilities: () => valuesOf(mixture.probabilities(placed, sums)),
    dispose() {
      mixture.dispose();
      tf.dispose([placed, sums]);
    },
  };
}

/** p by the definition. */
function exactProbabilities(values: ArrayLike<number>, uniformMix: number): number[] {
  const list = Array.from(values);
  const sum = list.reduce((total, value) => total + value, 0);
  const mix = sum > 0 ? uniformMix : 1;
  return list.map((value) => (sum > 0 ? ((1 - mix) * value) / sum : 0) + mix / list.length);
}

const positionsOf = (length: number, seed = 1) => {
  const random = new RandomGenerator(seed);
  return Float64Array.from({ length }, () => random.uniform());
};

describe('a mixture in blocks', () => {
  it.each([1, 2, 7, 40, 60_000, 1_281_167])('lays %d items out in about as many blocks as they have items', (size) => {
    const mixture = new BlockMixture(size, 0.1);
    const { blocks, width, padding } = mixture.layout;
    expect(blocks * width - padding).toBe(size);
    expect(padding).toBeLessThan(width);
    expect(blocks / width).toBeGreaterThan(0.9);
    expect(blocks / width).toBeLessThan(17);
    mixture.dispose();
  });

  // 40 = 5 · 8 leaves no padding, 47 does; some values are zero.
  it.each([
    [40, 0.1],
    [40, 0],
    [47, 0.1],
    [47, 0],
    [47, 1],
  ])('draws %d items with their probabilities, λ = %d', async (size, uniformMix) => {
    const values = Array.from({ length: size }, (_, i) => (i % 5 === 0 ? 0 : (i % 7) + 0.5));
    const before = tf.memory().numTensors;
    const mixture = mixtureOf(values, uniformMix);
    const probabilities = exactProbabilities(values, uniformMix);
    const counts = new Array<number>(size).fill(0);
    for (let seed = 0; seed < repetitions(20, 4); seed++) {
      const { indices, importanceWeights } = await mixture.draw(positionsOf(4000, seed));
      for (const index of indices) counts[index]++;
      const expected = indices.map((index) => 1 / (size * probabilities[index]));
      expect(worstError(importanceWeights, expected)).toBeLessThan(1e-5);
    }
    expectFrequencies(counts, probabilities);
    expect(worstError(await mixture.probabilities(), probabilities)).toBeLessThan(1e-6);
    mixture.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('finds the item at each position, also at both ends and where one begins', async () => {
    const values = [1, 0, 2, 0, 0, 1, 0, 4, 0];
    const mixture = mixtureOf(values, 0);
    const last = 1 - 2 ** -53;
    const { indices } = await mixture.draw([2 ** -53, 0.12, 0.126, 0.37, 0.376, 0.49, 0.501, 0.99, last]);
    expect(Array.from(indices)).toEqual([0, 0, 2, 2, 5, 5, 7, 7, 7]);
    mixture.dispose();
  });

  it('draws uniformly if every value is zero, whatever λ is', async () => {
    for (const uniformMix of [0, 0.1]) {
      const mixture = mixtureOf(new Float32Array(10), uniformMix);
      const positions = Array.from({ length: 10 }, (_, i) => (i + 0.5) / 10);
      const { indices, importanceWeights } = await mixture.draw(positions);
      expect(Array.from(indices)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(worstError(importanceWeights, new Float32Array(10).fill(1))).toBeLessThan(1e-5);
      mixture.dispose();
    }
  });

  it('draws from a block that has next to nothing to within 2⁻²³ of the whole', async () => {
    const size = 60_000;
    const values = new Float32Array(size).fill(1);
    const mixture = mixtureOf(values, 0);
    const { width } = mixture.layout;
    const rare = 3 * width;
    mixture.dispose();
    values.fill(1e-4 / width, rare, rare + width);
    const uneven = mixtureOf(values, 0);
    const total = size - width + 1e-4;
    const [start, share] = [rare / total, 1e-4 / total];
    // Positions at equal steps over an interval around the block, of which the block's share is what is drawn from it.
    const span = 2 ** -20;
    const positions = Float64Array.from(
      { length: 8192 },
      (_, k) => start + share / 2 + span * ((k + 0.5) / 8192 - 0.5),
    );
    const { indices } = await uneven.draw(positions);
    const drawn = indices.filter((index) => index >= rare && index < rare + width).length;
    expect(Math.abs((drawn / 8192) * span - share)).toBeLessThan(2 ** -23 + span / 8192);
    uneven.dispose();
  });

  it('never gives an index out of range, whatever the values', async () => {
    for (const values of [[0, 1e-30, 3e37], [1e30, 1e-30, 0, 0, 0], new Array<number>(47).fill(1e-38), [5]]) {
      for (const uniformMix of [0, 0.5]) {
        const mixture = mixtureOf(values, uniformMix);
        const { indices } = await mixture.draw([...positionsOf(200), 0, 1 - 2 ** -53]);
        expect(Math.min(...indices)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...indices)).toBeLessThan(values.length);
        mixture.dispose();
      }
    }
  });

  const hasExactIntegers = !['webgpu', 'webgl'].includes(tf.getBackend());

  describe.runIf(hasExactIntegers)('beyond the 2²⁴ integers that float32 can hold', () => {
    const size = 2 ** 25 + 7;

    it('reaches the last of equal items, and tells neighbours apart everywhere', async () => {
      const mixture = mixtureOf(new Float32Array(size).fill(1), 0.1);
      const draw = (items: ArrayLike<number>) => mixture.draw(Array.from(items, (item) => (item + 0.5) / size));
      const ends = [size - 1, size - 2, size - 3, size - 4, size - 5, 2, 1, 0];
      const { indices, importanceWeights } = await draw(ends);
      expect(Array.from(indices)).toEqual(ends);
      expect(worstError(importanceWeights, new Float32Array(ends.length).fill(1))).toBeLessThan(
        Math.sqrt(size) * 2 ** -24,
      );

      // A running sum of √N terms is off by up to 2⁻²⁵ of the whole each, which is an item.
      const random = new RandomGenerator(1);
      const items = Int32Array.from({ length: 500 }, () => random.integer(size - 1));
      const { indices: drawn } = await draw(items);
      const { indices: next } = await draw(items.map((item) => item + 1));
      expect(Math.max(...drawn.map((index, k) => Math.abs(index - items[k])))).toBeLessThan(Math.sqrt(size));
      // In a block, items are stretched by up to 2⁻²⁴ √N, so one in 2,896 positions may skip or repeat one.
      const neighbours = drawn.filter((index, k) => next[k] === index + 1);
      expect(neighbours.length).toBeGreaterThan(0.99 * items.length);
      expect(drawn.filter((index) => Math.fround(index) !== index).length).toBeGreaterThan(100);
      mixture.dispose();
    });

    it('finds the only three items that have values', async () => {
      const values = new Float32Array(size);
      const items = [2 ** 24 + 1, 2 ** 25 + 3, size - 1];
      items.forEach((item, k) => {
        values[item] = [1, 2, 1][k];
      });
      const mixture = mixtureOf(values, 0);
      const { indices, importanceWeights } = await mixture.draw([0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9]);
      const [first, second, third] = items;
      expect(Array.from(indices)).toEqual([first, first, second, second, second, third, third]);
      expect(importanceWeights[0] * size).toBeCloseTo(4, 4);
      expect(importanceWeights[2] * size).toBeCloseTo(2, 4);
      mixture.dispose();
    });

    it('tells samples apart that are the same in float32', async () => {
      const indices = tf.tensor1d([2 ** 24, 2 ** 24 + 1, 2 ** 24], 'int32');
      const same = await valuesOf(tf.tidy(() => sameSample(indexColumn(indices, size))));
      expect(Array.from(same)).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 1]);
      expect(Math.fround(2 ** 24 + 1)).toBe(2 ** 24); // float32 alone could not
      indices.dispose();
    });
  });

  it.skipIf(hasExactIntegers)('refuses more samples than the backend can tell apart', () => {
    expect(() => createDeviceSampler('uniform', { size: 2 ** 24 + 1 })).toThrow(
      /size is 16777217.*Use tensorflow or wasm/,
    );
  });
});
