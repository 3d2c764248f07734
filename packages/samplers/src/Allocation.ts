import type { ResamplingSettings } from './resamplingSettings.js';

/** How a step divides its work between samples to score and samples to train on. */
export interface Allocation {
  /** Growth above which a resampled step is worth more than a uniform one of as many samples. */
  threshold(batchSize: number, trainingCost: number, presampleSize: number): number;
  /** Number n of samples to score. May exceed the data set, which is the caller's to see to. */
  presampleSize(batchSize: number, growth: number, trainingCost: number): number;
  /** Number of samples to draw from n scored ones of this growth; more than the batch size if drawing does not pay. */
  keptSize(batchSize: number, presampleSize: number, growth: number, trainingCost: number): number;
}

/** The allocation that keeps what the settings say. */
export function allocationOf({ keep, presampleSize, presampleFactor }: ResamplingSettings): Allocation {
  if (keep === 'variance') return constantVariance;
  if (keep === 'time') return constantTime;
  return constantBatchSize((batchSize) => presampleSize ?? Math.round(presampleFactor * batchSize));
}

/** Algorithm 1 of arXiv 1803.00942: as many samples as without resampling, from a presample of a given size. */
function constantBatchSize(presampleSize: (batchSize: number) => number): Allocation {
  return {
    threshold: (batchSize, trainingCost, count) => (count + trainingCost * batchSize) / (trainingCost * batchSize),
    presampleSize,
    keptSize: (batchSize) => batchSize,
  };
}

/**
 * The growth above which two phases pay. With n samples scored for 1 each, k of them trained on for c each, and growth
 * G, a mean has at most `b/n + b/(G k)` times the variance of b uniform samples. Whether that is held at 1 or the cost
 * at c·b, n/k = √(G c) is best, and the other of the two is `(1/√G + 1/√c)²` times that of the uniform step.
 */
function twoPhaseThreshold(batchSize: number, trainingCost: number): number {
  if (batchSize === 1) return Number.POSITIVE_INFINITY; // no smaller batch to save anything with
  const root = Math.sqrt(trainingCost);
  return (root / (root - 1)) ** 2;
}

/**
 * The variance of a uniform batch at the least cost. A uniform choice of b from n has the variance
 * `S (1/b − 1/n) n/(n − 1)`, S the mean square; k draws by norm have at most `S/(G k)`: equal at k = b (n − 1)/(G (n − b)).
 */
const constantVariance: Allocation = {
  threshold: twoPhaseThreshold,
  presampleSize: (batchSize, growth, trainingCost) => Math.round(batchSize * (1 + Math.sqrt(trainingCost / growth))),
  keptSize: (batchSize, count, growth) =>
    count > batchSize
      ? Math.ceil((batchSize * (count - 1)) / (growth * (count - batchSize)))
      : Number.POSITIVE_INFINITY,
};

/** The cost of a uniform step, n + c·k = c·b, at the least variance. */
const constantTime: Allocation = {
  threshold: twoPhaseThreshold,
  presampleSize: (batchSize, growth, trainingCost) => {
    const kept = Math.max(1, Math.round(batchSize / (1 + Math.sqrt(growth / trainingCost))));
    return Math.max(1, Math.round(trainingCost * (batchSize - kept)));
  },
  keptSize: (batchSize, count, _, trainingCost) => Math.max(1, Math.round(batchSize - count / trainingCost)),
};
