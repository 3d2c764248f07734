import { mean } from '@gradis/metrics';
import type { MethodRuns } from './compareRuns.js';
import { formatCount, splitCamelCase } from './format.js';
import type { Setting } from './settings.js';

/** What a method says of itself at the end of its runs, as means over them. */
export function diagnosticsOf({ runs }: MethodRuns): Setting[] {
  const last = runs.map(({ epochs }) => epochs.at(-1)?.diagnostics ?? {});
  return Object.keys(last[0] ?? {}).map((name) => [
    splitCamelCase(name),
    formatCount(mean(last.map((values) => values[name] ?? 0))),
  ]);
}
