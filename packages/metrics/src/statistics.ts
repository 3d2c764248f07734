/**
 * Mean `Σx/n`.
 *
 * @param values Numbers. [n], n ≥ 1
 * @returns Their mean, in their unit.
 * @throws RangeError if there are no values.
 *
 * @example
 * ```ts
 * import { mean } from '@gradis/metrics';
 *
 * console.log(mean([2, 4, 9])); // → 5
 * ```
 */
export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('values is empty; a mean needs at least one value.');
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Standard deviation `√(Σ(x − mean)²/(n − 1))` of the population from which the values are a sample.
 *
 * @param values Numbers. [n], n ≥ 2
 * @returns A number ≥ 0, in the unit of the values.
 * @throws RangeError if there are fewer than two values.
 *
 * @example
 * ```ts
 * import { sampleStandardDeviation } from '@gradis/metrics';
 *
 * console.log(sampleStandardDeviation([1, 3, 5])); // → 2
 * ```
 */
export function sampleStandardDeviation(values: readonly number[]): number {
  if (values.length < 2) {
    throw new RangeError(`values has length ${values.length}; a standard deviation needs at least two values.`);
  }
  const center = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1));
}
