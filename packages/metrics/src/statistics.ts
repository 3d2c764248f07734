/** Mean Σx/n. @throws If there are no values. */
export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('values is empty; a mean needs at least one value.');
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard deviation √(Σ(x − mean)²/(n − 1)). @throws If there are fewer than two values. */
export function sampleStandardDeviation(values: readonly number[]): number {
  if (values.length < 2) {
    throw new RangeError(`values has length ${values.length}; a standard deviation needs at least two values.`);
  }
  const center = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1));
}
