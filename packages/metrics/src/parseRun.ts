import { assembleRun } from './assembleRun.js';
import type { RunRecord } from './RunRecord.js';

/**
 * Reads a run file: JSON Lines, a header, one line per epoch and, if the run is finished, an end.
 *
 * @param text Contents of the file.
 * @returns The run; without `end` if the file has none.
 * @throws TypeError if the file is cut off, of a later schema version, or not a run; the error names line, field, value and remedy.
 *
 * @example
 * ```ts
 * import { parseRun } from '@gradis/metrics';
 *
 * try {
 *   parseRun('{"record":"run","schemaVersion":7}\n');
 * } catch (error) {
 *   console.log((error as Error).message);
 *   // → Run record, line 1: schemaVersion is 7; this version of @gradis/metrics reads up to 1: update it to read this run.
 * }
 * ```
 */
export function parseRun(text: string): RunRecord {
  const lines = text.split('\n');
  // A complete file ends in a line break, so the last piece is empty. A file that an editor saved without it still parses.
  if (lines.at(-1)?.trim() === '') lines.pop();
  if (lines.length === 0) {
    throw new TypeError('Run record, line 1: the file is empty; the first line must be the header of a run.');
  }
  return assembleRun(lines.map((line, i) => parseLine(line, i + 1, i === lines.length - 1)));
}

function parseLine(line: string, number: number, isLast: boolean): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    const problem = isLast
      ? 'the last line is cut off: delete it to keep the epochs before it, or make the run again.'
      : 'this is not JSON; each line of a run file must be one JSON object.';
    throw new TypeError(`Run record, line ${number}: ${line.slice(0, 80) || '(empty)'}: ${problem}`, { cause });
  }
}
