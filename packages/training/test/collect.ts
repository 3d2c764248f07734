import {
  type EndReason,
  type EpochEvent,
  type StepEvent,
  type Strategy,
  type TrainOptions,
  train,
} from '../src/index.js';
import type { LinearLearner } from './linearLearner.js';

/** Samples in a batch, unless the options say otherwise. */
export const BATCH = 8;

/** Trains to the end and keeps every event. */
export async function collect(learner: LinearLearner, strategy: Strategy, options: TrainOptions) {
  const steps: StepEvent[] = [];
  const epochs: EpochEvent[] = [];
  const events = train(learner, strategy, { batchSize: BATCH, ...options });
  let next = await events.next();
  for (; !next.done; next = await events.next()) {
    if (next.value.kind === 'step') steps.push(next.value);
    else epochs.push(next.value);
  }
  return { steps, epochs, reason: next.value as EndReason };
}
