import { createStrategy, type Learner, type MethodName } from '@gradis/training';
import { endlessSteps } from './endlessSteps.js';
import { passFirstEpoch } from './passFirstEpoch.js';
import { timeSteps } from './timeSteps.js';

/** A method to measure, with the options that make it do its work at once. */
export interface Contestant {
  label: string;
  method: MethodName;
  options?: { threshold?: number };
}

/** Milliseconds of each step of a method, by turn. */
export interface StepTimes {
  label: string;
  turns: number[][];
}

/** How much to measure. */
export interface Effort {
  batchSize: number;
  rounds: number;
  /** Steps of one method before it is the turn of the next. */
  stepsPerTurn: number;
}

/**
 * Times whole steps (batch, training, scores, what the sampler learns) of several methods in turns, so that whatever else
 * the machine does falls on all of them. Memory methods are measured after their first epoch.
 */
export async function measureSteps(
  contestants: readonly Contestant[],
  makeLearner: () => Learner,
  { batchSize, rounds, stepsPerTurn }: Effort,
): Promise<StepTimes[]> {
  const entries: (StepTimes & { training: AsyncIterator<unknown> })[] = [];
  for (const { label, method, options } of contestants) {
    const learner = makeLearner();
    const strategy = createStrategy(method, { size: learner.size, seed: 1, ...options });
    await passFirstEpoch(strategy, batchSize);
    entries.push({ label, training: endlessSteps(learner, strategy, batchSize), turns: [] });
  }
  for (let round = -1; round < rounds; round++) {
    for (const { training, turns } of entries) {
      const times = await timeSteps(training, { steps: stepsPerTurn });
      // Round −1 lets the engine compile.
      if (round >= 0) turns.push(times);
    }
  }
  return entries.map(({ label, turns }) => ({ label, turns }));
}
