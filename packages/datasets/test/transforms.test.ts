import { expectFrequencies } from '@gradis/tooling/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ArrayDataset, blobs, classSizes, type Dataset, subset, withImbalance, withLabelNoise } from '../src/index.js';
import { countingDataset } from './fixtures.js';

const regression = new ArrayDataset({
  name: 'regression',
  inputs: { data: new Float32Array(4), shape: [] },
  targets: { data: new Float32Array(4), shape: [] },
});

/** Classes 0 … C − 1 of these sizes, one after another; the input of a sample is its index. */
function datasetOfSizes(sizes: readonly number[]): ArrayDataset {
  const labels = sizes.flatMap((size, c) => new Array<number>(size).fill(c));
  return new ArrayDataset({
    name: 'sized',
    inputs: { data: Float32Array.from(labels.keys()), shape: [] },
    targets: { data: Int32Array.from(labels), shape: [] },
    classNames: sizes.map(String),
  });
}

const copyOf = ({ inputs, targets }: Dataset) => [inputs.data.slice(), targets.data.slice()];
const isAscending = (values: ArrayLike<number>) =>
  Array.from(values).every((value, i) => i === 0 || value > values[i - 1]!);

describe('withLabelNoise', () => {
  test('changes exactly the share that was asked for, reports it, and leaves the original alone', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(),
        (size, rate, seed) => {
          const clean = countingDataset(size);
          const before = copyOf(clean);
          const noisy = withLabelNoise(clean, { rate, seed });
          expect(copyOf(clean)).toEqual(before);
          const changed = [...clean.targets.data.keys()].filter((i) => clean.targets.data[i] !== noisy.targets.data[i]);
          expect([...noisy.flipped]).toEqual(changed);
          expect(changed.length).toBe(Math.round(rate * size));
          expect(noisy.inputs).toBe(clean.inputs);
        },
      ),
      { seed: 1 },
    );
  });

  test('the same seed gives the same flips, another one others', () => {
    const flips = (seed: number) => withLabelNoise(countingDataset(100), { rate: 0.3, seed }).flipped;
    expect(flips(1)).toEqual(flips(1));
    expect(flips(1)).not.toEqual(flips(2));
  });

  describe('chooses', () => {
    const clean = datasetOfSizes([0, 0, 30_000, 0, 0]);
    const newClasses = (kind: 'symmetric' | 'pair') => classSizes(withLabelNoise(clean, { rate: 1, seed: 3, kind }));
    const uniform = [0.25, 0.25, 0, 0.25, 0.25];

    test('every other class equally often', () => expectFrequencies(newClasses('symmetric'), uniform));
    test('the check would notice a fixed class', () => {
      expect(() => expectFrequencies(newClasses('pair'), uniform)).toThrow('exceeds');
    });
    test('every sample equally often', () => {
      const counts = new Int32Array(10);
      for (let seed = 0; seed < 4000; seed++) {
        for (const i of withLabelNoise(countingDataset(10), { rate: 0.1, seed }).flipped) counts[i]!++;
      }
      expectFrequencies(counts, new Array(10).fill(0.1));
    });
  });

  test('kind "pair" moves every class to the next one', () => {
    const noisy = withLabelNoise(countingDataset(6), { rate: 1, seed: 1, kind: 'pair' });
    expect([...noisy.targets.data]).toEqual([1, 2, 0, 1, 2, 0]);
  });

  test('takes the number of classes from the labels if they have no names', () => {
    const { inputs, targets } = countingDataset(30);
    const noisy = withLabelNoise(new ArrayDataset({ name: 'nameless', inputs, targets }), { rate: 1, seed: 1 });
    expect(classSizes(noisy).length).toBe(3);
  });

  test.each([
    [countingDataset(4), { rate: 1.1 }, 'rate is 1.1; it must be in [0, 1].'],
    [countingDataset(4), { rate: Number.NaN }, 'rate is NaN'],
    [countingDataset(4), { kind: 'random' as 'pair' }, 'kind is "random"'],
    [datasetOfSizes([5]), {}, 'sized has only one class'],
    [regression, {}, 'regression: targets are not class indices'],
  ])('refuses what makes no sense', (dataset, change, message) => {
    expect(() => withLabelNoise(dataset, { rate: 0.5, seed: 1, ...change })).toThrow(message);
  });
});

