import { type PlaneDataset, type PlaneOptions, planeDataset } from './planeDataset.js';

/** Options of {@link spirals}. */
export interface SpiralsOptions extends PlaneOptions {
  /** Number of arms, each a class, ≥ 2. */
  arms?: number;
  /** How often an arm winds around the origin up to radius 1, > 0. */
  turns?: number;
}

/** Arms begin at this radius; closer to the origin they could not be told apart. */
const INNER_RADIUS = 0.1;

/**
 * Interleaved Archimedean spirals in the unit disc, one for each class.
 *
 * Arm c is r · (cos φ, sin φ) with φ = 2π (turns · r + c / arms), r in [0.1, 1), its density even over the area.
 * The noiseless rule gives a point the class of the arm that is nearest in angle at the point's radius.
 *
 * @param options `size`, `seed`, `noise` (0.02 by default), `arms` (2) and `turns` (1.5).
 * @throws RangeError if an option is out of range.
 *
 * @example
 * ```ts
 * import { spirals } from '@gradis/datasets';
 *
 * const dataset = spirals({ size: 300, seed: 1, arms: 3, turns: 1 });
 * console.log(dataset.classNames, dataset.label(1, 0), dataset.label(-0.5, 0)); // → [ '0', '1', '2' ] 0 0
 * ```
 */
export function spirals({ size, seed, noise = 0.02, arms = 2, turns = 1.5 }: SpiralsOptions): PlaneDataset {
  if (!(turns > 0 && turns < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`turns is ${turns}; it must be finite and > 0.`);
  }
  return planeDataset({
    name: 'spirals',
    size,
    seed,
    noise,
    classes: arms,
    point: (label, random) => {
      const inner = INNER_RADIUS ** 2;
      const radius = Math.sqrt(inner + (1 - inner) * random.uniform());
      const angle = 2 * Math.PI * (turns * radius + label / arms);
      return [radius * Math.cos(angle), radius * Math.sin(angle)];
    },
    label: (x, y) => {
      const winding = Math.atan2(y, x) / (2 * Math.PI) - turns * Math.hypot(x, y);
      const fraction = winding - Math.floor(winding);
      return Math.round(fraction * arms) % arms;
    },
  });
}
