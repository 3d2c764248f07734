/** Positions of the `count` largest values, the largest first; of equal values the earlier one comes first. */
export function highest(values: ArrayLike<number>, count: number): Int32Array {
  const positions = Int32Array.from({ length: values.length }, (_, k) => k);
  positions.sort((a, b) => values[b] - values[a] || a - b);
  return positions.slice(0, count);
}
