import { RandomGenerator } from '@gradis/samplers';
import { classLabels, countClasses } from './classLabels.js';
import type { Dataset } from './Dataset.js';
import { pickPerClass } from './pick.js';
import { takeSamples } from './takeSamples.js';

/** Options of {@link withImbalance}. */
export interface ImbalanceOptions {
  /** Size of the first class ÷ size of the last one, ≥ 1. */
  ratio: number;
  /** Seed of the random generator: same seed, same samples. */
  seed: number;
}

/**
 * A long-tailed subset, whose class sizes fall exponentially from the first class to the last.
 *
 * Class c of C keeps n · ratio^(−c / (C − 1)) samples, rounded and at least 1, chosen uniformly without replacement;
 * n is the largest number for which every class has enough. The samples stay in their order.
 *
 * @param dataset Its targets must be class indices of shape []; every class must have samples.
 * @throws RangeError if the ratio is below 1 or a class is empty; TypeError if the targets are not class indices.
 *
 * Cui et al., Class-Balanced Loss Based on Effective Number of Samples, CVPR 2019, section 5.1.
 *
 * @example
 * ```ts
 * import { blobs, classSizes, withImbalance } from '@gradis/datasets';
 *
 * const longTail = withImbalance(blobs({ size: 3000, seed: 1, classes: 3 }), { ratio: 100, seed: 2 });
 * console.log(classSizes(longTail)); // → Int32Array(3) [ 1000, 100, 10 ]
 * ```
 */
export function withImbalance(dataset: Dataset, { ratio, seed }: ImbalanceOptions): Dataset {
  if (!(ratio >= 1 && ratio < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`ratio is ${ratio}; it must be finite and ≥ 1.`);
  }
  const { labels, classes } = classLabels(dataset);
  const available = countClasses(labels, classes);
  const empty = available.indexOf(0);
  if (empty >= 0) throw new RangeError(`${dataset.name}: class ${empty} has no samples; every class must have some.`);

  const shares = Array.from(available, (_, c) => ratio ** (-c / Math.max(1, classes - 1)));
  const largest = Math.min(...shares.map((share, c) => available[c]! / share));
  const sizes = shares.map((share) => Math.max(1, Math.round(largest * share)));
  const kept = pickPerClass(labels, sizes, new RandomGenerator(seed));
  return takeSamples(dataset, kept, `imbalance-${ratio}`);
}
