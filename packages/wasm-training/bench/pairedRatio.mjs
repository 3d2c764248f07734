/** Median of some numbers, the upper one of the two in the middle; NaN of none. */
export function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/**
 * Compares two that took turns: what slows both alike cancels.
 *
 * @param {number[]} times one for each turn
 * @param {number[]} baseline turns that the other has not made are left out
 * @returns median of the ratios in the same turn and half the distance between their quartiles; undefined without turns
 */
export function pairedRatio(times, baseline) {
  const ratios = times.slice(0, baseline.length).map((time, turn) => time / baseline[turn]);
  if (ratios.length === 0) return undefined;
  const sorted = ratios.toSorted((a, b) => a - b);
  const quartile = sorted.length >> 2;
  return { ratio: median(ratios), spread: (sorted.at(-1 - quartile) - sorted[quartile]) / 2 };
}
