import { assertScores } from './assertScores.js';
import { requireArray, requireIntegers, requireLength } from './checks.js';

/** Throws unless `indices` are samples of [0, size) and `scores` holds one valid score for each of them. */
export function assertObservation(indices: ArrayLike<number>, scores: ArrayLike<number>, size: number): void {
  requireArray('indices', indices);
  requireLength('scores', scores, indices.length);
  requireIntegers('indices', indices, size);
  assertScores(scores, indices);
}
