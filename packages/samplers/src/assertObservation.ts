import { assertScores } from './assertScores.js';
import { requireLength } from './checks.js';

/** Throws unless `indices` are samples of [0, size) and `scores` holds one valid score for each of them. */
export function assertObservation(indices: ArrayLike<number>, scores: ArrayLike<number>, size: number): void {
  requireLength('scores', scores, indices.length);
  for (let k = 0; k < indices.length; k++) {
    const index = indices[k];
    if (!(Number.isInteger(index) && index >= 0 && index < size)) {
      throw new RangeError(`indices[${k}] is ${index}; indices must be integers in [0, ${size}).`);
    }
  }
  assertScores(scores, indices);
}
