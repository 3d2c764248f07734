import { mean } from '@gradis/metrics';
import type { MethodRuns } from './compareRuns.js';
import { formatNumber, splitCamelCase } from './format.js';
import type { Setting } from './settings.js';

/** What a method says of itself at the end of its runs, as means over them. */
export function diagnosticsOf({ runs }: MethodRuns): Setting[] {
  const last = runs.map(({ epochs }) => epochs.at(-1)?.diagnostics ?? {});
  return Object.keys(last[0] ?? {}).map((name) => [
    splitCamelCase(name),
    formatNumber(mean(last.map((values) => values[name] ?? 0))),
  ]);
}
