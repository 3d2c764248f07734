import type { CandidateValues } from './candidateValues.js';

/** What each method thinks of the candidates, as numbers ≥ 0 that are proportional to their importance. */
const METHODS = {
  uniform: ({ relative }: CandidateValues) => relative.map(() => 1),
  'big-loss': ({ standardized }: CandidateValues) => exponentials(standardized),
  'small-loss': ({ standardized }: CandidateValues) => exponentials(standardized.map((z) => -z)),
  adaboost: ({ relative }: CandidateValues) => boosted(relative),
  'mean-loss': ({ standardized }: CandidateValues) => exponentials(standardized.map((z) => -Math.abs(z))),
  'extreme-loss': ({ standardized }: CandidateValues) => exponentials(standardized.map(Math.abs)),
  'gradient-norm': ({ scores }: CandidateValues) => scores,
};

/** A way to tell the importance of a candidate: see `AdaSelectionSampler`. */
export type SelectionMethod = keyof typeof METHODS;

/** Names of all methods. */
export const SELECTION_METHODS = Object.keys(METHODS) as readonly SelectionMethod[];

/** Importance of each candidate to a method: ≥ 0, with sum 1; equal if the method sees none in any. Shape [n]. */
export function selectionImportance(method: SelectionMethod, values: CandidateValues): Float64Array {
  const importance = METHODS[method](values);
  const sum = importance.reduce((total, value) => total + value, 0);
  return importance.map((value) => (sum > 0 ? value / sum : 1 / importance.length));
}

/** Proportional to eᵛ; the largest is 1, so that nothing overflows. */
function exponentials(values: Float64Array): Float64Array {
  const largest = values.reduce((max, value) => Math.max(max, value), Number.NEGATIVE_INFINITY);
  return values.map((value) => Math.exp(value - largest));
}

/** One round of AdaBoost.R2 with linear loss L: `β^(1 − L)`, β = L̄/(1 − L̄). It stops, all equal, where L̄ ≥ ½. */
function boosted(relative: Float64Array): Float64Array {
  const mean = relative.reduce((sum, loss) => sum + loss, 0) / relative.length;
  const base = Math.min(1, mean / (1 - mean));
  return relative.map((loss) => base ** (1 - loss));
}
