import type { RunRecord } from '@gradis/metrics';
import { bandOf } from './bandOf.js';
import { breakdownChart, phaseColor } from './breakdownChart.js';
import { type Comparison, compareRuns } from './compareRuns.js';
import type { Axis, Reading } from './curve.js';
import { diagnosticsOf } from './diagnostics.js';
import { capitalize, formatSeeds, joinWords } from './format.js';
import { Html, html } from './html.js';
import { linePanel } from './linePanel.js';
import { methodStyle } from './methodStyle.js';
import { notes } from './notes.js';
import { REPORT_STYLE } from './reportStyle.js';
import { breakdownTable, differencesTable, lineKey, resultsTable } from './reportTables.js';
import { type Setting, settingsOverview } from './settings.js';
import { type PhaseTime, timeBreakdown } from './timeBreakdown.js';
import { verdicts } from './verdicts.js';

/**
 * The report of an experiment as one HTML page without scripts and without anything from elsewhere.
 *
 * @param runs Runs of one experiment: any methods and seeds.
 * @throws If no run has finished an epoch, or the runs are of several experiments.
 */
export function renderReport(runs: readonly RunRecord[]): string {
  const comparison = compareRuns(runs);
  const { title, experiment } = comparison.methods[0]!.runs[0]!;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title ?? experiment} · gradis</title>
<style>${new Html(REPORT_STYLE)}</style>
</head>
<body>
<main>
${[intro, verdictSection, resultsSection, curvesSection, samplingSection, diagnosticsSection, timeSection, notesSection, factsSection].map((section) => section(comparison))}
</main>
</body>
</html>
`.markup;
}

function intro({ methods }: Comparison): Html {
  const { title, experiment, dataset, startedAt } = methods[0]!.runs[0]!;
  const size = (count: number) => count.toLocaleString('en');
  return html`<header>
<h1>${title ?? experiment}</h1>
<p class="lead">${methods.length} sampling ${methods.length === 1 ? 'method' : 'methods'}, ${formatSeeds(methods)}, on ${dataset.name}:
${size(dataset.trainSize)} training and ${size(dataset.testSize)} test samples. Trained on ${startedAt.slice(0, 10)}.</p>
</header>`;
}

function verdictSection(comparison: Comparison): Html {
  const { baseline, methods } = comparison;
  return html`<section aria-labelledby="verdict">
<h2 id="verdict">Who is ahead</h2>
<div class="verdicts">${verdicts(comparison).map(
    ({ heading, leader, sentences }) => html`<div>
<h3>${heading}</h3>
<p class="leader">${leader}</p>
<ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>
</div>`,
  )}</div>
${
  methods.length > 1
    ? html`<p class="aside">In brackets: the 95 % interval of the difference to ${baseline} with the same seed. Ahead and behind mean that it excludes zero, undecided that it does not.</p>`
    : []
}
</section>`;
}

function resultsSection(comparison: Comparison): Html {
  return html`<section aria-labelledby="results">
<h2 id="results">Results</h2>
${comparison.budgets.map((budget) => resultsTable(comparison, budget))}
${comparison.methods.length > 1 ? differencesTable(comparison) : []}
<p class="aside">The best value so far is chosen on the test set itself and therefore flatters every method.</p>
</section>`;
}

const AXES: CurveAxis[] = [
  { axis: 'epoch', against: 'against epochs', xLabel: 'epochs', start: 1 },
  { axis: 'trainingSeconds', against: 'against training time', xLabel: 'seconds of training', start: 0 },
];

interface CurveAxis {
  axis: Axis;
  against: string;
  xLabel: string;
  start: number;
}

function curvesSection(comparison: Comparison): Html {
  return html`<section aria-labelledby="curves">
<h2 id="curves">Curves</h2>
<p>Mean over the seeds, from the end of the first epoch. The band is the bootstrap 95 % interval of that mean, which is too narrow
with few seeds (with two it is their range); the tables above use the wider interval of Student.</p>
${legend(comparison)}
${AXES.map(
  (axis) => html`<h3>${capitalize(axis.against)}</h3>
<div class="panels">${comparison.measures.map((measure) =>
    curvePanel(comparison, axis, {
      title: `${capitalize(measure.name)}${measure.isShare ? ', %' : ''}`,
      read: measure.read,
      percent: measure.isShare,
      logFrom: 1,
    }),
  )}</div>`,
)}
</section>`;
}

function samplingSection(comparison: Comparison): Html {
  const panels = [
    curvePanel(comparison, AXES[0]!, {
      title: 'Second-moment ratio',
      read: ({ telemetry }) => telemetry?.secondMomentRatio,
      reference: 1,
    }),
    curvePanel(comparison, AXES[0]!, {
      title: 'Effective sample size of the weights, % of the draws',
      read: ({ telemetry }) => telemetry?.effectiveSampleSizeShare,
      percent: true,
      reference: 100,
    }),
  ].flat();
  if (panels.length === 0) return html``;
  return html`<section aria-labelledby="sampling">
