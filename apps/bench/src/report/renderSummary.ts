import type { RunRecord } from '@gradis/metrics';
import Table from 'cli-table3';
import picocolors from 'picocolors';
import { type Budget, type Comparison, compareRuns } from './compareRuns.js';
import { formatEstimate } from './format.js';
import { momentRatio, timePerEpoch } from './methodFacts.js';
import { notes } from './notes.js';
import { meanSecondMomentRatio } from './telemetry.js';
import { verdicts } from './verdicts.js';

/** Options of {@link renderSummary}. */
export interface SummaryOptions {
  /** Whether to use colours; by default where the terminal has them. */
  colors?: boolean;
  /** Width of the terminal in characters, to which sentences are broken. */
  columns?: number;
}

/**
 * The results of an experiment for the terminal: a table of the methods and a verdict in words at equal epochs and at
 * equal time.
 *
 * @param runs Runs of one experiment: any methods and seeds.
 * @throws If no run has finished an epoch, or the runs are of several experiments.
 */
export function renderSummary(
  runs: readonly RunRecord[],
  { colors = picocolors.isColorSupported, columns = 100 }: SummaryOptions = {},
): string {
  const comparison = compareRuns(runs);
  const { bold, dim } = picocolors.createColors(colors);
  const paragraph = (text: string, mark = '') => wrap(text, columns, mark);
  const blocks = verdicts(comparison).map(({ budget, heading, leader, sentences }) =>
    [
      bold(heading),
      resultsTable(comparison, budget, colors),
      bold(paragraph(leader)),
      ...sentences.map((sentence) => paragraph(sentence, '• ')),
    ].join('\n'),
  );
  return `${[
    ...blocks,
    dim([...ratioNote(runs), ...notes(comparison)].map((note) => paragraph(note, '· ')).join('\n')),
  ].join('\n\n')}\n`;
}

/** What the last column of the tables is. */
function ratioNote(runs: readonly RunRecord[]): string[] {
  if (meanSecondMomentRatio(runs) === undefined) return [];
  return [
    'ratio: second moment of the gradient estimate relative to uniform draws, mean over the epochs; below 1 is better.',
  ];
}

function resultsTable({ methods, measures, results }: Comparison, budget: Budget, colors: boolean): string {
  const table = new Table({
    head: ['method', ...measures.map(({ name }) => name), 'per epoch', 'ratio'],
    colAligns: ['left', ...measures.map(() => 'right' as const), 'right', 'right'],
    style: { head: colors ? ['bold'] : [], border: colors ? ['grey'] : [], compact: true },
  });
  for (const method of methods) {
    const own = results.filter((result) => result.method === method.method && result.budget === budget);
    table.push([
      method.method,
      ...own.map(({ estimate, measure }) => formatEstimate(estimate, measure)),
      timePerEpoch(method),
      momentRatio(method),
    ]);
  }
  return table.toString();
}

/** Breaks a text into lines of at most `columns` characters, all but the first indented by the length of the mark. */
function wrap(text: string, columns: number, mark: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    const isFull = line !== '' && mark.length + line.length + 1 + word.length > columns;
    if (isFull) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map((line, i) => (i === 0 ? mark : ' '.repeat(mark.length)) + line).join('\n');
}
