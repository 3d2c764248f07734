import * as tf from '@tensorflow/tfjs';
import { randomNumbers } from '../support.js';
import type { LayerCase } from './layerCases.js';

/** A layer with random weights over random inputs, and the loss Σ cᵢ yᵢ with random c. */
export interface LayerInTraining {
  /** The outputs, one loss and its gradients, and what the weights that are not trained have become. */
  step: () => Record<string, Float32Array>;
  /** The loss in float64. */
  loss: () => number;
  /** What gradients are for: inputs and weights. */
  variables: tf.Variable[];
  dispose: () => void;
}

function inTraining(each: LayerCase): LayerInTraining {
  const layer = each.layer();
  const inputs = each.inputs.map((shape, i) =>
    tf.tidy(() => tf.variable(inputOf(each, shape, i + 1), !each.categories)),
  );
  const apply = () => layer.apply(inputs.length === 1 ? inputs[0]! : inputs, { training: true }) as tf.Tensor;
  const outShape = tf.tidy(() => apply().shape);
  const factors = randomNumbers(tf.util.sizeFromShape(outShape), 7);
  const c = tf.tensor(factors, outShape);
  const weights = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
  weights.forEach((weight, i) => {
    assign(
      weight,
      randomNumbers(weight.size, i + 11).map((value) => value / 2),
    );
  });
  const variables = [...(each.categories ? [] : inputs), ...weights];
  const step = () => {
    const values: Record<string, Float32Array> = {};
    const { value, grads } = tf.variableGrads(() => {
      const y = apply();
      values.outputs = y.dataSync<'float32'>();
      return tf.sum(tf.mul(y, c));
    }, variables);
    values.loss = value.dataSync<'float32'>();
    variables.forEach(({ name }, i) => {
      values[`gradient ${i}`] = grads[name]!.dataSync<'float32'>();
    });
    layer.nonTrainableWeights.forEach((weight, i) => {
      values[`state ${i}`] = weight.read().dataSync<'float32'>();
    });
    tf.dispose([value, grads]);
    return values;
  };
  const loss = () => {
    const y = tf.tidy(() => apply().dataSync<'float32'>());
    return factors.reduce((sum, factor, i) => sum + factor * y[i]!, 0);
  };
  return { step, loss, variables, dispose: () => tf.dispose([c, ...inputs, ...layer.weights.map((w) => w.read())]) };
}

export function assign(variable: tf.Variable, values: Float32Array): void {
  tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
}

function inputOf({ categories }: LayerCase, shape: number[], seed: number): tf.Tensor {
  const numbers = randomNumbers(tf.util.sizeFromShape(shape), seed);
  if (!categories) return tf.tensor(numbers, shape);
  return tf.tensor(
    numbers.map((value) => Math.floor(((value + 1) / 2) * categories)),
    shape,
    'int32',
  );
}

/** What a layer computes on a backend. */
export async function onBackend<T>(
  backend: string,
  each: LayerCase,
  compute: (layer: LayerInTraining) => T,
): Promise<T> {
  await tf.setBackend(backend);
  const layer = inTraining(each);
  const result = compute(layer);
  layer.dispose();
  return result;
}
