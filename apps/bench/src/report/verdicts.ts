import type { Budget, Comparison, Result, Standing } from './compareRuns.js';
import { budgetName, formatBudget, formatInterval, formatValue, joinWords } from './format.js';
import type { Measure } from './measures.js';

/** What the comparison says at one budget, in words. */
export interface Verdict {
  budget: Budget;
  /** `At equal epochs (after 5 epochs)`. */
  heading: string;
  /** Who has the lowest mean of the most important measure, and whether that means anything. */
  leader: string;
  /** One sentence for each method but the baseline. */
  sentences: string[];
}

/** The most important measure: test error, else test loss, else training loss. */
export function headline({ measures }: Comparison): Measure | undefined {
  return measures.at(-1);
}

/** Who is ahead of the baseline at equal epochs and at equal time. */
export function verdicts(comparison: Comparison): Verdict[] {
  const { budgets, methods, results } = comparison;
  return budgets.map((budget) => {
    const own = results.filter((result) => result.budget === budget);
    return {
      budget,
      heading: `At ${budgetName(budget)} (${formatBudget(budget)})`,
      leader: leaderSentence(comparison, own),
      sentences: methods.slice(1).map(({ method }) =>
        methodSentence(
          method,
          comparison.baseline,
          own.filter((result) => result.method === method),
        ),
      ),
    };
  });
}

/** How a standing is said of a method: `is ahead of uniform in`. */
const PHRASES: Record<Exclude<Standing, 'unknown'>, (baseline: string) => string> = {
  ahead: (baseline) => `ahead of ${baseline} in`,
  behind: (baseline) => `behind ${baseline} in`,
  undecided: () => 'undecided in',
};

function methodSentence(method: string, baseline: string, results: readonly Result[]): string {
  const compared = results.filter((result) => result.difference);
  if (compared.length === 0) return `${method} cannot be compared with ${baseline}: no values for a common seed.`;
  const withStanding = (standing: Standing) =>
    compared
      .filter(({ difference }) => difference!.standing === standing)
      .map(({ measure, difference }) => `${measure.name} (${formatInterval(difference!.estimate, measure)})`);
  const unknown = withStanding('unknown');
  if (unknown.length === compared.length) {
    return `${method} differs from ${baseline} by ${joinDifferences(compared)}: one common seed, so nothing can be concluded.`;
  }
  const parts = (['ahead', 'behind', 'undecided'] as const).flatMap((standing) => {
    const names = withStanding(standing);
    return names.length > 0 ? [`${PHRASES[standing](baseline)} ${joinWords(names)}`] : [];
  });
  return `${method} is ${parts.join('; ')}.`;
}

function joinDifferences(results: readonly Result[]): string {
  return joinWords(
    results.map(({ measure, difference }) => `${formatInterval(difference!.estimate, measure)} in ${measure.name}`),
  );
}

function leaderSentence(comparison: Comparison, results: readonly Result[]): string {
  const measure = headline(comparison);
  const ranked = results
    .filter((result) => result.measure === measure && result.estimate)
    .toSorted((a, b) => a.estimate!.mean - b.estimate!.mean);
  const [best] = ranked;
  if (!measure || !best) return 'No method has a value here.';
  const lowest = `Lowest mean ${measure.name}: ${best.method}, ${formatValue(best.estimate!.mean, measure)}`;
  if (ranked.length === 1) return `${lowest}; there is nothing to compare it with.`;
  if (best.method === comparison.baseline) return `${lowest}; no method does better on average.`;
  if (!best.difference) return `${lowest}; it has no seed in common with ${comparison.baseline}.`;
  const against = `${lowest}, against ${formatValue(best.difference.baseline, measure)} of ${comparison.baseline}`;
  return `${against}; ${CONCLUSIONS[best.difference.standing]}`;
}

const CONCLUSIONS: Record<Standing, string> = {
  ahead: 'the interval of the difference excludes zero.',
  behind: 'the interval of the difference excludes zero.',
  undecided: 'the interval of the difference includes zero, so that may be chance.',
  unknown: 'with one seed nothing can be concluded from that.',
};
