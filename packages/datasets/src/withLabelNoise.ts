import { RandomGenerator } from '@gradis/samplers';
import { ArrayDataset } from './ArrayDataset.js';
import { classLabels } from './classLabels.js';
import type { Dataset } from './Dataset.js';
import { pick, range } from './pick.js';

/** Options of {@link withLabelNoise}. */
export interface LabelNoiseOptions {
  /** Share of the samples that get a wrong class, in [0, 1]. */
  rate: number;
  /** Seed of the random generator: same seed, same flips. */
  seed: number;
  /** `symmetric`: any other class, uniformly. `pair`: always the next class, and the first after the last. */
  kind?: 'symmetric' | 'pair';
}

/** A data set with wrong classes, which knows where. */
export interface NoisyDataset extends Dataset {
  /** Samples whose class was changed, in ascending order. [round(rate · N)] */
  readonly flipped: Int32Array;
}

/**
 * A copy in which some samples have a wrong class; the inputs are shared with the original.
 *
 * Exactly round(rate · N) samples are chosen uniformly without replacement, and each of them gets another class.
 *
 * @param dataset Its targets must be class indices of shape [], of at least two classes.
 * @throws RangeError if the rate is outside [0, 1]; TypeError if the targets are not class indices.
 *
 * @example
 * ```ts
 * import { moons, withLabelNoise } from '@gradis/datasets';
 *
 * const clean = moons({ size: 100, seed: 1 });
 * const noisy = withLabelNoise(clean, { rate: 0.2, seed: 2 });
 * console.log(noisy.flipped.length, noisy.flipped.every((i) => noisy.targets.data[i] !== clean.targets.data[i])); // → 20 true
 * ```
 */
export function withLabelNoise(dataset: Dataset, { rate, seed, kind = 'symmetric' }: LabelNoiseOptions): NoisyDataset {
  if (!(rate >= 0 && rate <= 1)) throw new RangeError(`rate is ${rate}; it must be in [0, 1].`);
  if (kind !== 'symmetric' && kind !== 'pair') throw new RangeError(`kind is "${kind}"; it must be symmetric or pair.`);
  const { labels, classes } = classLabels(dataset);
  if (classes < 2) throw new RangeError(`${dataset.name} has only one class; label noise needs at least two.`);

  const random = new RandomGenerator(seed);
  const flipped = pick(range(dataset.size), Math.round(rate * dataset.size), random);
  const noisy = labels.slice();
  for (const i of flipped) {
    const step = kind === 'pair' ? 1 : 1 + random.integer(classes - 1);
    noisy[i] = (labels[i]! + step) % classes;
  }
  const { inputs, targets, classNames } = dataset;
  return Object.assign(
    new ArrayDataset({
      name: `${dataset.name}/label-noise-${rate}`,
      inputs,
      targets: { ...targets, data: noisy },
      classNames,
    }),
    { flipped },
  );
}