describe('withImbalance', () => {
  test('makes class sizes fall exponentially, as large as the classes allow', () => {
    const sizes = (available: number[], ratio: number) => [
      ...classSizes(withImbalance(datasetOfSizes(available), { ratio, seed: 1 })),
    ];
    expect(sizes([1000, 1000, 1000], 100)).toEqual([1000, 100, 10]);
    expect(sizes([1000, 50, 1000], 100)).toEqual([500, 50, 5]);
    expect(sizes([8, 9, 7], 1)).toEqual([7, 7, 7]);
    expect(sizes([10, 10, 10], 1e6)).toEqual([10, 1, 1]);
    expect(sizes([12], 5)).toEqual([12]);
  });

  test('keeps distinct samples in their order with their own classes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }),
        fc.double({ min: 1, max: 500, noNaN: true }),
        fc.nat(),
        (available, ratio, seed) => {
          const dataset = datasetOfSizes(available);
          const { inputs, targets } = withImbalance(dataset, { ratio, seed });
          expect(isAscending(inputs.data)).toBe(true);
          targets.data.forEach((label: number, i: number) => {
            expect(dataset.targets.data[inputs.data[i]!]).toBe(label);
          });
        },
      ),
      { seed: 2 },
    );
  });

  test('refuses a ratio below 1, an empty class, and targets without classes', () => {
    expect(() => withImbalance(countingDataset(9), { ratio: 0.5, seed: 1 })).toThrow('ratio is 0.5');
    expect(() => withImbalance(datasetOfSizes([3, 0, 3]), { ratio: 2, seed: 1 })).toThrow('class 1 has no samples');
    expect(() => withImbalance(regression, { ratio: 2, seed: 1 })).toThrow('not class indices');
  });
});

describe('subset', () => {
  test('takes the samples at the indices, in their order, as copies of the same type', () => {
    const dataset = countingDataset(5);
    const part = subset(dataset, [4, 0, 4]);
    expect(part.gather(new Int32Array([0, 1, 2]))).toEqual(dataset.gather(new Int32Array([4, 0, 4])));
    expect(part.inputs).toEqual({ ...dataset.inputs, data: expect.any(Uint8Array) });
    part.targets.data[0] = 2;
    expect(dataset.targets.data[4]).toBe(1);
  });

  test('chooses the given number of different samples and keeps their order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.nat(), fc.nat(), (size, raw, seed) => {
        const count = 1 + (raw % size);
        const part = subset(datasetOfSizes([size]), count, { seed });
        expect(part.size).toBe(count);
        expect(isAscending(part.inputs.data)).toBe(true);
      }),
      { seed: 1 },
    );
  });

  test('chooses every sample equally often', () => {
    const counts = new Int32Array(10);
    for (let seed = 0; seed < 4000; seed++) counts[subset(datasetOfSizes([10]), 1, { seed }).inputs.data[0]!]!++;
    expectFrequencies(counts, new Array(10).fill(0.1));
  });

  test('stratified, keeps the proportions of the classes to less than one sample', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 6 }),
        fc.nat(),
        fc.nat(),
        (sizes, raw, seed) => {
          const total = sizes.reduce((a, b) => a + b, 0);
          fc.pre(total > 0);
          const count = 1 + (raw % total);
          const part = subset(datasetOfSizes(sizes), count, { seed, stratified: true });
          expect(part.size).toBe(count);
          expect(isAscending(part.inputs.data)).toBe(true);
          classSizes(part).forEach((size, c) => {
            expect(Math.abs(size - (count * sizes[c]!) / total)).toBeLessThan(1);
          });
        },
      ),
      { seed: 3 },
    );
  });

  test('not stratified, does not keep them', () => {
    const part = subset(blobs({ size: 300, seed: 1 }), 30, { seed: 2 });
    expect([...classSizes(part)]).not.toEqual([10, 10, 10]);
  });

  test.each([
    [[], 'The number of samples is 0'],
    [[0, 5], 'indices[1] is 5; counting has samples 0 to 4.'],
    [[-1], 'indices[0] is -1'],
    [[0.5], 'indices[0] is 0.5'],
  ])('refuses the indices %j', (indices, message) => {
    expect(() => subset(countingDataset(5), indices)).toThrow(message);
  });

  test.each([
    [0, 'count is 0; it must be an integer ≥ 1.'],
    [2.5, 'count is 2.5'],
    [6, 'count is 6; counting has only 5 samples.'],
  ])('refuses the count %d', (count, message) => {
    expect(() => subset(countingDataset(5), count, { seed: 1 })).toThrow(message);
  });

  test('refuses to stratify a regression', () => {
    expect(() => subset(regression, 2, { seed: 1, stratified: true })).toThrow('not class indices');
  });
});

test('classSizes refuses targets of more than one value', () => {
  const { inputs } = countingDataset(2);
  const dataset = new ArrayDataset({ name: 'pairs', inputs, targets: { data: new Int32Array(4), shape: [2] } });
  expect(() => classSizes(dataset)).toThrow('pairs: targets have shape [2]');
});
