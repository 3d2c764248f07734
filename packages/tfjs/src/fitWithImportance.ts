import type { Sampler } from '@gradis/samplers';
import {
  createStrategy,
  type MethodName,
  type MethodOptions,
  methods,
  type Strategy,
  strategyOf,
  trainingStep,
  zeroSeconds,
} from '@gradis/training';
import * as tf from '@tensorflow/tfjs';
import { compiledObjective } from './compiledObjective.js';
import { tensorSource } from './DataSource.js';
import { type BaseCallback, type FitCallbacks, toCallbacks } from './fitCallbacks.js';
import { type FitData, type FitTensors, toFitTensors } from './fitData.js';
import { compiledMetrics, EpochLogs, logNames } from './fitLogs.js';
import type { Score } from './Score.js';
import { TfjsLearner } from './TfjsLearner.js';

/** Options of {@link fitWithImportance}; all but the first three are those of `model.fit`. Unknown ones are refused. */
export interface FitOptions {
  /** How to choose the samples: a method by name, or a sampler or strategy of your own. Default `'memory-is'`. */
  sampler?: MethodName | Sampler | Strategy;
  /** Which importance score to take. Default: that of the method where it has its own, else `'output-gradient'`. */
  score?: Score;
  /** Seed of the draws of a method given by name. Default 0. */
  seed?: number;
  /** Default 32, as in `model.fit`. */
  batchSize?: number;
  /** Default 1, as in `model.fit`. */
  epochs?: number;
  /** Inputs and targets to evaluate after each epoch: `val_loss` and so on in the history. */
  validationData?: [x: FitData, y: FitData];
  callbacks?: FitCallbacks;
  /** Epoch to count from, as in `model.fit`. Default 0. */
  initialEpoch?: number;
  /** How often callbacks let the page breathe, as in `model.fit`. Default `'auto'`. */
  yieldEvery?: tf.ModelFitArgs['yieldEvery'];
  /** Accepted, since calls of `model.fit` have it; nothing is printed. */
  verbose?: tf.ModelFitArgs['verbose'];
}

/**
 * Trains a compiled model as `model.fit` does, and spends its steps on the samples that matter.
 *
 * Losses and metrics in the history are estimates of their mean over the whole training set, whatever was drawn; only with
 * `pruning`, `selective-backprop`, `one-from-ten` and `ada-selection` they are means over the samples trained on. The
 * default method is unbiased; `memory-as` and `low` are not: they minimise another, weighted loss.
 *
 * A memory method begins every call with a shuffled epoch, in which it learns the scores: it takes at least two epochs to
 * gain anything. To go on over several calls, give the same sampler object to each.
 *
 * @param model compiled; its own optimizer, losses, metrics and regularisers are used. It may end in a softmax or
 *   sigmoid layer, and is then scored at what goes into that layer
 * @param x inputs: a tensor or nested array of shape [N, …], or one for each input in a list or by name
 * @param y targets: the same for each output; class indices or one-hot, as the compiled loss wants them
 * @returns the history, as of `model.fit`
 * @throws if the model is not compiled, the data do not fit it, an option is out of range, or training diverges
 * @example
 * ```ts
 * import { fitWithImportance } from '@gradis/tfjs';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, activation: 'softmax', inputShape: [1] })] });
 * model.compile({ optimizer: tf.train.adam(0.1), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
 * const x = tf.linspace(-1, 1, 64).reshape([64, 1]);
 * const y = tf.greater(x, 0).toFloat();
 *
 * const { history } = await fitWithImportance(model, x, y, { epochs: 10, batchSize: 8, validationData: [x, y] });
 * console.log(Object.keys(history).sort().join(), history.val_acc.length); // → acc,loss,val_acc,val_loss 10
 * console.log(Number(history.val_loss[9]) < Number(history.val_loss[0])); // → true
 * ```
 */
