import { assembleRun } from './assembleRun.js';
import { RUN_SCHEMA_VERSION, type RunRecord } from './RunRecord.js';
import type { EndLine, EpochLine, HeaderLine } from './runSchema.js';

/**
 * Writes a run as the text of a run file, which {@link parseRun} reads back unchanged.
 *
 * @param run The run: header, epochs and, if it is finished, the end.
 * @returns JSON Lines, ending in a line break.
 * @throws TypeError if the run is not valid, such as a loss of NaN; the error names line, field, value and remedy.
 *
 * @example
 * ```ts
 * import { parseRun, serializeRun } from '@gradis/metrics';
 *
 * const file = serializeRun({
 *   experiment: 'mnist',
 *   method: 'uniform',
 *   seed: 1,
 *   settings: { batchSize: 64 },
 *   dataset: { name: 'MNIST', trainSize: 60000, testSize: 10000 },
 *   environment: { gradis: '1.0.0', packages: {}, node: '20.20.2', platform: 'linux x64', backend: 'wasm', cpu: '2 cores' },
 *   startedAt: '2026-01-31T12:00:00.000Z',
 *   epochs: [{ epoch: 1, steps: 938, samples: 60000, seconds: { step: 2 }, trainingSeconds: 2, test: { loss: 0.2 } }],
 * });
 * console.log(parseRun(file).epochs[0]?.test?.loss); // → 0.2
 * ```
 */
export function serializeRun({ epochs, end, ...header }: RunRecord): string {
  const headerLine: HeaderLine = { record: 'run', schemaVersion: RUN_SCHEMA_VERSION, ...header };
  const lines: (HeaderLine | EpochLine | EndLine)[] = [
    headerLine,
    ...epochs.map((epoch): EpochLine => ({ record: 'epoch', ...epoch })),
    ...(end ? [{ record: 'end' as const, ...end }] : []),
  ];
  assembleRun(lines);
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
