import type { PerSampleLoss } from '@gradis/importance';
import {
  type Batch,
  type Evaluation,
  type Learner,
  type LearnerState,
  type Signal,
  type StepResult,
  secondsNow,
  type WeightRule,
  zeroSeconds,
} from '@gradis/training';
import * as tf from '@tensorflow/tfjs';
import { type DataSource, datasetSource, type GatherableDataset } from './DataSource.js';
import { featuresNetwork } from './featuresNetwork.js';
import { finalActivations } from './finalActivation.js';
import { gradientStep, type Metric, type TensorWeightRule } from './gradientStep.js';
import { misclassified } from './misclassified.js';
import { assertLogits, forwardPass, layersNetwork, type Network } from './Network.js';
import { createObjective, type LossName, type Objective } from './Objective.js';
import { getOptimizerState, type OptimizerState, setOptimizerState } from './optimizerState.js';
import type { Score } from './Score.js';
import { canReadSynchronously, theOnly } from './tensors.js';

/** Options of a {@link TfjsLearner}. */
export interface TfjsLearnerOptions {
  /** A tf.LayersModel, or a function with its variables. It must give logits where the loss expects them. */
  model: tf.LayersModel | Network;
  /** Any TF.js optimizer. */
  optimizer: tf.Optimizer;
  /** A loss by name, any per-sample loss, or an objective of your own that gives scores, too. */
  loss: LossName | PerSampleLoss | { objective: Objective };
  /**
   * Which importance score to take. Default `'output-gradient'`. `'last-layer'` is for models that end in a dense layer.
   * An objective of your own gives scores as it likes; it gets the features if this says `'last-layer'`.
   */
  score?: Score;
  /** Training samples. */
  train: DataSource | GatherableDataset;
  /** Test samples, for `evaluate('test')`. */
  test?: DataSource | GatherableDataset;
  /** 1 for a wrong and 0 for a right sample, for the error of an evaluation. Default: by class for softmax cross-entropy. */
  mistakes?: PerSampleLoss;
  /** Further per-sample values to read with each step, from its training forward pass. */
  metrics?: readonly Metric[];
  /** Samples in a forward pass without gradient. Default 1,024. */
  evaluationBatchSize?: number;
}

/** What a step of a {@link TfjsLearner} found out. */
export interface TfjsStepResult extends StepResult {
  /** Values of each metric. [B] */
  metrics: Float32Array[];
  /** What the regularisers added to the loss. */
  penalty: number;
}

/** What {@link TfjsLearner.stepOnDevice} is asked to train on. */
export interface DeviceBatch {
  /** Samples of the training set. int32, [B] */
  indices: tf.Tensor1D;
  /** Factors wᵢ of `(1/B) Σ wᵢ ∇ℓᵢ`, or a rule that computes them from the scores of this very pass; none: all 1. [B] */
  weights?: tf.Tensor1D | TensorWeightRule;
  /** Whether the scores are wanted. */
  scored: boolean;
}

/** What a step found out, in tensors; whoever asked for it disposes them. */
export interface DeviceStepResult {
  /** Unweighted loss of each sample. [B] */
  losses: tf.Tensor1D;
  /** Importance score of each sample, if the batch asked for them or a rule needed them. [B] */
  scores?: tf.Tensor1D;
}

/** Saved state of a {@link TfjsLearner}. */
export interface TfjsLearnerState extends LearnerState {
  readonly kind: 'TfjsLearner';
  /** Trained variables, then the others, in the order of the model. */
  readonly variables: readonly Float32Array[];
  readonly optimizer: OptimizerState;
  /** Steps made so far: which views of augmented samples come next. */
  readonly steps: number;
}

