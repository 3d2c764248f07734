import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ArrayDataset, type ArrayDatasetOptions, type Field } from '../src/index.js';
import { countingDataset } from './fixtures.js';

const labels = (...data: number[]): Field => ({ data: new Int32Array(data), shape: [] });

/** Reads one value by the definition of a field. */
const valueAt = ({ data, scale = 1, shift = 0 }: Field, i: number) => Math.fround(data[i]! * scale + shift);

describe('gather', () => {
  test('copies the samples in the order of the indices, repetitions included', () => {
    const { inputs, targets } = countingDataset(5).gather(new Int32Array([4, 1, 4]));
    expect(inputs.shape).toEqual([3, 2, 3]);
    expect(inputs.data).toEqual(
      Float32Array.from([24, 25, 26, 27, 28, 29, 6, 7, 8, 9, 10, 11, 24, 25, 26, 27, 28, 29], (v) => v * 0.5 - 1),
    );
    expect(targets).toEqual({ data: new Int32Array([1, 1, 1]), shape: [3] });
  });

  test('agrees with the definition for every array type, row length, scale and shift', () => {
    const field = fc.record({
      Values: fc.constantFrom(Uint8Array, Int32Array, Float32Array),
      shape: fc.constantFrom<number[][]>([], [1], [3], [4, 8], [33], [5, 4, 3]),
      scale: fc.constantFrom(undefined, 1, 1 / 255, -2),
      shift: fc.constantFrom(undefined, 0, 0.25),
    });
    const build = (
      { Values, ...rest }: typeof field extends fc.Arbitrary<infer T> ? T : never,
      size: number,
    ): Field => {
      const length = size * rest.shape.reduce((product, dimension) => product * dimension, 1);
      return { data: new Values(Array.from({ length }, (_, i) => (i * 37) % 256)), ...rest };
    };
    fc.assert(
      fc.property(
        field,
        field,
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        (a, b, size, raw) => {
          const dataset = new ArrayDataset({ name: 'any', inputs: build(a, size), targets: build(b, size) });
          const indices = Int32Array.from(raw, (i) => i % size);
          const batch = dataset.gather(indices);
          for (const part of ['inputs', 'targets'] as const) {
            const stride = dataset[part].shape.reduce((x, y) => x * y, 1);
            const expected = [...indices].flatMap((i) =>
              Array.from({ length: stride }, (_, k) => valueAt(dataset[part], i * stride + k)),
            );
            expect(batch[part].shape).toEqual([indices.length, ...dataset[part].shape]);
            expect(batch[part].data.length).toBe(expected.length);
            expected.forEach((value, k) => {
              expect(batch[part].data[k]).toBeCloseTo(value, 4);
            });
          }
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  test('gives inputs as floats, and targets as integers only if they are stored as integers and not scaled', () => {
    const typeOf = (targets: Field) => {
      const inputs = { data: new Uint8Array([7, 9]), shape: [] };
      const batch = new ArrayDataset({ name: 'd', inputs, targets }).gather(new Int32Array([0]));
      return [batch.inputs.data.constructor, batch.targets.data.constructor];
    };
    expect(typeOf({ data: new Uint8Array(2), shape: [] })).toEqual([Float32Array, Int32Array]);
    expect(typeOf(labels(-1, 5))).toEqual([Float32Array, Int32Array]);
    expect(typeOf({ ...labels(1, 2), scale: 1 })).toEqual([Float32Array, Float32Array]);
    expect(typeOf({ ...labels(1, 2), shift: 0.5 })).toEqual([Float32Array, Float32Array]);
    expect(typeOf({ data: new Float32Array(2), shape: [] })).toEqual([Float32Array, Float32Array]);
  });

  test('reuses the arrays of a given batch where the length fits, and replaces them where it does not', () => {
    const dataset = countingDataset(9);
    const batch = dataset.gather(new Int32Array([0, 1]));
    const { data } = batch.inputs;
    expect(dataset.gather(new Int32Array([5, 3]), batch)).toBe(batch);
    expect(batch.inputs.data).toBe(data);
    expect(batch).toEqual(dataset.gather(new Int32Array([5, 3])));
    dataset.gather(new Int32Array([8]), batch);
    expect(batch).toEqual(dataset.gather(new Int32Array([8])));
    expect(batch.inputs.data).not.toBe(data);
  });

  test.each([[-1], [5]])('refuses index %i of five samples and leaves the given batch alone', (index) => {
    const dataset = countingDataset(5);
    const batch = dataset.gather(new Int32Array([0, 1]));
    expect(() => dataset.gather(new Int32Array([2, index]), batch)).toThrow(
      `indices[1] is ${index}; counting has samples 0 to 4.`,
    );
    expect(batch).toEqual(dataset.gather(new Int32Array([0, 1])));
  });
});

describe('a data set refuses', () => {
  const good: ArrayDatasetOptions = {
    name: 'd',
    inputs: { data: new Float32Array(6), shape: [3] },
    targets: labels(0, 1),
    classNames: ['x', 'y'],
  };
  test('nothing when all is well', () => expect(new ArrayDataset(good).size).toBe(2));

  const cases: [string, Partial<ArrayDatasetOptions>, string][] = [
    [
      'a length that is no multiple of the shape',
      { inputs: { data: new Float32Array(7), shape: [3] } },
      'd: inputs.data holds 7 values',
    ],
    ['no samples', { inputs: { data: new Float32Array(0), shape: [3] } }, 'd: inputs.data holds 0 values'],
    ['different numbers of samples', { targets: labels(0, 1, 0) }, 'd: inputs hold 2 samples and targets 3'],
    ['a dimension of zero', { inputs: { data: new Float32Array(6), shape: [3, 0] } }, 'd: inputs.shape[1] is 0'],
    [
      'a value that is not finite',
      { inputs: { data: new Float32Array([0, 0, 0, Number.NaN, 0, 0]), shape: [3] } },
      'd: inputs.data[3] is NaN',
    ],
    [
      'a scale that is not finite',
      { inputs: { data: new Float32Array(6), shape: [3], scale: 1 / 0 } },
      'd: inputs.scale is Infinity',
    ],
    [
      'a shift that is not finite',
      { inputs: { data: new Float32Array(6), shape: [3], shift: Number.NaN } },
      'd: inputs.shift is NaN',
    ],
    ['a class beyond the names', { targets: labels(0, 2) }, 'd: targets.data[1] is 2; with 2 classes'],
    ['a negative class', { targets: labels(-1, 0) }, 'd: targets.data[0] is -1'],
    [
      'class names for floats',
      { targets: { data: new Float32Array(2), shape: [] } },
      'd: targets are not class indices',
    ],
    ['class names for scaled integers', { targets: { ...labels(0, 1), scale: 2 } }, 'd: targets are not class indices'],
    [
      'an array of another type',
      { inputs: { data: new Float64Array(6) as unknown as Float32Array, shape: [3] } },
      'd: inputs.data must be',
    ],
  ];
  test.each(cases)('%s', (_, change, message) => {
    expect(() => new ArrayDataset({ ...good, ...change })).toThrow(message);
  });
});
