/** A chosen value to give up, the one to take for it, and what the sum of the chosen then still lacks. */
interface Swap {
  readonly out: number;
  readonly into: number;
  readonly missing: number;
}

/**
 * Improves a choice of some values by swaps, until no swap of one chosen value for another brings the mean of those
 * chosen nearer to the mean of all.
 *
 * Each step makes the swap that brings it nearest, and takes O(n). The distance falls with each, so the steps end.
 *
 * @param sorted Values in ascending order. Shape [n].
 * @param chosen 1 for those that are chosen, 0 for the others; changed in place, their number stays. Shape [n].
 */
export function matchMean(sorted: Float64Array, chosen: Uint8Array): void {
  let swap = bestSwap(sorted, chosen, missingSum(sorted, chosen));
  while (swap) {
    chosen[swap.out] = 0;
    chosen[swap.into] = 1;
    swap = bestSwap(sorted, chosen, swap.missing);
  }
}

/** What the sum of the chosen values lacks of their number times the mean of all. */
function missingSum(sorted: Float64Array, chosen: Uint8Array): number {
  let count = 0;
  let sum = 0;
  let total = 0;
  for (let k = 0; k < sorted.length; k++) {
    total += sorted[k];
    if (chosen[k] === 0) continue;
    count++;
    sum += sorted[k];
  }
  return (total / sorted.length) * count - sum;
}

/** The swap that leaves least missing, or undefined if none leaves less than is missing now. */
function bestSwap(sorted: Float64Array, chosen: Uint8Array, missing: number): Swap | undefined {
  let best: Swap | undefined;
  // The values not chosen that are next below and next above the wanted one; both go up with it. Where there is none,
  // the difference is NaN and no improvement.
  let below = -1;
  let above = 0;
  for (let out = 0; out < sorted.length; out++) {
    if (chosen[out] === 0) continue;
    const wanted = sorted[out] + missing;
    for (; above < sorted.length && (chosen[above] === 1 || sorted[above] < wanted); above++) {
      if (chosen[above] === 0) below = above;
    }
    for (const into of [below, above]) {
      const left = missing - (sorted[into] - sorted[out]);
      if (Math.abs(left) < Math.abs(best?.missing ?? missing)) best = { out, into, missing: left };
    }
  }
  return best;
}
