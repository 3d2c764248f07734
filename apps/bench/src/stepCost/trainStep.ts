import type { Learner, Strategy } from '@gradis/training';

/** One whole step: the batch, the training on it, its scores, and what the method learns from them. */
export async function trainStep(strategy: Strategy, learner: Learner, batchSize: number): Promise<void> {
  const batch = await strategy.next(batchSize, learner);
  strategy.observe(batch, await learner.step(batch));
}
