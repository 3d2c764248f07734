import type { JsonValue } from '@gradis/metrics';
import type { MethodRuns } from './compareRuns.js';
import { splitCamelCase } from './format.js';

/** A setting in words and its value, as text. */
export type Setting = [name: string, value: string];

/** Settings of an experiment: those that all runs share, and what is particular to each method. */
export interface SettingsOverview {
  shared: Setting[];
  particular: { method: string; settings: Setting[] }[];
}

/** Sorts settings into those that every run has with the same value and the others. */
export function settingsOverview(methods: readonly MethodRuns[]): SettingsOverview {
  const all = methods.flatMap(({ runs }) => runs.map(({ settings }) => settings));
  const isShared = (name: string) => new Set(all.map((settings) => JSON.stringify(settings[name]))).size === 1;
  const asText = (entries: [string, JsonValue][]) =>
    entries.map(([name, value]): Setting => [splitCamelCase(name), show(value)]);
  const first = Object.entries(all[0] ?? {});
  return {
    shared: asText(first.filter(([name]) => isShared(name))),
    particular: methods.flatMap(({ method, runs }) => {
      const settings = asText(Object.entries(runs[0]!.settings).filter(([name]) => !isShared(name)));
      return settings.length > 0 ? [{ method, settings }] : [];
    }),
  };
}

function show(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
