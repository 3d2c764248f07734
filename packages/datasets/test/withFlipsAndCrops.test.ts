import { expectFrequencies } from '@gradis/tooling/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ArrayDataset, type Dataset, type FlipsAndCropsOptions, withFlipsAndCrops } from '../src/index.js';
import { countingDataset } from './fixtures.js';

/** `size` images of these dimensions, no value of which occurs twice within an image, and none is 0. */
function imagesOf(size: number, [height, width, channels]: [number, number, number]): ArrayDataset {
  const stride = height * width * channels;
  return new ArrayDataset({
    name: 'images',
    inputs: {
      data: Int32Array.from({ length: size * stride }, (_, i) => 1 + i),
      shape: [height, width, channels],
      scale: 2,
      shift: -1,
    },
    targets: { data: Int32Array.from({ length: size }, (_, i) => i % 3), shape: [] },
    classNames: ['a', 'b', 'c'],
  });
}

/** All views of an image by the definition: put zeros around it, cut out a frame of the old size, mirror that or not. */
function viewsByDefinition(
  image: ArrayLike<number>,
  [height, width, channels]: [number, number, number],
  { padding, flip }: Required<Pick<FlipsAndCropsOptions, 'padding' | 'flip'>>,
): string[] {
  const padded = (y: number, x: number, channel: number) => {
    const [row, column] = [y - padding, x - padding];
    const inside = row >= 0 && row < height && column >= 0 && column < width;
    return inside ? image[(row * width + column) * channels + channel] : -1;
  };
  const views: string[] = [];
  for (const mirrored of flip ? [false, true] : [false]) {
    for (let top = 0; top <= 2 * padding; top++) {
      for (let left = 0; left <= 2 * padding; left++) {
        const values: (number | undefined)[] = [];
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            const column = left + (mirrored ? width - 1 - x : x);
            for (let channel = 0; channel < channels; channel++) values.push(padded(top + y, column, channel));
          }
        }
        views.push(String(values));
      }
    }
  }
  return views;
}

const imageOf = (dataset: Dataset, index: number, view?: number) =>
  String(dataset.gather(Int32Array.of(index), undefined, view).inputs.data);

