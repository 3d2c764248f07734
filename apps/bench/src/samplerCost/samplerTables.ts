import Table from 'cli-table3';
import type { Work } from './Contestant.js';
import type { LowTiming } from './lowCost.js';
import type { Measurement } from './measureEntries.js';

const WORKS: readonly Work[] = ['draw', 'draw + update'];
const style = { head: [], border: [], compact: true };

/** The figures of all entries for one number of samples and one batch size; ratios are to the first entry. */
export function samplerTable(measurements: readonly Measurement[], batchSize: number): string {
  const head = ['', ...WORKS.flatMap((work) => [`${work}, /s`, 'µs a batch', '÷ ours']), 'bytes'];
  const table = new Table({ head, style, colAligns: ['left', ...head.slice(1).map(() => 'right' as const)] });
  for (const { name, origin, timings, bytesPerSample, skipped } of measurements) {
    const label = `${origin}: ${name}`;
    if (skipped) {
      table.push([label, { content: skipped, colSpan: head.length - 1, hAlign: 'left' }]);
      continue;
    }
    const cells = timings
      .filter((timing) => timing.batchSize === batchSize)
      .flatMap(({ millisecondsPerBatch, ratioToFirst }) => [
        short((1000 * batchSize) / millisecondsPerBatch),
        short(1000 * millisecondsPerBatch),
        short(ratioToFirst),
      ]);
    table.push([label, ...cells, short(bytesPerSample ?? 0)]);
  }
  return table.toString();
}

/** LOW weights beside general solvers. */
export function lowTable(timings: readonly LowTiming[]): string {
  const table = new Table({ head: ['', 'µs', '÷ ours'], style, colAligns: ['left', 'right', 'right'] });
  for (const { name, milliseconds, ratioToFirst } of timings) {
    table.push([name, short(1000 * milliseconds), short(ratioToFirst)]);
  }
  return table.toString();
}

/** Three digits, with K, M or B where the number is large. */
function short(value: number): string {
  return value.toLocaleString('en', { notation: 'compact', maximumSignificantDigits: 3 });
}
