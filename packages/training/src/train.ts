import { assertLimits } from './assertLimits.js';
import { totalSeconds } from './Clock.js';
import { DivergedError } from './DivergedError.js';
import type { Learner, StepResult } from './Learner.js';
import { type EpochEvent, measureEpoch } from './measureEpoch.js';
import { StepPipeline } from './StepPipeline.js';
import type { PlannedBatch, Strategy } from './Strategy.js';
import { TrainingProgress } from './TrainingProgress.js';
import type { TrainingStep } from './trainingStep.js';

/** Options of {@link train}. */
export interface TrainOptions {
  /** Samples in a batch, at most N. Default 64. */
  batchSize?: number;
  /** Epochs of ⌈N/batchSize⌉ steps. Default: no limit, which needs `budgetSeconds` or a `signal`. */
  epochs?: number;
  /** Stop when this much training time is used up, evaluation not counted. */
  budgetSeconds?: number;
  /** Splits to evaluate before training and after each epoch, outside the clock. Default `['test']`. */
  evaluate?: readonly ('train' | 'test')[];
  /** Aborting it ends the run after the current step, with the progress ready to be saved. */
  signal?: AbortSignal;
  /**
   * Steps that may be under way while another one is planned, so that a GPU need not wait for the host. The strategy
   * learns of a step so many steps later: its scores are that much older, and its estimates as unbiased as ever. Default:
   * 1 where learner and strategy say that it helps and is allowed, else 0. A state saved in the middle of an epoch, not
   * after an epoch or at the end of a run, lacks the steps under way.
   */
  delay?: number;
  /** Where to continue; kept up to date in place. Default: a new run. */
  progress?: TrainingProgress;
}

/** After each step. */
export interface StepEvent {
  kind: 'step';
  /** Epoch under way, counted from 1. */
  epoch: number;
  /** Steps of the whole run, this one included. */
  step: number;
  /** Unbiased estimate of the mean training loss, from this batch; where the batch is skewed, just its own mean. */
  loss: number;
  /** Seconds of training so far. */
  trainingSeconds: number;
  batch: PlannedBatch;
  result: StepResult;
}

/** What {@link train} yields. */
export type TrainEvent = StepEvent | EpochEvent;

/** Why a run ended; `diverged`: a loss or score was not finite any more, and the strategy was not taught it. */
export type EndReason = 'completed' | 'budget' | 'aborted' | 'diverged';

/**
 * The training loop: asks the strategy for a batch, lets the learner make a step, teaches the strategy, and yields what
 * happened. It writes nothing, prints nothing, and leaves the pace to the caller.
 *
 * Training time is the sum of the phases of the clock. What the caller does between two events, and evaluation, is not in it.
 *
 * @returns (as the generator's value) why the run ended; after 'aborted' the same `progress`, with a learner and a
 *   strategy in the states they had, continues it
 * @throws if an option is out of range, and whatever the learner or the strategy throws
 * @example
 * ```ts
 * import { createStrategy, type Learner, train } from '@gradis/training';
 *
 * // A learner without tensors: estimates the mean of four numbers by gradient descent.
 * const data = [1, 2, 3, 10];
 * let mean = 0;
 * const learner: Learner = {
 *   size: 4,
 *   scores: async (indices) => Float32Array.from(indices, (i) => Math.abs(mean - data[i])),
 *   losses: async (indices) => Float32Array.from(indices, (i) => (mean - data[i]) ** 2 / 2),
 *   async step({ indices, weights }) {
 *     const scores = await this.scores(indices);
 *     const factors = typeof weights === 'function' ? weights(scores) : weights;
 *     mean -= 0.1 * indices.reduce((sum, i, k) => sum + factors[k] * (mean - data[i]), 0) / indices.length;
 *     const seconds = { sampling: 0, gather: 0, step: 1, scoring: 0, readBack: 0, update: 0 };
 *     return { losses: scores.map((s) => (s * s) / 2), scores, weights: factors, seconds };
 *   },
 *   evaluate: async () => ({ loss: data.reduce((sum, x) => sum + (mean - x) ** 2 / 8, 0) }),
 *   getState: async () => ({ kind: 'mean', version: 1 }),
 *   setState: async () => {},
 * };
 *
 * const strategy = createStrategy('uniform', { size: 4, seed: 1 });
 * for await (const event of train(learner, strategy, { batchSize: 4, epochs: 200 })) {
 *   if (event.kind === 'epoch' && event.epoch === 200) console.log(mean.toFixed(2), event.steps); // → 4.00 200
 * }
 * ```
 */
export async function* train(
  learner: Learner,
  strategy: Strategy,
  {
    batchSize = 64,
    epochs = Number.POSITIVE_INFINITY,
    budgetSeconds = Number.POSITIVE_INFINITY,
    evaluate = ['test'],
    signal,
    delay = learner.isAsynchronous && strategy.allowsDelay ? 1 : 0,
    progress = new TrainingProgress(),
  }: TrainOptions = {},
): AsyncGenerator<TrainEvent, EndReason> {
  assertLimits({ batchSize, epochs, budgetSeconds, signal });
  if (!Number.isSafeInteger(delay) || delay < 0) throw new RangeError(`delay is ${delay}; it must be an integer ≥ 0.`);
  if (delay > 0 && !strategy.allowsDelay) {
    throw new RangeError(`delay is ${delay}; it must be 0 for ${strategy.name}, which chooses by the newest model.`);
  }
  if (strategy.size !== learner.size) {
    throw new Error(
      `the strategy draws from ${strategy.size} samples, the learner has ${learner.size}; make both the same.`,
    );
  }
  const size = Math.min(batchSize, learner.size);
  const stepsPerEpoch = Math.ceil(learner.size / size);

  if (progress.steps === 0) {
    const event = await epochEvent(0);
    if (!event) return 'diverged';
    yield event;
  }
  const pipeline = new StepPipeline(learner, strategy, size, progress.seconds, delay);
  while (progress.epoch < epochs) {
    const isOver = signal?.aborted || totalSeconds(progress.seconds) >= budgetSeconds;
    if (isOver && pipeline.length === 0) {
      if (signal?.aborted) return 'aborted';
      if (progress.stepsInEpoch === 0) return 'budget';
      const event = await epochEvent(progress.epoch + progress.stepsInEpoch / stepsPerEpoch);
      if (!event) return 'diverged';
      yield event;
      return 'budget';
    }
    let step: TrainingStep;
    try {
      step = await pipeline.next(isOver ? 0 : stepsPerEpoch - progress.stepsInEpoch);
    } catch (error) {
      if (error instanceof DivergedError) return 'diverged';
      throw error;
    }
    progress.addStep(step);
    const trainingSeconds = totalSeconds(progress.seconds);
    yield { kind: 'step', epoch: progress.epoch + 1, step: progress.steps, trainingSeconds, ...step };

    if (progress.stepsInEpoch >= stepsPerEpoch) {
      const event = await epochEvent(progress.epoch + 1);
      if (!event) return 'diverged';
      progress.endEpoch();
      yield event;
    }
  }
  return 'completed';

  function epochEvent(epoch: number): Promise<EpochEvent | undefined> {
    return measureEpoch(learner, progress, { epoch, evaluate, diagnostics: strategy.diagnostics() });
  }
}