describe('withFlipsAndCrops', () => {
  const shapes = fc.tuple(
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 1, max: 4 }),
  );

  test('gives one of the views that the definition allows, for any shape, and the target of the sample', () => {
    fc.assert(
      fc.property(shapes, fc.nat(4), fc.boolean(), fc.nat(), fc.nat(), (shape, most, flip, seed, view) => {
        const padding = Math.min(most, shape[0] - 1, shape[1] - 1);
        const plain = imagesOf(4, shape);
        const batch = withFlipsAndCrops(plain, { seed, padding, flip }).gather(Int32Array.of(3, 1, 3), undefined, view);
        const { data, shape: batchShape } = batch.inputs;
        expect(batchShape).toEqual([3, ...shape]);
        expect([...batch.targets.data]).toEqual([0, 1, 0]);
        [3, 1, 3].forEach((index, k) => {
          const own = data.slice((k * data.length) / 3, ((k + 1) * data.length) / 3);
          const allowed = viewsByDefinition(plain.gather(Int32Array.of(index)).inputs.data, shape, { padding, flip });
          expect(allowed).toContain(String(own));
        });
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  describe('draws', () => {
    const shape: [number, number, number] = [4, 5, 3];
    const plain = imagesOf(2000, shape);
    const countViews = (options: FlipsAndCropsOptions, draws: number, at: (draw: number) => [number, number]) => {
      const dataset = withFlipsAndCrops(plain, options);
      const all = { padding: 2, flip: true };
      const counts = new Int32Array(50);
      for (let draw = 0; draw < draws; draw++) {
        const [index, view] = at(draw);
        const image = plain.gather(Int32Array.of(index)).inputs.data;
        counts[viewsByDefinition(image, shape, all).indexOf(imageOf(dataset, index, view))]!++;
      }
      return counts;
    };
    const even = new Array(50).fill(1 / 50);

    test('every view equally often, over the samples of a batch', () => {
      expectFrequencies(
        countViews({ seed: 1, padding: 2 }, 2000, (i) => [i, 7]),
        even,
      );
    });
    test('every view equally often, over the views of a sample', () => {
      expectFrequencies(
        countViews({ seed: 1, padding: 2 }, 2000, (i) => [7, i]),
        even,
      );
    });
    test('every view equally often, over the seeds', () => {
      const dataset = (seed: number) => withFlipsAndCrops(plain, { seed, padding: 2 });
      const allowed = viewsByDefinition(plain.gather(Int32Array.of(3)).inputs.data, shape, { padding: 2, flip: true });
      const counts = new Int32Array(50);
      for (let seed = 0; seed < 2000; seed++) counts[allowed.indexOf(imageOf(dataset(seed), 3, 5))]!++;
      expectFrequencies(counts, even);
    });
    test('the check would notice views that are never mirrored, and shifts that are too short', () => {
      const unmirrored = countViews({ seed: 1, padding: 2, flip: false }, 2000, (i) => [i, 7]);
      expect(() => expectFrequencies(unmirrored, even)).toThrow('exceeds');
      const short = countViews({ seed: 1, padding: 1 }, 2000, (i) => [i, 7]);
      expect(() => expectFrequencies(short, even)).toThrow('exceeds');
    });
  });

  describe('draws independently', () => {
    // Two images that differ in one bit: mirrored or not.
    const plain = imagesOf(4001, [1, 2, 1]);
    const dataset = withFlipsAndCrops(plain, { seed: 3, padding: 0 });
    const mirrored = (index: number, view: number) => Number(imageOf(dataset, index, view) !== imageOf(plain, index));
    const countPairs = (second: (i: number) => [number, number]) => {
      const counts = new Int32Array(4);
      for (let i = 0; i < 4000; i++) counts[2 * mirrored(i, 9) + mirrored(...second(i))]!++;
      return counts;
    };
    const even = new Array(4).fill(1 / 4);

    test('for neighbours in the data set', () =>
      expectFrequencies(
        countPairs((i) => [i + 1, 9]),
        even,
      ));
    test('for one sample in consecutive views', () =>
      expectFrequencies(
        countPairs((i) => [i, 10]),
        even,
      ));
    test('for one number under index and view', () =>
      expectFrequencies(
        countPairs((i) => [9, i]),
        even,
      ));
    test('the check would notice that two are the same', () => {
      expect(() =>
        expectFrequencies(
          countPairs((i) => [i, 9]),
          even,
        ),
      ).toThrow('exceeds');
    });
  });

  test('gives the same view of a sample for the same number and seed, whatever the batch', () => {
    const plain = imagesOf(50, [6, 6, 3]);
    const dataset = withFlipsAndCrops(plain, { seed: 1 });
    const indices = Int32Array.from({ length: 50 }, (_, i) => 49 - i);
    const batch = dataset.gather(indices, undefined, 12);
    indices.forEach((index, k) => {
      expect(String(batch.inputs.data.subarray(108 * k, 108 * (k + 1)))).toBe(imageOf(dataset, index, 12));
    });
    expect(withFlipsAndCrops(plain, { seed: 1 }).gather(indices, undefined, 12)).toEqual(batch);
    expect(withFlipsAndCrops(plain, { seed: 2 }).gather(indices, undefined, 12)).not.toEqual(batch);
    expect(dataset.gather(indices, undefined, 13)).not.toEqual(batch);
  });

  test('without a number gives the samples as they are', () => {
    const plain = imagesOf(5, [6, 6, 3]);
    const indices = Int32Array.of(4, 0, 4);
    expect(withFlipsAndCrops(plain, { seed: 1 }).gather(indices)).toEqual(plain.gather(indices));
  });

  test('overwrites a batch from an earlier call', () => {
    const dataset = withFlipsAndCrops(imagesOf(5, [6, 6, 3]), { seed: 1 });
    const batch = dataset.gather(Int32Array.of(0, 1), undefined, 1);
    const { data } = batch.inputs;
    expect(dataset.gather(Int32Array.of(3, 4), batch, 2)).toBe(batch);
    expect(batch.inputs.data).toBe(data);
    expect(batch).toEqual(dataset.gather(Int32Array.of(3, 4), undefined, 2));
  });

  test.each([
    [countingDataset(3), {}, 'counting: inputs have shape [2,3]; images have the shape [height, width, channels].'],
    [
      imagesOf(1, [8, 4, 3]),
      { padding: 4 },
      'padding is 4; for images of 8 × 4 it must be less than the shorter side.',
    ],
    [imagesOf(1, [8, 8, 3]), { padding: 1.5 }, 'padding is 1.5; it must be an integer ≥ 0.'],
    [imagesOf(1, [8, 8, 3]), { seed: 0.5 }, 'seed is 0.5'],
  ])('refuses what makes no sense', (dataset, change, message) => {
    expect(() => withFlipsAndCrops(dataset, { seed: 1, ...change })).toThrow(message);
  });

  test.each([-1, 0.5, Number.NaN])('refuses view %d and leaves the batch as it was', (view) => {
    const dataset = withFlipsAndCrops(imagesOf(2, [8, 8, 3]), { seed: 1 });
    const batch = dataset.gather(Int32Array.of(0), undefined, 1);
    const before = structuredClone(batch);
    expect(() => dataset.gather(Int32Array.of(1), batch, view)).toThrow(`view is ${view}; it must be an integer ≥ 0.`);
    expect(batch).toEqual(before);
  });
});