<h2 id="sampling">What the sampling does to the variance</h2>
<p>The second-moment ratio compares the sampling with uniform draws of the same scores: below 1 the variance of the gradient
estimate is reduced, and 0.5 is worth a batch twice as large. It is as good as the score stands for the gradient. The effective sample
size is that of the importance weights 1/(N·p), pooled over all draws of an epoch, as a share of these draws: it tells how evenly the weights
are spread. For biased methods, which do not use these weights, it is what it would be.</p>
<div class="panels">${panels}</div>
</section>`;
}

function diagnosticsSection({ methods }: Comparison): Html {
  const told = methods
    .map((method) => ({ method: method.method, diagnostics: diagnosticsOf(method) }))
    .filter(({ diagnostics }) => diagnostics.length > 0);
  if (told.length === 0) return html``;
  return html`<section aria-labelledby="diagnostics">
<h2 id="diagnostics">What the methods say of themselves</h2>
<p>After the last epoch, as means over the seeds.</p>
<div class="facts">
${told.map(({ method, diagnostics }) => facts(method, diagnostics))}
</div>
</section>`;
}

interface CurveQuantity {
  title: string;
  read: Reading;
  percent?: boolean;
  reference?: number;
  logFrom?: number;
}

/** A figure with one curve per method; nothing if no method has the quantity. */
function curvePanel({ methods }: Comparison, { axis, ...x }: CurveAxis, { read, ...quantity }: CurveQuantity): Html[] {
  const series = methods
    .map(({ method, runs }, i) => ({ label: method, style: methodStyle(i), points: bandOf(runs, read, axis) }))
    .map((one) => ({ ...one, points: one.points.filter(({ epoch }) => epoch > 0) }))
    .filter(({ points }) => points.length > 0);
  return series.length === 0 ? [] : [linePanel(series, { ...quantity, ...x })];
}

function timeSection({ methods }: Comparison): Html {
  const times = timeBreakdown(methods);
  return html`<section aria-labelledby="time">
<h2 id="time">Where the time goes</h2>
<figure class="panel wide"><figcaption>Training time of a step <span>by phase; evaluation is not training</span></figcaption>
${phaseLegend(times)}
${breakdownChart(times)}</figure>
${breakdownTable(times, methods)}
</section>`;
}

function notesSection(comparison: Comparison): Html {
  return html`<section aria-labelledby="notes">
<h2 id="notes">How far this can be trusted</h2>
<ul>${notes(comparison).map((note) => html`<li>${note}</li>`)}</ul>
</section>`;
}

/** Characters of a commit hash that are shown: enough to be unique. */
const COMMIT_LENGTH = 12;

function factsSection({ methods }: Comparison): Html {
  const { shared, particular } = settingsOverview(methods);
  const { environment, dataset } = methods[0]!.runs[0]!;
  const { packages, ...machine } = environment;
  const details = Object.entries(machine).map(
    ([name, value]): Setting => [name, name === 'commit' ? value.slice(0, COMMIT_LENGTH) : value],
  );
  const seeds = methods.map(({ method, runs }): Setting => [method, joinWords(runs.map(({ seed }) => String(seed)))]);
  return html`<section aria-labelledby="facts">
<h2 id="facts">Settings and environment</h2>
<div class="facts">
${facts('Settings of all methods', [['dataset', dataset.name], ...shared])}
${particular.map(({ method, settings }) => facts(`Settings of ${method}`, settings))}
${facts('Seeds', seeds)}
${facts('Environment', [...details, ...Object.entries(packages)])}
</div>
</section>`;
}

function facts(title: string, settings: readonly Setting[]): Html {
  return html`<div><h3>${title}</h3><dl>${settings.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></div>`;
}

function legend({ methods }: Comparison): Html {
  return html`<ul class="legend" aria-label="Methods">${methods.map(
    ({ method }, i) => html`<li>${lineKey(methodStyle(i))}${method}</li>`,
  )}</ul>`;
}

function phaseLegend(times: readonly PhaseTime[]): Html {
  const phases = [...new Set(times.map(({ phase }) => phase))];
  return html`<ul class="legend" aria-label="Phases">${phases.map(
    (phase, i) => html`<li><span class="swatch" style="background: ${phaseColor(i).fill}"></span>${phase}</li>`,
  )}</ul>`;
}