/**
 * Trains a TensorFlow.js model on any backend with any `tf.Optimizer`: the `Learner` for `train` of `@gradis/training`.
 *
 * One step is `θ ← optimizer(∇ (1/B) Σ wᵢ ℓᵢ)`, regularisers unweighted. Losses and scores are those of the training
 * forward pass. On WebGPU, which cannot be read within a step, a weight rule gets the scores of an inference pass before
 * it. Times are those of the host: a backend that queues its work (WebGPU, CUDA) shows most of it as read-back.
 *
 * Augmented samples (`withFlipsAndCrops` of `@gradis/datasets`) are trained on and scored in the views of the step, the
 * same in both, and evaluated as they are.
 *
 * `getState` works with the optimizers that give their weights: all of TF.js but Adamax.
 *
 * @throws if the model ends in a softmax or sigmoid layer and the loss, given by name, expects logits; if the score is
 *   `'last-layer'` and the model does not end in a dense layer
 * @example
 * ```ts
 * import { TfjsLearner, tensorSource } from '@gradis/tfjs';
 * import { createStrategy, train } from '@gradis/training';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const x = tf.linspace(-1, 1, 100).reshape([100, 1]);
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })] });
 * const learner = new TfjsLearner({
 *   model,
 *   optimizer: tf.train.sgd(0.5),
 *   loss: 'squaredError',
 *   train: tensorSource(x, x.mul(3)),
 *   test: tensorSource(x, x.mul(3)),
 * });
 * for await (const event of train(learner, createStrategy('memory-is', { size: 100 }), { batchSize: 10, epochs: 20 })) {
 *   if (event.kind === 'epoch' && event.epoch === 20) console.log((event.test?.loss ?? 1) < 1e-3); // → true
 * }
 * ```
 */
export class TfjsLearner implements Learner {
  readonly #network: Network;
  readonly #optimizer: tf.Optimizer;
  readonly #objective: Objective;
  readonly #sources: { train: DataSource; test?: DataSource };
  readonly #mistakes?: PerSampleLoss;
  readonly #metrics: readonly Metric[];
  readonly #evaluationBatchSize: number;
  #steps = 0;

  constructor(options: TfjsLearnerOptions) {
    const { model, optimizer, loss, score, train, test, metrics = [], evaluationBatchSize = 1024 } = options;
    if (model instanceof tf.LayersModel && (loss === 'softmaxCrossEntropy' || loss === 'sigmoidCrossEntropy')) {
      assertLogits(model);
    }
    if (score === 'last-layer') this.#network = featuresNetwork(model);
    else this.#network = model instanceof tf.LayersModel ? layersNetwork(model) : model;
    this.#optimizer = optimizer;
    const activation = model instanceof tf.LayersModel ? finalActivations(model)[0] : undefined;
    this.#objective = typeof loss === 'object' ? loss.objective : createObjective(loss, score, activation);
    this.#sources = { train: toSource(train), test: test && toSource(test) };
    this.#mistakes = options.mistakes ?? (loss === 'softmaxCrossEntropy' ? misclassified : undefined);
    this.#metrics = metrics;
    this.#evaluationBatchSize = evaluationBatchSize;
  }

  get size(): number {
    return this.#sources.train.size;
  }

  /**
   * On WebGPU a step is queued, and another may be asked for while it runs. Native TensorFlow is read synchronously, so that
   * on its GPU every step is waited for: `trainOnDevice` does not.
   */
  get isAsynchronous(): boolean {
    return !canReadSynchronously();
  }

  scores(indices: Int32Array): Promise<Float32Array> {
    return this.#judge(indices, 'scores');
  }

  losses(indices: Int32Array): Promise<Float32Array> {
    return this.#judge(indices, 'losses');
  }

  async step({ indices, weights, scored }: Batch): Promise<TfjsStepResult> {
    const seconds = zeroSeconds();
    const start = secondsNow();
    if (typeof weights === 'function' && !canReadSynchronously()) {
      weights = weights(await this.scores(indices));
      seconds.scoring += secondsNow() - start;
    }
    const startOfGather = secondsNow();
    const batch = this.#sources.train.take(indices, this.#steps);
    const startOfStep = secondsNow();
    seconds.gather += startOfStep - startOfGather;

    let appliedWeights = weights as Float32Array;
    const ruled = (rule: WeightRule, scores: tf.Tensor1D) => {
      appliedWeights = rule(scores.dataSync() as Float32Array);
      return tf.tensor1d(appliedWeights);
    };
    const { tensors, scoringSeconds } = gradientStep(this.#network, this.#objective, this.#optimizer, {
      ...batch,
      weights: typeof weights === 'function' ? ruled.bind(undefined, weights) : weights,
      scored,
      metrics: this.#metrics,
    });
    const startOfReadBack = secondsNow();
    seconds.step += startOfReadBack - startOfStep - scoringSeconds;
    seconds.scoring += scoringSeconds;
    this.#steps++;

