import { type Learner, type Strategy, secondsNow } from '@gradis/training';
import { trainStep } from './trainStep.js';

/** How long a method trains before it is the turn of the next. */
export interface Turn {
  steps: number;
  /** Milliseconds after which no further step is begun. Default: no limit. */
  milliseconds?: number;
}

/** Milliseconds of each step of one turn. */
export async function timeSteps(
  strategy: Strategy,
  learner: Learner,
  batchSize: number,
  { steps, milliseconds = Number.POSITIVE_INFINITY }: Turn,
): Promise<number[]> {
  const times: number[] = [];
  for (let spent = 0; times.length < steps && (spent < milliseconds || times.length === 0); ) {
    const start = secondsNow();
    await trainStep(strategy, learner, batchSize);
    const own = 1000 * (secondsNow() - start);
    times.push(own);
    spent += own;
  }
  return times;
}
