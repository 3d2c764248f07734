import chiSquareQuantile from '@stdlib/stats-base-dists-chisquare-quantile';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';

/** The χ² approximation is trusted from this expected count on. */
const smallestExpectedCount = 5;

export interface FrequencyOptions {
  /** Probability that a correct sampler fails the check. */
  falseAlarm?: number;
}

/** The χ² value that is exceeded with probability `falseAlarm` under the null hypothesis. */
export function chiSquareUpperBound(degreesOfFreedom: number, falseAlarm = 1e-9): number {
  return chiSquareQuantile(1 - falseAlarm, degreesOfFreedom);
}

/** The z that |N(0, 1)| exceeds with probability `falseAlarm`: a two-sided tolerance in standard errors. */
export function normalBound(falseAlarm = 1e-9): number {
  return -normalQuantile(falseAlarm / 2, 0, 1);
}

/**
 * Pearson's χ² test of counts against exact probabilities: throws unless Σ (O − E)² / E stays below its upper bound.
 *
 * Cells with an expected count below 5 are pooled. A count in a cell of probability zero fails at once.
 *
 * @param counts how often each outcome was drawn
 * @param probabilities exact probability of each outcome; they sum to 1
 * @throws Error that names the statistic and its bound, or the impossible outcome
 */
export function expectFrequencies(
  counts: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  { falseAlarm = 1e-9 }: FrequencyOptions = {},
): void {
  const draws = validate(counts, probabilities);
  const cells = pool(
    Array.from(counts, (observed, i) => ({ observed, expected: draws * probabilities[i]! })).filter(
      (cell) => cell.expected > 0,
    ),
  );
  if (cells.length < 2) {
    throw new Error(`${draws} draws leave a single cell after pooling, which cannot fail; draw more.`);
  }
  const statistic = cells.reduce((sum, { observed, expected }) => sum + (observed - expected) ** 2 / expected, 0);
  const bound = chiSquareUpperBound(cells.length - 1, falseAlarm);
  if (!(statistic <= bound)) {
    throw new Error(
      `χ² = ${statistic.toFixed(1)} exceeds ${bound.toFixed(1)} ` +
        `(${draws} draws, ${cells.length} cells, false alarm ${falseAlarm}).`,
    );
  }
}

interface Cell {
  observed: number;
  expected: number;
}

function validate(counts: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  if (counts.length !== probabilities.length) {
    throw new Error(`There are ${counts.length} counts for ${probabilities.length} probabilities.`);
  }
  let draws = 0;
  let total = 0;
  for (let i = 0; i < counts.length; i++) {
    if (counts[i]! > 0 && probabilities[i] === 0) {
      throw new Error(`Outcome ${i} has probability 0 and was drawn ${counts[i]} times.`);
    }
    draws += counts[i]!;
    total += probabilities[i]!;
  }
  if (!(Math.abs(total - 1) < 1e-6)) throw new Error(`The probabilities sum to ${total}; they must sum to 1.`);
  return draws;
}

/** Merges the rarest cells until every cell is large enough. */
function pool(cells: readonly Cell[]): Cell[] {
  const ascending = cells.toSorted((a, b) => a.expected - b.expected);
  const rest: Cell = { observed: 0, expected: 0 };
  let pooled = 0;
  while (
    pooled < ascending.length &&
    Math.min(ascending[pooled]!.expected, rest.expected || Infinity) < smallestExpectedCount
  ) {
    rest.observed += ascending[pooled]!.observed;
    rest.expected += ascending[pooled]!.expected;
    pooled++;
  }
  return pooled === 0 ? ascending : [rest, ...ascending.slice(pooled)];
}
