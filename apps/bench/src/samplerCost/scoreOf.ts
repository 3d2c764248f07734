import { RandomGenerator } from '@gradis/samplers';

/** Number of samples after which the scores begin again, so that they need no memory for any number of samples. */
export const PERIOD = 10_000;

const random = new RandomGenerator(1);
const pattern = Float64Array.from({ length: PERIOD }, () => Math.exp(1.5 * random.normal()));

/** Score of a sample: log-normal, a few samples with most of the sum, as in training. */
export function scoreOf(index: number): number {
  return pattern[index % PERIOD];
}

/** Scores of all samples. */
export function allScores(size: number): Float64Array {
  const scores = new Float64Array(size);
  for (let index = 0; index < size; index++) scores[index] = pattern[index % PERIOD];
  return scores;
}
