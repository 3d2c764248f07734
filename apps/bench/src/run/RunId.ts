import type { MethodName } from '@gradis/training';

/** One run of a comparison. */
export interface RunId {
  method: MethodName;
  seed: number;
}

/** Base name of the files of a run. */
export function fileName({ method, seed }: RunId): string {
  return `${method}-seed${seed}`;
}

/** All runs of a comparison, in an order that leaves whole seeds behind when it is cut short. */
export function plannedRuns({ methods, seeds }: { methods: readonly MethodName[]; seeds: number }): RunId[] {
  const numbers = Array.from({ length: seeds }, (_, i) => i + 1);
  return numbers.flatMap((seed) => methods.map((method) => ({ method, seed })));
}
