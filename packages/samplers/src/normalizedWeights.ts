/** The weights `(1/(N P))^β`, divided by the largest of them: that of the smallest P, and N cancels out. */
export function normalizedWeights(probabilities: Float64Array, exponent: number): Float32Array {
  let smallest = 1;
  for (const probability of probabilities) smallest = Math.min(smallest, probability);
  return Float32Array.from(probabilities, (probability) => (smallest / probability) ** exponent);
}
