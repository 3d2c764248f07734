import type { TrainOptions } from './train.js';

/** What bounds a run, and its batches. */
export type TrainLimits = Pick<TrainOptions, 'signal'> &
  Required<Pick<TrainOptions, 'batchSize' | 'epochs' | 'budgetSeconds'>>;

/**
 * Throws unless each limit is in range and something ends the run: the first thing that `train` does.
 *
 * @throws RangeError that names the limit, its value and its range
 * @example
 * ```ts
 * import { assertLimits } from '@gradis/training';
 *
 * assertLimits({ batchSize: 64, epochs: 10, budgetSeconds: Number.POSITIVE_INFINITY });
 * ```
 */
export function assertLimits({ batchSize, epochs, budgetSeconds, signal }: TrainLimits): void {
  if (!Number.isSafeInteger(batchSize) || batchSize < 1) {
    throw new RangeError(`batchSize is ${batchSize}; it must be an integer ≥ 1.`);
  }
  if (!(epochs >= 0)) throw new RangeError(`epochs is ${epochs}; it must be ≥ 0.`);
  if (!(budgetSeconds > 0)) throw new RangeError(`budgetSeconds is ${budgetSeconds}; it must be > 0.`);
  if (epochs === Number.POSITIVE_INFINITY && budgetSeconds === Number.POSITIVE_INFINITY && !signal) {
    throw new RangeError('training would never end; give epochs, budgetSeconds or a signal.');
  }
}
