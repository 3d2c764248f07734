import { fusedAdam } from '@gradis/backends';
import { TfjsLearner } from '@gradis/tfjs';
import { createStrategy, type MethodName, methods, type Strategy, trainingStep, zeroSeconds } from '@gradis/training';
import type * as tf from '@tensorflow/tfjs';
import { endlessSteps } from '../stepCost/endlessSteps.js';
import { passFirstEpoch } from '../stepCost/passFirstEpoch.js';
import { type Turn, timeSteps } from '../stepCost/timeSteps.js';
import { benchModels } from './benchModels.js';
import { countStep, type StepCounts } from './countStep.js';
import type { TurnTimes, Workload } from './protocol.js';
import { SAMPLES, syntheticSource } from './syntheticSource.js';

/**
 * Trains one model with several methods in turns.
 *
 * The methods share model and optimiser, so that the memory they take, and where in it, is the same for all; each has a
 * strategy of its own, past its first epoch.
 */
export class Training {
  readonly #batchSize: number;
  readonly #model: tf.LayersModel;
  readonly #optimizer = fusedAdam(3e-4);
  readonly #source: ReturnType<typeof syntheticSource>;
  readonly #learners = new Map<string, TfjsLearner>();
  readonly #runs = new Map<MethodName, AsyncGenerator<unknown, void>>();

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
    const run = await this.#run(method);
    const before = process.cpuUsage();
    const milliseconds = await timeSteps(run, turn);
    const { user, system } = process.cpuUsage(before);
    return { milliseconds, processorMilliseconds: (user + system) / 1000 / milliseconds.length };
  }

  /** What one step asks of the backend. */
  async count(method: MethodName): Promise<StepCounts> {
    const strategy = await this.#strategy(method);
    const step = async () => {
      await trainingStep(this.#learner(method), strategy, this.#batchSize, zeroSeconds());
    };
    // Runs may have left a step under way, which this one waits for, so that its reads are not counted.
    await step();
    return countStep(step);
  }

  async dispose(): Promise<void> {
    for (const run of this.#runs.values()) await run.return();
    this.#model.dispose();
    this.#optimizer.dispose();
    this.#source.dispose();
  }

  /** The training by a method, which goes on from turn to turn. */
  async #run(method: MethodName): Promise<AsyncGenerator<unknown, void>> {
    let run = this.#runs.get(method);
    if (!run) {
      run = endlessSteps(this.#learner(method), await this.#strategy(method), this.#batchSize);
      this.#runs.set(method, run);
    }
    return run;
  }

  async #strategy(method: MethodName): Promise<Strategy> {
    const strategy = createStrategy(method, { size: SAMPLES, seed: 1 });
    await passFirstEpoch(strategy, this.#batchSize);
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
