/** Largest finite Float32: a score above it is an infinity to whoever computed it in Float32. */
const LARGEST_SCORE = (2 - 2 ** -23) * 2 ** 127;

/**
 * Throws unless every score is finite and ≥ 0, and there is at least one.
 *
 * @param scores Importance scores, finite in Float32 (up to 3.4e38). Shape [n].
 * @param indices Samples that the scores belong to, named in the error. Shape [n].
 * @param name What the error calls them. Default 'scores'.
 * @throws RangeError that names the first offending score; TypeError if that is no number.
 *
 * @example
 * ```ts
 * import { assertScores } from '@gradis/samplers';
 *
 * try {
 *   assertScores([0.5, Number.NaN], [12, 40]);
 * } catch (error) {
 *   console.log((error as Error).message); // → scores[1] (sample 40) is NaN; scores must be finite and ≥ 0.
 * }
 * ```
 */
export function assertScores(scores: ArrayLike<number>, indices?: ArrayLike<number>, name = 'scores'): void {
  if (scores.length === 0) throw new RangeError(`${name} is empty; give at least one.`);
  for (let k = 0; k < scores.length; k++) {
    const score = scores[k];
    if (typeof score === 'number' && score >= 0 && score <= LARGEST_SCORE) continue;
    const place = `${name}[${k}]${indices ? ` (sample ${indices[k]})` : ''}`;
    if (typeof score !== 'number') {
      throw new TypeError(`${place} is ${score}, of type ${typeof score}; ${name} must be numbers.`);
    }
    const range = Number.isFinite(score) && score > 0 ? 'at most 3.4e38, the largest Float32' : '≥ 0';
    throw new RangeError(`${place} is ${score}; ${name} must be finite and ${range}.`);
  }
}
