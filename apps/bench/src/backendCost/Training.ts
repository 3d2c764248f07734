import { fusedAdam } from '@gradis/backends';
import { TfjsLearner } from '@gradis/tfjs';
import { createStrategy, type MethodName, methods, type Strategy, trainingStep, zeroSeconds } from '@gradis/training';
import type * as tf from '@tensorflow/tfjs';
import { endlessSteps } from '../stepCost/endlessSteps.js';
import { passFirstEpoch } from '../stepCost/passFirstEpoch.js';
import { type Turn, timeSteps } from '../stepCost/timeSteps.js';
import { type BenchMethod, deviceMethodOf } from './BenchMethod.js';
import { benchModels } from './benchModels.js';
import { countStep, type StepCounts } from './countStep.js';
import { DeviceTraining } from './DeviceTraining.js';
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
  readonly #onDevice = new Map<string, DeviceTraining>();

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
  async time(method: BenchMethod, turn: Required<Turn>): Promise<TurnTimes> {
    const timeTurn = await this.#timer(method);
    const before = process.cpuUsage();
    const milliseconds = await timeTurn(turn);
    const { user, system } = process.cpuUsage(before);
    return { milliseconds, processorMilliseconds: (user + system) / 1000 / milliseconds.length };
  }

  /** What one step asks of the backend. */
  async count(method: BenchMethod): Promise<StepCounts> {
    const step = await this.#singleStep(method);
    // Runs may have left a step under way, which this one waits for, so that its reads are not counted.
    await step();
    return countStep(step);
  }

  async dispose(): Promise<void> {
    for (const run of this.#runs.values()) await run.return();
    for (const training of this.#onDevice.values()) training.dispose();
    this.#model.dispose();
    this.#optimizer.dispose();
    this.#source.dispose();
  }

  /** Times a turn of a method. */
  async #timer(method: BenchMethod): Promise<(turn: Required<Turn>) => Promise<number[]>> {
    const training = this.#deviceTraining(method);
    if (training) return (turn) => training.time(turn);
    const run = await this.#run(method as MethodName);
    return (turn) => timeSteps(run, turn);
  }

  /** Makes one step of a method, by itself. */
  async #singleStep(method: BenchMethod): Promise<() => Promise<void>> {
    const training = this.#deviceTraining(method);
    if (training) return async () => training.step();
    const strategy = await this.#strategy(method as MethodName);
    const learner = this.#learner(method as MethodName);
    return async () => {
      await trainingStep(learner, strategy, this.#batchSize, zeroSeconds());
    };
  }

  /** The training by a method on the device, if that is meant, which goes on from turn to turn. */
  #deviceTraining(method: BenchMethod): DeviceTraining | undefined {
    const name = deviceMethodOf(method);
    if (!name) return undefined;
    let training = this.#onDevice.get(name);
    if (!training) {
      training = new DeviceTraining(this.#learner(name), name, this.#batchSize);
      this.#onDevice.set(name, training);
    }
    return training;
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
