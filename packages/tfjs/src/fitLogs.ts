import { type TrainingStep, weightedMean } from '@gradis/training';
import * as tf from '@tensorflow/tfjs';
import type { Metric } from './gradientStep.js';
import type { TfjsStepResult } from './TfjsLearner.js';
import { toList } from './tensors.js';

/** The metrics that the model was compiled with, sample by sample; one that gives a single number counts for all alike. */
export function compiledMetrics(model: tf.LayersModel): Metric[] {
  return model.metricsTensors.map(([metric, output]) => (targets, outputs) => {
    const z = toList(outputs)[output];
    const batch = z.shape[0] ?? 1;
    const values = metric(toList(targets)[output], z).toFloat();
    if (values.rank === 0) return tf.add(tf.zeros([batch]), values) as tf.Tensor1D;
    return (values.rank === 1 ? values : tf.mean(values.reshape([batch, -1]), 1)) as tf.Tensor1D;
  });
}

/** Names of the loss and the metrics, as `model.fit` gives them: repeated ones are numbered. */
export function logNames(model: tf.LayersModel): string[] {
  const { metricsNames } = model;
  return metricsNames.map((name, i) => {
    if (metricsNames.indexOf(name) === metricsNames.lastIndexOf(name)) return name;
    return `${name}_${metricsNames.slice(0, i).filter((other) => other === name).length}`;
  });
}

/** Estimates the mean loss and metrics over the training set from the batches of an epoch; plain means if these are skewed. */
export class EpochLogs {
  readonly #names: string[];
  readonly #sums: number[];
  #samples = 0;

  constructor(names: string[]) {
    this.#names = names;
    this.#sums = names.map(() => 0);
  }

  /** Takes in a step and returns the values of its batch. */
  add({ batch, result, loss }: TrainingStep): Record<string, number> {
    const size = batch.indices.length;
    const { metrics, penalty } = result as TfjsStepResult;
    const values = [loss + penalty, ...metrics.map((metric) => weightedMean(metric, batch.importanceWeights))];
    this.#samples += size;
    values.forEach((value, i) => {
      this.#sums[i] += value * size;
    });
    return this.#named(values);
  }

  /** The values of the epoch so far. */
  means(): Record<string, number> {
    return this.#named(this.#sums.map((sum) => sum / this.#samples));
  }

  #named(values: number[]): Record<string, number> {
    return Object.fromEntries(this.#names.map((name, i) => [name, values[i]]));
  }
}
