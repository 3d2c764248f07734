import { LINE, plainObject, refuse } from './checks.js';
import type { EpochRecord, RunRecord } from './RunRecord.js';
import { endLine, epochLine, headerLine } from './runSchema.js';

/** How far `trainingSeconds` may be from the sum of `seconds`, as a share of it. */
const SUM_TOLERANCE = 1e-6;

/** Makes a run of the lines of its file, checking each line and that they follow from one another. */
export function assembleRun(lines: readonly unknown[]): RunRecord {
  const { record: _, schemaVersion: __, ...header } = headerLine(lines[0], { line: 1, field: LINE });
  const run: RunRecord = { ...header, epochs: [] };
  lines.slice(1).forEach((value, i) => {
    const place = { line: i + 2, field: LINE };
    if (run.end) refuse(value, place, 'nothing may follow the end of the run: keep one run per file.');
    if (plainObject(value, place).record === 'end') {
      const { record: _, ...end } = endLine(value, place);
      run.end = end;
    } else {
      const { record: _, ...epoch } = epochLine(value, place);
      checkSequence(epoch, run.epochs.at(-1), place.line);
      run.epochs.push(epoch);
    }
  });
  return run;
}

function checkSequence(epoch: EpochRecord, previous: EpochRecord | undefined, line: number): void {
  if (previous && !Number.isInteger(previous.epoch)) {
    refuse(epoch.epoch, { line, field: 'epoch' }, `nothing may follow the unfinished epoch ${previous.epoch}.`);
  }
  const follows = previous ? epoch.epoch > previous.epoch && epoch.epoch <= previous.epoch + 1 : epoch.epoch <= 1;
  if (!follows) {
    const remedy = previous ? `${previous.epoch + 1} must follow.` : 'a run begins with epoch 0 or 1.';
    refuse(epoch.epoch, { line, field: 'epoch' }, remedy);
  }
  for (const field of ['steps', 'samples', 'trainingSeconds'] as const) {
    const least = previous?.[field] ?? 0;
    if (epoch[field] < least) {
      refuse(epoch[field], { line, field }, `it counts from the start of the run, so it must be ≥ ${least}.`);
    }
  }
  const sum = Object.values(epoch.seconds).reduce((total, seconds) => total + seconds, 0);
  if (Math.abs(epoch.trainingSeconds - sum) > SUM_TOLERANCE * (1 + sum)) {
    refuse(
      epoch.trainingSeconds,
      { line, field: 'trainingSeconds' },
      `it must be the sum of the values of seconds, ${sum}.`,
    );
  }
}
