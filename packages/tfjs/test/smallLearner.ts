import { RandomGenerator } from '@gradis/samplers';
import { type Strategy, TrainingProgress, type TrainOptions, train } from '@gradis/training';
import * as tf from '@tensorflow/tfjs';
import { TfjsLearner, tensorSource } from '../src/index.js';

/** Number of samples. */
export const N = 40;
export const METHODS = ['uniform', 'memory-is', 'memory-as', 'dlis', 'low'] as const;

/** The backends that take ten times as long as the others: plain JavaScript, and a GPU that a processor imitates. */
const SLOW = ['cpu', 'webgpu'];

/** How often to repeat something: `few` times on a slow backend. */
export function repetitions(many: number, few: number): number {
  return SLOW.includes(tf.getBackend()) ? few : many;
}

/** Random samples of three classes. */
export function dataset() {
  const random = new RandomGenerator(7);
  const x = tf.tensor2d(
    Float32Array.from({ length: N * 5 }, () => random.normal()),
    [N, 5],
  );
  const labels = tf.tensor1d(
    Int32Array.from({ length: N }, () => random.integer(3)),
    'int32',
  );
  return tensorSource(x, labels);
}

/** A small seeded network that gives logits. */
export function network(hidden = 6): tf.LayersModel {
  const layer = (units: number, seed: number, inputShape?: number[]) =>
    tf.layers.dense({
      units,
      inputShape,
      activation: seed === 1 ? 'tanh' : 'linear',
      kernelInitializer: tf.initializers.glorotNormal({ seed }),
    });
  return tf.sequential({ layers: [layer(hidden, 1, [5]), layer(3, 2)] });
}

export function makeLearner(optimizer: tf.Optimizer = tf.train.adam(0.01)): TfjsLearner {
  const data = dataset();
  return new TfjsLearner({ model: network(), optimizer, loss: 'softmaxCrossEntropy', train: data, test: data });
}

/** Trains for some steps and gives the losses of all samples trained on. */
export async function run(
  learner: TfjsLearner,
  strategy: Strategy,
  steps: number,
  { progress = new TrainingProgress(), delay }: Pick<TrainOptions, 'progress' | 'delay'> = {},
) {
  const losses: number[] = [];
  const stop = new AbortController();
  const options = { batchSize: 8, evaluate: [], signal: stop.signal, progress, delay };
  if (steps === 0) return losses;
  for await (const event of train(learner, strategy, options)) {
    if (event.kind !== 'step') continue;
    losses.push(...event.result.losses);
    if (event.step >= steps) stop.abort();
  }
  return losses;
}
