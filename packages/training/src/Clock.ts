/** The parts into which training time is split; evaluation is in none of them. */
export const PHASES = ['sampling', 'gather', 'step', 'scoring', 'readBack', 'update'] as const;

/**
 * - `sampling`: deciding which samples to train on;
 * - `gather`: copying them into a batch and onto the device;
 * - `step`: forward, backward and optimiser;
 * - `scoring`: computing scores, an extra forward pass included if the method makes one;
 * - `readBack`: fetching losses and scores from the device;
 * - `update`: teaching the sampler.
 */
export type Phase = (typeof PHASES)[number];

/** Seconds spent in each phase. */
export type PhaseSeconds = Record<Phase, number>;

/** All phases at zero. */
export function zeroSeconds(): PhaseSeconds {
  return { sampling: 0, gather: 0, step: 0, scoring: 0, readBack: 0, update: 0 };
}

/** Adds each phase of `more` to `seconds`. */
export function addSeconds(seconds: PhaseSeconds, more: PhaseSeconds): void {
  for (const phase of PHASES) seconds[phase] += more[phase];
}

/** Training time: the sum of all phases. */
export function totalSeconds(seconds: PhaseSeconds): number {
  return PHASES.reduce((total, phase) => total + seconds[phase], 0);
}

/** A monotonic time in seconds, good for differences only. */
export function secondsNow(): number {
  return performance.now() / 1000;
}
