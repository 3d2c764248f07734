import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { installWasmTraining } from '../../src/index.js';
import { largestError, randomNumbers } from '../support.js';
import { type LayerCase, layerCases } from './layerCases.js';
import { assign, type LayerInTraining, onBackend } from './layerTraining.js';

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

const testCases = (cases: LayerCase[]) => cases.map((each) => [each.name, each] as const);

/** The tensors that differ by more than rounding. */
function differences(actual: Record<string, Float32Array>, expected: Record<string, Float32Array>) {
  return Object.entries(expected)
    .map(([name, values]) => {
      const scale = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-30);
      return { name, error: largestError(actual[name]!, values, scale) };
    })
    .filter(({ error }) => !(error < TOLERANCE));
}

describe('a training step on wasm equals one on cpu', () => {
  it.each(testCases(layerCases.filter(({ wrongOnCpu }) => !wrongOnCpu)))('%s', async (_, each) => {
    const [expected, actual] = [
      await onBackend('cpu', each, ({ step }) => step()),
      await onBackend('wasm', each, ({ step }) => step()),
    ];
    expect(differences(actual, expected)).toEqual([]);
  });

  it.each(testCases(layerCases.filter(({ wrongOnCpu }) => wrongOnCpu)))('%s: the loss', async (_, each) => {
    const [expected, actual] = [
      await onBackend('cpu', each, ({ loss }) => loss()),
      await onBackend('wasm', each, ({ loss }) => loss()),
    ];
    expect(Math.abs(actual - expected)).toBeLessThan(TOLERANCE * Math.abs(expected));
  });

  it('and the test notices a weight that is off by 1e-3', async () => {
    const each = layerCases.find(({ name }) => name === 'dense with tanh')!;
    const expected = await onBackend('cpu', each, ({ step }) => step());
    const actual = await onBackend('wasm', each, ({ step, variables }) => {
      const [, weights] = variables;
      const values = weights!.dataSync<'float32'>();
      assign(weights!, values.with(5, values[5]! + 1e-3));
      return step();
    });
    const names = differences(actual, expected).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['outputs', 'loss', 'gradient 0', 'gradient 1']));
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

/** The variables whose gradients are not the slopes along a random direction in which the loss should increase. */
function wrongGradients(layer: LayerInTraining, gradients: Record<string, Float32Array>) {
  return layer.variables
    .map((variable, i) => {
      const gradient = gradients[`gradient ${i}`]!;
      const direction = randomNumbers(variable.size, i + 21).map(
        (value, k) => Math.abs(value) * (gradient[k]! < 0 ? -1 : 1),
      );
      const derivative = gradient.reduce((sum, value, k) => sum + value * direction[k]!, 0);
      return { variable: i, error: Math.abs(slope(layer, variable, direction) / derivative - 1) };
    })
    .filter(({ error }) => !(error < SLOPE_TOLERANCE));
}

describe('the gradients are the slopes of the loss', () => {
  it.each(testCases(layerCases.filter(({ hasCorners }) => !hasCorners)))('%s', async (_, each) => {
    const wrong = await onBackend('wasm', each, (layer) => wrongGradients(layer, layer.step()));
    expect(wrong).toEqual([]);
  });

  it('and the test notices gradients that are 1 % too large', async () => {
    const each = layerCases.find(({ name }) => name === 'dense with tanh')!;
    const wrong = await onBackend('wasm', each, (layer) => {
      const enlarged = Object.entries(layer.step()).map(([name, values]) => [
        name,
        values.map((value) => 1.01 * value),
      ]);
      return wrongGradients(layer, Object.fromEntries(enlarged));
    });
    expect(wrong.map(({ variable }) => variable)).toEqual([0, 1, 2]);
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
