import {
  createStrategy,
  type Learner,
  type MethodName,
  type Strategy,
  secondsNow,
  zeroSeconds,
} from '@gradis/training';

/** A method to measure, with the options that make it do its work at once. */
export interface Contestant {
  label: string;
  method: MethodName;
  options?: { threshold?: number };
}

/** Milliseconds of each step of a method, in the order they were made. */
export interface StepTimes {
  label: string;
  milliseconds: number[];
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
  const entries = contestants.map(({ label, method, options }) => {
    const learner = makeLearner();
    const strategy = createStrategy(method, { size: learner.size, seed: 1, ...options });
    return { label, learner, strategy, milliseconds: [] as number[] };
  });
  for (const { strategy } of entries) await passFirstEpoch(strategy, batchSize);
  for (let round = -1; round < rounds; round++) {
    for (const { learner, strategy, milliseconds } of entries) {
      for (let step = 0; step < stepsPerTurn; step++) {
        const start = secondsNow();
        const batch = await strategy.next(batchSize, learner);
        strategy.observe(batch, await learner.step(batch));
        // Round −1 lets the engine compile.
        if (round >= 0) milliseconds.push(1000 * (secondsNow() - start));
      }
    }
  }
  return entries.map(({ label, milliseconds }) => ({ label, milliseconds }));
}

/** Brings a strategy past its shuffled epoch without training, with scores as uneven as those of a trained network. */
async function passFirstEpoch(strategy: Strategy, batchSize: number): Promise<void> {
  const score = async (indices: Int32Array) => Float32Array.from(indices, (index) => 1 / (1 + (index % 1000)));
  for (let drawn = 0; drawn < strategy.size; ) {
    const batch = await strategy.next(batchSize, { scores: score, losses: score });
    const scores = await score(batch.indices);
    const weights = typeof batch.weights === 'function' ? batch.weights(scores) : batch.weights;
    strategy.observe(batch, {
      losses: scores,
      scores: batch.scored ? scores : undefined,
      weights,
      seconds: zeroSeconds(),
    });
    drawn += batch.indices.length;
  }
}
