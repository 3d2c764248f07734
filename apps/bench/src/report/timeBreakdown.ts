import { mean } from '@gradis/metrics';
import type { MethodRuns } from './compareRuns.js';
import { splitCamelCase } from './format.js';

/** Milliseconds per step that a method spends in one phase of training, averaged over its runs. */
export interface PhaseTime {
  method: string;
  phase: string;
  milliseconds: number;
}

/** Time per step of each phase of each method; a phase that a run did not record counts as 0. */
export function timeBreakdown(methods: readonly MethodRuns[]): PhaseTime[] {
  const ends = methods.map(({ method, runs }) => ({ method, ends: runs.map((run) => run.epochs.at(-1)!) }));
  const phases = [...new Set(ends.flatMap(({ ends }) => ends.flatMap((end) => Object.keys(end.seconds))))];
  return ends.flatMap(({ method, ends }) =>
    phases.map((phase) => ({
      method,
      phase: splitCamelCase(phase, '-'),
      milliseconds: mean(ends.map(({ seconds, steps }) => (1000 * (seconds[phase] ?? 0)) / Math.max(1, steps))),
    })),
  );
}

/** Milliseconds per step of a method in all phases. */
export function totalTime(times: readonly PhaseTime[], method: string): number {
  return times.filter((time) => time.method === method).reduce((sum, { milliseconds }) => sum + milliseconds, 0);
}
