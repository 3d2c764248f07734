import { type Budget, bestWithin, type Comparison, type MethodRuns, type Result } from './compareRuns.js';
import { budgetName, formatBudget, formatEstimate, formatInterval } from './format.js';
import { type Html, html } from './html.js';
import { momentRatio, timePerEpoch } from './methodFacts.js';
import { type MethodStyle, methodStyle } from './methodStyle.js';
import { type PhaseTime, totalTime } from './timeBreakdown.js';
import { headline } from './verdicts.js';

/** A short line in the colour and dashes of a method. */
export function lineKey({ color, dashes }: MethodStyle): Html {
  return html`<svg class="key" width="30" height="10" aria-hidden="true"><line x1="0" x2="30" y1="5" y2="5" style="stroke: ${color}" stroke-width="2.4" stroke-dasharray="${dashes}"/></svg>`;
}

/** Values of every method at one budget; the lowest mean of a column is marked. */
export function resultsTable(comparison: Comparison, budget: Budget): Html {
  const { methods, measures, results } = comparison;
  const best = headline(comparison);
  const own = results.filter((result) => result.budget === budget);
  const lowest = new Set(measures.map((measure) => lowestMean(own.filter((result) => result.measure === measure))));
  return html`<div class="scroll"><table>
<caption>At ${budgetName(budget)}, ${formatBudget(budget)}. Mean ± half of the 95 % interval; the lowest mean is marked.</caption>
<thead><tr><th scope="col">method</th><th scope="col">seeds</th>${measures.map(({ name }) => html`<th scope="col">${name}</th>`)}${
    best ? html`<th scope="col">best ${best.name} so far</th>` : []
  }<th scope="col">time per epoch</th><th scope="col">second-moment ratio</th></tr></thead>
<tbody>${methods.map(
    (method, i) => html`<tr>${methodHeader(method, i)}<td>${method.runs.length}</td>${own
      .filter((result) => result.method === method.method)
      .map(
        (result) =>
          html`<td${lowest.has(result) ? html` class="best"` : []}>${formatEstimate(result.estimate, result.measure)}</td>`,
      )}${
      best ? html`<td>${formatEstimate(bestWithin(method.runs, best, budget), best)}</td>` : []
    }<td>${timePerEpoch(method)}</td><td>${momentRatio(method)}</td></tr>
`,
  )}</tbody></table></div>`;
}

/** Every paired difference to the baseline with its interval. */
export function differencesTable({ methods, baseline, measures, budgets, results }: Comparison): Html {
  const cell = (method: string, budget: Budget, key: string) => {
    const result = results.find((r) => r.method === method && r.budget === budget && r.measure.key === key);
    if (!result?.difference) return html`<td>–</td>`;
    const { estimate, standing } = result.difference;
    return html`<td${standing === 'ahead' ? html` class="best"` : []}>${formatInterval(estimate, result.measure)}</td>`;
  };
  return html`<div class="scroll"><table>
<caption>Difference to ${baseline} with the same seed, and its 95 % interval; negative is better. Marked: ahead, and the interval excludes zero.</caption>
<thead><tr><th scope="col">method</th><th scope="col" class="text">at</th>${measures.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${methods.map((method, i) =>
    i === 0
      ? []
      : budgets.map(
          (
            budget,
          ) => html`<tr>${methodHeader(method, i)}<td class="text">${budgetName(budget)}</td>${measures.map(({ key }) => cell(method.method, budget, key))}</tr>
`,
        ),
  )}</tbody></table></div>`;
}

/** Milliseconds per step of each phase, as numbers. */
export function breakdownTable(times: readonly PhaseTime[], methods: readonly MethodRuns[]): Html {
  const phases = [...new Set(times.map(({ phase }) => phase))];
  const of = (method: string) => times.filter((time) => time.method === method).map(({ milliseconds }) => milliseconds);
  return html`<div class="scroll"><table>
<caption>Milliseconds per step, mean over the seeds.</caption>
<thead><tr><th scope="col">method</th>${phases.map((phase) => html`<th scope="col">${phase}</th>`)}<th scope="col">sum</th></tr></thead>
<tbody>${methods.map(
    (method, i) => html`<tr>${methodHeader(method, i)}${of(method.method).map(
      (value) => html`<td>${value.toFixed(2)}</td>`,
    )}<td>${totalTime(times, method.method).toFixed(2)}</td></tr>
`,
  )}</tbody></table></div>`;
}

function methodHeader({ method }: MethodRuns, index: number): Html {
  return html`<th scope="row">${lineKey(methodStyle(index))}${method}</th>`;
}

function lowestMean(results: readonly Result[]): Result | undefined {
  return results.filter(({ estimate }) => estimate).toSorted((a, b) => a.estimate!.mean - b.estimate!.mean)[0];
}