export async function fitWithImportance(
  model: tf.LayersModel,
  x: FitData,
  y: FitData,
  {
    sampler = 'memory-is',
    score = scoreOf(sampler),
    seed,
    batchSize = 32,
    epochs = 1,
    initialEpoch = 0,
    validationData,
    callbacks,
    yieldEvery = 'auto',
    verbose = 0,
    ...others
  }: FitOptions = {},
): Promise<tf.History> {
  rejectUnknown(others);
  requireCount('epochs', epochs);
  requireCount('batchSize', batchSize);
  const objective = compiledObjective(model, score);
  const data = await toFitTensors(model, x, y);
  let validation: FitTensors | undefined;
  try {
    validation = validationData && (await toFitTensors(model, ...validationData));
    const source = tensorSource(data.x, data.y);
    const learner = new TfjsLearner({
      model,
      optimizer: model.optimizer,
      loss: { objective },
      score,
      train: source,
      metrics: compiledMetrics(model),
    });
    const strategy = toStrategy(sampler, { size: source.size, seed, epochs });
    const list = toCallbacks(callbacks, yieldEvery);
    const limits = { batchSize: Math.min(batchSize, source.size), epochs, initialEpoch };
    return await runEpochs(model, learner, strategy, { ...limits, validation, verbose, callbacks: list });
  } finally {
    data.dispose();
    validation?.dispose();
  }
}

interface Run {
  batchSize: number;
  epochs: number;
  initialEpoch: number;
  validation?: FitTensors;
  verbose: number;
  callbacks: BaseCallback[];
}

async function runEpochs(
  model: tf.LayersModel,
  learner: TfjsLearner,
  strategy: Strategy,
  { batchSize, epochs, initialEpoch, validation, verbose, callbacks }: Run,
): Promise<tf.History> {
  const history = new tf.History();
  const list = new tf.CallbackList([history, ...callbacks]);
  const names = logNames(model);
  const metrics = validation ? [...names, ...names.map((name) => `val_${name}`)] : names;
  list.setModel(model);
  const steps = Math.ceil(learner.size / batchSize);
  const doValidation = validation !== undefined;
  list.setParams({ epochs, initialEpoch, samples: learner.size, steps, batchSize, verbose, doValidation, metrics });
  model.history = history;
  model.stopTraining = false;

  const seconds = zeroSeconds();
  await list.onTrainBegin();
  for (let epoch = initialEpoch; epoch < epochs && !model.stopTraining; epoch++) {
    const logs = new EpochLogs(names);
    await list.onEpochBegin(epoch);
    for (let batch = 0; batch < steps && !model.stopTraining; batch++) {
      await list.onBatchBegin(batch, { batch, size: batchSize });
      const step = await trainingStep(learner, strategy, batchSize, seconds);
      const values = logs.add(step);
      await list.onBatchEnd(batch, { batch, size: step.batch.indices.length, ...values });
    }
    await list.onEpochEnd(epoch, { ...logs.means(), ...(await validate(model, names, batchSize, validation)) });
  }
  await list.onTrainEnd();
  await history.syncData();
  return history;
}

async function validate(
  model: tf.LayersModel,
  names: string[],
  batchSize: number,
  validation?: FitTensors,
): Promise<Record<string, number>> {
  if (!validation) return {};
  const scalars = [model.evaluate(validation.x, validation.y, { batchSize })].flat();
  const values = await Promise.all(scalars.map(async (scalar) => (await scalar.data())[0]));
  tf.dispose(scalars);
  return Object.fromEntries(names.map((name, i) => [`val_${name}`, values[i]]));
}

/** The score that a method given by name is defined by; a name that is none is refused where the strategy is made. */
function scoreOf(sampler: MethodName | Sampler | Strategy): Score | undefined {
  return typeof sampler === 'string' ? methods[sampler]?.score : undefined;
}

function toStrategy(sampler: MethodName | Sampler | Strategy, options: MethodOptions): Strategy {
  if (typeof sampler === 'string') return createStrategy(sampler, options);
  const strategy = 'next' in sampler ? sampler : strategyOf(sampler);
  if (strategy.size !== options.size) {
    throw new Error(
      `the sampler draws from ${strategy.size} samples, the data have ${options.size}; make both the same.`,
    );
  }
  return strategy;
}

/** Options of `model.fit` that are not there would otherwise be ignored without a word. */
function rejectUnknown(others: object): void {
  const names = Object.keys(others);
  if (names.length === 0) return;
  throw new Error(`fitWithImportance has no option ${names.join(', ')}; leave out what it does not know.`);
}

function requireCount(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1)
    throw new RangeError(`${name} is ${value}; it must be an integer ≥ 1.`);
}
