import { RandomGenerator } from '@gradis/samplers';
import { ArrayDataset } from './ArrayDataset.js';
import type { Dataset } from './Dataset.js';
import { requireCount } from './requireCount.js';

/** Points (x, y) in the plane with classes, and what a figure of the decision boundary needs besides. */
export interface PlaneDataset extends Dataset {
  /** Class of any point by the noiseless rule. Evaluate it on a grid over `bounds` to draw the true boundary. */
  label(x: number, y: number): number;
  /** A rectangle around all samples, with a margin of 5 % of its longer side. */
  readonly bounds: PlaneBounds;
}

/** `[lowest, highest]` of each coordinate. */
export interface PlaneBounds {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** Options of every set of points in the plane. */
export interface PlaneOptions {
  /** Number of samples N, at least one for each class. The sizes of the classes differ by at most one. */
  size: number;
  /** Seed of the random generator: same options, same points. */
  seed: number;
  /** Standard deviation of the normal noise added to each coordinate, ≥ 0. The classes stay those of the noiseless points. */
  noise?: number;
}

interface PlaneRecipe extends Required<PlaneOptions> {
  name: string;
  classes: number;
  /** A random noiseless point of this class. */
  point: (label: number, random: RandomGenerator) => readonly [number, number];
  label: (x: number, y: number) => number;
}

/** Sample i is a noisy point of class i mod `classes`. */
export function planeDataset({ name, size, seed, noise, classes, point, label }: PlaneRecipe): PlaneDataset {
  requireCount('classes', classes, 2);
  requireCount('size', size, classes);
  if (!(noise >= 0 && noise < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`noise is ${noise}; it must be a finite standard deviation ≥ 0.`);
  }
  const random = new RandomGenerator(seed);
  const points = new Float32Array(2 * size);
  const labels = Int32Array.from({ length: size }, (_, i) => i % classes);
  for (let i = 0; i < size; i++) {
    const [x, y] = point(labels[i]!, random);
    points[2 * i] = x + noise * random.normal();
    points[2 * i + 1] = y + noise * random.normal();
  }
  const dataset = new ArrayDataset({
    name,
    inputs: { data: points, shape: [2] },
    targets: { data: labels, shape: [] },
    classNames: Array.from({ length: classes }, (_, c) => String(c)),
  });
  return Object.assign(dataset, { label, bounds: boundsOf(points) });
}

function boundsOf(points: Float32Array): PlaneBounds {
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  points.forEach((value, i) => {
    low[i % 2] = Math.min(low[i % 2]!, value);
    high[i % 2] = Math.max(high[i % 2]!, value);
  });
  const margin = 0.05 * Math.max(high[0]! - low[0]!, high[1]! - low[1]!);
  return { x: [low[0]! - margin, high[0]! + margin], y: [low[1]! - margin, high[1]! + margin] };
}
