import { type PlaneDataset, type PlaneOptions, planeDataset } from './planeDataset.js';

/** Options of {@link blobs}. */
export interface BlobsOptions extends PlaneOptions {
  /** Number of blobs, each a class, ≥ 2. */
  classes?: number;
}

/**
 * Normal clouds of equal size around centres that stand evenly on the unit circle, one for each class.
 *
 * Centre c is (cos φ, sin φ), φ = 2π c / classes. The noiseless rule gives a point the class of the nearest centre, which
 * is also the best possible classifier of the noisy points.
 *
 * @param options `size`, `seed`, `noise` (0.25 by default) and `classes` (3).
 * @throws RangeError if an option is out of range.
 *
 * @example
 * ```ts
 * import { blobs } from '@gradis/datasets';
 *
 * const dataset = blobs({ size: 100, seed: 1, classes: 4 });
 * console.log(dataset.size, dataset.label(0, 0.9), dataset.label(-0.9, 0)); // → 100 1 2
 * ```
 */
export function blobs({ size, seed, noise = 0.25, classes = 3 }: BlobsOptions): PlaneDataset {
  return planeDataset({
    name: 'blobs',
    size,
    seed,
    noise,
    classes,
    point: (label) => {
      const angle = (2 * Math.PI * label) / classes;
      return [Math.cos(angle), Math.sin(angle)];
    },
    label: (x, y) => {
      const turn = Math.atan2(y, x) / (2 * Math.PI) + 1;
      return Math.round(turn * classes) % classes;
    },
  });
}
