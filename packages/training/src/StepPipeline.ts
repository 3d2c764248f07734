import { type PhaseSeconds, secondsNow } from './Clock.js';
import type { Learner } from './Learner.js';
import type { Strategy } from './Strategy.js';
import { type BegunStep, beginStep, finishStep, type TrainingStep } from './trainingStep.js';

/**
 * Steps one after the other, up to `1 + delay` of them under way at a time: while the device works on one, the host plans
 * and queues the next. The strategy learns of each step that many steps later.
 */
export class StepPipeline {
  readonly #begun: BegunStep[] = [];

  /** @param seconds is added to, in place; what is waited for counts as `readBack` */
  constructor(
    private readonly learner: Learner,
    private readonly strategy: Strategy,
    private readonly batchSize: number,
    private readonly seconds: PhaseSeconds,
    private readonly delay: number,
  ) {}

  /** Steps under way. */
  get length(): number {
    return this.#begun.length;
  }

  /**
   * Begins what may be begun, then waits for the oldest step.
   *
   * @param most steps that may be under way; with 0, there must be one already
   * @throws DivergedError, or what learner and strategy throw; nothing is under way then
   */
  async next(most: number): Promise<TrainingStep> {
    const { learner, strategy, batchSize, seconds } = this;
    const begun = this.#begun;
    try {
      while (begun.length < Math.min(1 + this.delay, most)) {
        const step = await beginStep(learner, strategy, batchSize, seconds);
        step.result.catch(() => {}); // is looked at below, unless whoever trains has lost interest
        begun.push(step);
      }
      const { batch, result } = begun.shift() as BegunStep;
      const start = secondsNow();
      const done = await result;
      if (this.delay === 0) return finishStep(strategy, batch, done, seconds);
      // The learner's own time until the result came holds work on the step after this one.
      const waited = { ...done.seconds, readBack: secondsNow() - start };
      return finishStep(strategy, batch, { ...done, seconds: waited }, seconds);
    } catch (error) {
      await Promise.allSettled(begun.splice(0).map(({ result }) => result));
      throw error;
    }
  }
}
