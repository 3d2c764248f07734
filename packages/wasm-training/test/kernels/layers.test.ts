import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { largestError, randomNumbers } from '../support.js';
import { type LayerCase, layerCases } from './layerCases.js';

/** Relative to the largest number of a tensor: float32 sums of some hundred terms in another order. */
const TOLERANCE = 2e-5;

/** Of the differences that slopes are estimated by. */
const STEP = 2 ** -8;

/** Of slopes, by the rounding of float32 outputs and the third derivative. */
const SLOPE_TOLERANCE = 2e-3;

beforeAll(async () => {
  await installWasmTraining();
});

afterEach(async () => {
  await tf.setBackend('wasm');
});

/** A layer with random weights over random inputs, and the loss Σ cᵢ yᵢ with random c. */
interface LayerInTraining {
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

function assign(variable: tf.Variable, values: Float32Array): void {
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
async function onBackend<T>(backend: string, each: LayerCase, compute: (layer: LayerInTraining) => T): Promise<T> {
  await tf.setBackend(backend);
  const layer = inTraining(each);
  const result = compute(layer);
  layer.dispose();
  return result;
}

const testCases = (cases: LayerCase[]) => cases.map((each) => [each.name, each] as const);

describe('a training step on wasm equals one on cpu', () => {
  it.each(testCases(layerCases.filter(({ wrongOnCpu }) => !wrongOnCpu)))('%s', async (_, each) => {
    const [expected, actual] = [
      await onBackend('cpu', each, ({ step }) => step()),
      await onBackend('wasm', each, ({ step }) => step()),
    ];
    const errors = Object.entries(expected).map(([name, values]) => {
      const scale = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-30);
      return { name, error: largestError(actual[name]!, values, scale) };
    });
    expect(errors.filter(({ error }) => !(error < TOLERANCE))).toEqual([]);
  });

  it.each(testCases(layerCases.filter(({ wrongOnCpu }) => wrongOnCpu)))('%s: the loss', async (_, each) => {
    const [expected, actual] = [
      await onBackend('cpu', each, ({ loss }) => loss()),
      await onBackend('wasm', each, ({ loss }) => loss()),
    ];
    expect(Math.abs(actual - expected)).toBeLessThan(TOLERANCE * Math.abs(expected));
  });
});

/** How fast the loss changes with a variable in a direction. */
function slope({ loss }: LayerInTraining, variable: tf.Variable, direction: Float32Array): number {
  const start = variable.dataSync<'float32'>();
  const [after, before] = [STEP, -STEP].map((step) => {
    assign(
      variable,
      start.map((value, i) => value + step * direction[i]!),
    );
    return loss();
  }) as [number, number];
  assign(variable, start);
  return (after - before) / (2 * STEP);
}

describe('the gradients are the slopes of the loss', () => {
  it.each(testCases(layerCases.filter(({ hasCorners }) => !hasCorners)))('%s', async (_, each) => {
    const errors = await onBackend('wasm', each, (layer) => {
      const gradients = layer.step();
      return layer.variables.map((variable, i) => {
        const direction = randomNumbers(variable.size, i + 21);
        const terms = Array.from(gradients[`gradient ${i}`]!, (value, k) => value * direction[k]!);
        const expected = slope(layer, variable, direction);
        const error = Math.abs(terms.reduce((sum, term) => sum + term, 0) - expected);
        return { variable: i, error: error / Math.sqrt(terms.reduce((sum, term) => sum + term * term, 0)) };
      });
    });
    expect(errors.filter(({ error }) => !(error < SLOPE_TOLERANCE))).toEqual([]);
  });
});

describe('no tensor is left behind', () => {
  it.each(testCases(layerCases))('%s', async (_, each) => {
    const before = tf.memory().numTensors;
    const [first, second] = await onBackend('wasm', each, ({ step }) =>
      [1, 2].map(() => {
        step();
        return tf.memory().numTensors;
      }),
    );
    expect(second).toBe(first);
    expect(tf.memory().numTensors).toBe(before);
  });
});