    // All reads begin at once: one that began later would wait for the step that is queued behind this one, too.
    const read = async (tensor: tf.Tensor) => (await tensor.data()) as Float32Array;
    const [losses, scores, [penalty], ...metrics] = await Promise.all([
      read(tensors.losses),
      tensors.scores && read(tensors.scores),
      tensors.penalty ? read(tensors.penalty) : [0],
      ...tensors.metrics.map(read),
    ]);
    tf.dispose([batch.inputs, batch.targets, tensors]);
    seconds.readBack += secondsNow() - startOfReadBack;
    return { losses, scores, metrics, penalty, weights: appliedWeights, seconds };
  }

  /**
   * One step on a batch that is on the device, of which nothing is read: on a backend that queues its work, it returns
   * before the step is made. Metrics are not computed.
   *
   * @returns losses and scores of the training forward pass, which the caller disposes
   * @throws if the training samples are not on the device
   */
  stepOnDevice({ indices, weights, scored }: DeviceBatch): DeviceStepResult {
    const { train } = this.#sources;
    if (!train.takeRows) {
      throw new Error(
        'the training samples are not on the device; give the learner `train: tensorSource(x, y)` or `deviceSource(dataset)`.',
      );
    }
    const batch = train.takeRows(indices);
    const step = { ...batch, weights, scored, metrics: [] };
    const { tensors } = gradientStep(this.#network, this.#objective, this.#optimizer, step);
    tf.dispose([batch.inputs, batch.targets, tensors.penalty ?? []]);
    this.#steps++;
    return { losses: tensors.losses, scores: tensors.scores };
  }

  async evaluate(split: 'train' | 'test'): Promise<Evaluation> {
    const source = this.#sources[split];
    if (!source?.size) throw new Error(`there are no ${split} samples; give them to the learner as \`${split}\`.`);
    let loss = 0;
    let errors = 0;
    for (let first = 0; first < source.size; first += this.#evaluationBatchSize) {
      const size = Math.min(this.#evaluationBatchSize, source.size - first);
      const sums = tf.tidy(() => {
        const { inputs, targets } = source.take(Int32Array.from({ length: size }, (_, i) => first + i));
        const { outputs, features } = forwardPass(this.#network, inputs, false);
        const losses = this.#objective(targets, outputs, features).losses();
        const mistakes = this.#mistakes?.(theOnly(targets, 'targets'), theOnly(outputs, 'outputs'));
        return tf.stack(mistakes ? [losses.sum(), mistakes.sum()] : [losses.sum()]);
      });
      const [lossSum, errorSum = 0] = await sums.data();
      sums.dispose();
      loss += lossSum / source.size;
      errors += errorSum;
    }
    return this.#mistakes ? { loss, error: errors / source.size } : { loss };
  }

  /** Forward passes in inference mode over training samples, as many as they take. */
  async #judge(indices: Int32Array, signal: Signal): Promise<Float32Array> {
    const values = new Float32Array(indices.length);
    for (let first = 0; first < indices.length; first += this.#evaluationBatchSize) {
      const tensor = tf.tidy(() => {
        const part = indices.subarray(first, first + this.#evaluationBatchSize);
        const { inputs, targets } = this.#sources.train.take(part, this.#steps);
        const { outputs, features } = forwardPass(this.#network, inputs, false);
        return this.#objective(targets, outputs, features)[signal]();
      });
      values.set(await tensor.data(), first);
      tensor.dispose();
    }
    return values;
  }

  async getState(): Promise<TfjsLearnerState> {
    const { variables, buffers = [] } = this.#network;
    const saved = await Promise.all(
      [...variables, ...buffers].map(async (variable) => Float32Array.from(await variable.data())),
    );
    const optimizer = await getOptimizerState(this.#optimizer);
    return { kind: 'TfjsLearner', version: 1, variables: saved, optimizer, steps: this.#steps };
  }

  async setState(state: LearnerState): Promise<void> {
    if (state.kind !== 'TfjsLearner' || state.version !== 1) {
      throw new Error(`cannot restore a TfjsLearner from a state of kind ${state.kind}, version ${state.version}.`);
    }
    const { variables: saved, optimizer, steps } = state as TfjsLearnerState;
    const variables = [...this.#network.variables, ...(this.#network.buffers ?? [])];
    if (saved.length !== variables.length || saved.some((values, i) => values.length !== variables[i].size)) {
      throw new Error(
        `the state holds variables of ${saved.map((v) => v.length).join(', ')} values, ` +
          `the model has ${variables.map((v) => v.size).join(', ')}; restore it into the model it was taken from.`,
      );
    }
    tf.tidy(() => {
      for (const [i, variable] of variables.entries()) variable.assign(tf.tensor(saved[i], variable.shape));
    });
    await setOptimizerState(this.#optimizer, optimizer);
    this.#steps = steps;
  }
}

function toSource(data: DataSource | GatherableDataset): DataSource {
  return 'take' in data ? data : datasetSource(data);
}
