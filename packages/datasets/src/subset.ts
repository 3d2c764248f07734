import { RandomGenerator } from '@gradis/samplers';
import { classLabels, countClasses } from './classLabels.js';
import type { Dataset } from './Dataset.js';
import { pick, pickPerClass, range } from './pick.js';
import { requireCount } from './requireCount.js';
import { takeSamples } from './takeSamples.js';

/** Options of {@link subset} when it chooses the samples itself. */
export interface SubsetOptions {
  /** Seed of the random generator: same seed, same samples. */
  seed: number;
  /** Keeps the proportions of the classes, each to less than one sample. */
  stratified?: boolean;
}

/**
 * Some samples of a data set, as a data set of its own with copied arrays.
 *
 * Given indices, sample i of the subset is sample `indices[i]`; repetitions are allowed. Given a count, that many
 * different samples are chosen uniformly, or with `stratified` uniformly within each class, and stay in their order.
 *
 * @param which Indices in [0, N), or how many samples to choose, in [1, N].
 * @throws RangeError if an index or the count is out of range; TypeError if `stratified` and there are no class indices.
 *
 * @example
 * ```ts
 * import { classSizes, moons, subset } from '@gradis/datasets';
 *
 * const dataset = moons({ size: 1000, seed: 1 });
 * console.log(subset(dataset, [5, 0, 2]).targets.data); // → Int32Array(3) [ 1, 0, 0 ]
 * console.log(classSizes(subset(dataset, 100, { seed: 2, stratified: true }))); // → Int32Array(2) [ 50, 50 ]
 * ```
 */
export function subset(dataset: Dataset, which: ArrayLike<number>): Dataset;
export function subset(dataset: Dataset, which: number, options: SubsetOptions): Dataset;
export function subset(dataset: Dataset, which: ArrayLike<number> | number, options?: SubsetOptions): Dataset {
  const indices = typeof which === 'number' ? choose(dataset, which, options!) : which;
  return takeSamples(dataset, indices, `subset-${indices.length}`);
}

function choose(dataset: Dataset, count: number, { seed, stratified = false }: SubsetOptions): Int32Array {
  requireCount('count', count, 1);
  if (count > dataset.size) {
    throw new RangeError(`count is ${count}; ${dataset.name} has only ${dataset.size} samples.`);
  }
  const random = new RandomGenerator(seed);
  if (!stratified) return pick(range(dataset.size), count, random);
  const { labels, classes } = classLabels(dataset);
  return pickPerClass(labels, apportion(count, countClasses(labels, classes)), random);
}

/** Splits `count` in proportion to `sizes` by the method of largest remainders, so that no share exceeds its size. */
function apportion(count: number, sizes: Int32Array): Int32Array {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const quotas = Array.from(sizes, (size) => (count * size) / total);
  const shares = Int32Array.from(quotas, Math.floor);
  const missing = count - shares.reduce((sum, share) => sum + share, 0);
  const byRemainder = [...quotas.keys()].sort((a, b) => quotas[b]! - shares[b]! - (quotas[a]! - shares[a]!));
  for (const c of byRemainder.slice(0, missing)) shares[c]!++;
  return shares;
}
