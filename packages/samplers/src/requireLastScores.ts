/** Throws unless a saved state remembers a last score of every sample: a number ≥ 0, or ∞ before the first one. */
export function requireLastScores(name: string, scores: ArrayLike<number>): void {
  for (let i = 0; i < scores.length; i++) {
    if (!(scores[i] >= 0)) throw new RangeError(`${name}[${i}] is ${scores[i]}; ${name} must be ≥ 0, or ∞ if unknown.`);
  }
}
