import { type Learner, type StepEvent, type Strategy, train } from '@gradis/training';

/**
 * Trains without end and without evaluations, by the loop that users run; each value is a step that is done.
 *
 * @throws Error if the training diverges
 */
export async function* endlessSteps(
  learner: Learner,
  strategy: Strategy,
  batchSize: number,
): AsyncGenerator<StepEvent, void> {
  const { signal } = new AbortController();
  const events = train(learner, strategy, { batchSize, epochs: Number.POSITIVE_INFINITY, evaluate: [], signal });
  for await (const event of events) if (event.kind === 'step') yield event;
  throw new Error('the training has diverged, so its steps cannot be timed; use a smaller learning rate.');
}
