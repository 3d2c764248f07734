import { fusedAdam } from '@gradis/backends';
import { TfjsLearner } from '@gradis/tfjs';
import { createStrategy, type MethodName, methods, type Strategy } from '@gradis/training';
import type * as tf from '@tensorflow/tfjs';
import { passFirstEpoch } from '../stepCost/passFirstEpoch.js';
import { type Turn, timeSteps } from '../stepCost/timeSteps.js';
import { trainStep } from '../stepCost/trainStep.js';
import { benchModels } from './benchModels.js';
import { countStep, type StepCounts } from './countStep.js';
import type { TurnTimes, Workload } from './protocol.js';
import { SAMPLES, syntheticSource } from './syntheticSource.js';

/**
 * Trains one model with several methods in turns.
 *
 * The methods share model and optimiser, so that the memory they take, and where in it, is the same for all; each has its
 * own strategy, past its first epoch.
 */
export class Training {
  readonly #batchSize: number;
  readonly #model: tf.LayersModel;
  readonly #optimizer = fusedAdam(3e-4);
  readonly #source: ReturnType<typeof syntheticSource>;
  readonly #learners = new Map<string, TfjsLearner>();
  readonly #strategies = new Map<MethodName, Strategy>();

  constructor({ model, batchSize }: Workload) {
    const { create, inputShape } = benchModels[model];
    this.#batchSize = batchSize;
    this.#model = create(1);
    this.#source = syntheticSource(inputShape);
  }

  /** Number of trained values. */
  get parameters(): number {
    return this.#model.trainableWeights.reduce((sum, weight) => sum + weight.read().size, 0);
  }

  /** Times of one turn. */
  async time(method: MethodName, turn: Turn): Promise<TurnTimes> {
    const strategy = await this.#strategy(method);
    const before = process.cpuUsage();
    const milliseconds = await timeSteps(strategy, this.#learner(method), this.#batchSize, turn);
    const { user, system } = process.cpuUsage(before);
    return { milliseconds, processorMilliseconds: (user + system) / 1000 / milliseconds.length };
  }

  /** What one step asks of the backend. */
  async count(method: MethodName): Promise<StepCounts> {
    const strategy = await this.#strategy(method);
    return countStep(() => trainStep(strategy, this.#learner(method), this.#batchSize));
  }

  dispose(): void {
    this.#model.dispose();
    this.#optimizer.dispose();
    this.#source.dispose();
  }

  async #strategy(method: MethodName): Promise<Strategy> {
    let strategy = this.#strategies.get(method);
    if (!strategy) {
      strategy = createStrategy(method, { size: SAMPLES, seed: 1 });
      await passFirstEpoch(strategy, this.#batchSize);
      this.#strategies.set(method, strategy);
    }
    return strategy;
  }

  #learner(method: MethodName): TfjsLearner {
    const score = methods[method].score ?? 'output-gradient';
    let learner = this.#learners.get(score);
    if (!learner) {
      learner = new TfjsLearner({
        model: this.#model,
        optimizer: this.#optimizer,
        loss: 'softmaxCrossEntropy',
        score,
        train: this.#source,
      });
      this.#learners.set(score, learner);
    }
    return learner;
  }
}
