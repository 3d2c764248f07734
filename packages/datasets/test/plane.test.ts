import { expectFrequencies, normalBound } from '@gradis/tooling/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blobs, classSizes, moons, type PlaneDataset, type PlaneOptions, spirals } from '../src/index.js';

const SETS: [string, number, (options: PlaneOptions) => PlaneDataset][] = [
  ['moons', 2, moons],
  ['spirals', 2, spirals],
  ['spirals of five arms', 5, (options) => spirals({ ...options, arms: 5, turns: 0.7 })],
  ['blobs', 3, blobs],
  ['blobs of seven classes', 7, (options) => blobs({ ...options, classes: 7 })],
];

const pointsOf = ({ inputs, targets }: PlaneDataset) =>
  Array.from(targets.data, (label, i) => ({ x: inputs.data[2 * i]!, y: inputs.data[2 * i + 1]!, label }));

describe.each(SETS)('%s', (_, classes, make) => {
  test('without noise, the rule gives every sample its class', () => {
    const dataset = make({ size: 2000, seed: 1, noise: 0 });
    for (const { x, y, label } of pointsOf(dataset)) expect(dataset.label(x, y)).toBe(label);
  });

  test('a little noise leaves most samples on their side of the boundary, much noise does not', () => {
    const wrong = (noise: number) => {
      const dataset = make({ size: 2000, seed: 2, noise });
      return pointsOf(dataset).filter(({ x, y, label }) => dataset.label(x, y) !== label).length / dataset.size;
    };
    expect(wrong(0.01)).toBeLessThan(0.01);
    expect(wrong(1)).toBeGreaterThan(0.2);
  });

  test('classes are as large as each other, to one sample', () => {
    const sizes = classSizes(make({ size: 101, seed: 3 }));
    expect(sizes.length).toBe(classes);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    expect(sizes.reduce((a, b) => a + b)).toBe(101);
  });

  test('the same seed gives the same points, another one others', () => {
    const points = (seed: number) => make({ size: 50, seed }).inputs.data;
    expect(points(4)).toEqual(points(4));
    expect(points(4)).not.toEqual(points(5));
  });

  test('bounds contain every sample and no more than a margin', () => {
    const dataset = make({ size: 300, seed: 6 });
    const points = pointsOf(dataset);
    for (const axis of ['x', 'y'] as const) {
      const values = points.map((point) => point[axis]);
      const [low, high] = dataset.bounds[axis];
      const width = Math.max(...values) - Math.min(...values);
      expect(low).toBeLessThan(Math.min(...values));
      expect(high).toBeGreaterThan(Math.max(...values));
      expect(high - low).toBeLessThan(1.3 * width);
    }
  });

  test('the rule gives every point of the plane one of the classes', () => {
    const { label } = make({ size: 20, seed: 7 });
    const coordinate = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(
        coordinate,
        coordinate,
        (x, y) => Number.isInteger(label(x, y)) && label(x, y) >= 0 && label(x, y) < classes,
      ),
      { seed: 8 },
    );
  });

  test.each([
    [{ size: 1 }, `size is 1; it must be an integer ≥ ${classes}`],
    [{ size: 10.5 }, 'size is 10.5'],
    [{ noise: -0.1 }, 'noise is -0.1'],
    [{ noise: Number.NaN }, 'noise is NaN'],
  ])('refuses %j', (change, message) => {
    expect(() => make({ size: 20, seed: 1, ...change })).toThrow(message);
  });
});

test('the rule of moons is that of the nearer half circle, found by search', () => {
  const { label } = moons({ size: 2, seed: 1 });
  const angles = Array.from({ length: 2001 }, (_, i) => (Math.PI * i) / 2000);
  const distances = (x: number, y: number) => [
    Math.min(...angles.map((t) => Math.hypot(x - Math.cos(t), y - Math.sin(t)))),
    Math.min(...angles.map((t) => Math.hypot(x - 1 + Math.cos(t), y - 0.5 + Math.sin(t)))),
  ];
  const coordinate = fc.double({ min: -2, max: 3, noNaN: true });
  fc.assert(
    fc.property(coordinate, coordinate, (x, y) => {
      const [upper, lower] = distances(x, y) as [number, number];
      fc.pre(Math.abs(upper - lower) > 1e-3);
      expect(label(x, y)).toBe(upper < lower ? 0 : 1);
    }),
    { seed: 9, numRuns: 200 },
  );
});

test('the rule of blobs is that of the nearest centre, found by search', () => {
  const { label } = blobs({ size: 5, seed: 1, classes: 5 });
  const centres = Array.from({ length: 5 }, (_, c) => [
    Math.cos((2 * Math.PI * c) / 5),
    Math.sin((2 * Math.PI * c) / 5),
  ]);
  const coordinate = fc.double({ min: -2, max: 2, noNaN: true });
  fc.assert(
    fc.property(coordinate, coordinate, (x, y) => {
      const distances = centres.map(([cx, cy]) => Math.hypot(x - cx!, y - cy!));
      const [first, second] = distances.toSorted((a, b) => a - b) as [number, number];
      fc.pre(second - first > 1e-6);
      expect(label(x, y)).toBe(distances.indexOf(first));
    }),
    { seed: 10, numRuns: 300 },
  );
});

describe('noise', () => {
  /** Throws unless the mean square of n normal deviates agrees with σ²; its standard error is σ² √(2/n). */
  const expectDeviation = (deviates: number[], sigma: number) => {
    const meanSquare = deviates.reduce((sum, value) => sum + value * value, 0) / deviates.length;
    const tolerance = normalBound() * sigma ** 2 * Math.sqrt(2 / deviates.length);
    expect(Math.abs(meanSquare - sigma ** 2)).toBeLessThan(tolerance);
  };
  const deviates = pointsOf(blobs({ size: 40_000, seed: 11, noise: 0.3, classes: 4 })).flatMap(({ x, y, label }) => [
    x - Math.cos((Math.PI * label) / 2),
    y - Math.sin((Math.PI * label) / 2),
  ]);

  test('has the standard deviation that was asked for', () => expectDeviation(deviates, 0.3));
  test('the check would notice 5 % too much', () => expect(() => expectDeviation(deviates, 0.3 / 1.05)).toThrow());
});

describe('spirals', () => {
  const countsByRing = ({ inputs }: PlaneDataset, power: number) => {
    const counts = new Int32Array(10);
    for (let i = 0; i < inputs.data.length; i += 2) {
      const area = (Math.hypot(inputs.data[i]!, inputs.data[i + 1]!) ** power - 0.1 ** power) / (1 - 0.1 ** power);
      counts[Math.min(9, Math.max(0, Math.floor(10 * area)))]!++;
    }
    return counts;
  };
  const dataset = spirals({ size: 20_000, seed: 12, noise: 0 });
  const even = new Array(10).fill(0.1);

  test('are even over the area', () => expectFrequencies(countsByRing(dataset, 2), even));
  test('the check would notice points that are even along the radius', () => {
    expect(() => expectFrequencies(countsByRing(dataset, 1), even)).toThrow('exceeds');
  });
  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuse %d turns', (turns) => {
    expect(() => spirals({ size: 10, seed: 1, turns })).toThrow(`turns is ${turns}`);
  });
  test('refuse a single arm', () => {
    expect(() => spirals({ size: 10, seed: 1, arms: 1 })).toThrow('classes is 1; it must be an integer ≥ 2');
  });
});
