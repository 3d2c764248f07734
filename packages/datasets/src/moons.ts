import { type PlaneDataset, type PlaneOptions, planeDataset } from './planeDataset.js';

/**
 * Two interleaved half circles of radius 1.
 *
 * Class 0 is (cos t, sin t), class 1 is (1 − cos t, ½ − sin t), t uniform in [0, π).
 * The noiseless rule gives a point the class of the nearer half circle.
 *
 * @param options `size`, `seed`, and `noise` (standard deviation, 0.1 by default).
 * @throws RangeError if an option is out of range.
 *
 * @example
 * ```ts
 * import { moons } from '@gradis/datasets';
 *
 * const dataset = moons({ size: 200, seed: 1, noise: 0.05 });
 * console.log(dataset.inputs.shape, dataset.label(0, 1), dataset.label(1, -0.5)); // → [ 2 ] 0 1
 * ```
 */
export function moons({ size, seed, noise = 0.1 }: PlaneOptions): PlaneDataset {
  return planeDataset({
    name: 'moons',
    size,
    seed,
    noise,
    classes: 2,
    point: (label, random) => {
      const t = Math.PI * random.uniform();
      const [x, y] = [Math.cos(t), Math.sin(t)];
      return label === 0 ? [x, y] : mirror(x, y);
    },
    label: (x, y) => (distanceToUpperMoon(x, y) <= distanceToUpperMoon(...mirror(x, y)) ? 0 : 1),
  });
}

/** Exchanges the two moons: the point reflection at (½, ¼). */
function mirror(x: number, y: number): [number, number] {
  return [1 - x, 0.5 - y];
}

/** Distance to the half circle x² + y² = 1, y ≥ 0: below it, to the nearer one of its ends. */
function distanceToUpperMoon(x: number, y: number): number {
  return y >= 0 ? Math.abs(Math.hypot(x, y) - 1) : Math.hypot(Math.abs(x) - 1, y);
}
