import { type LowOptions, lowWeights, RandomGenerator } from '@gradis/samplers';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { lowWeightRule, TfjsLearner } from '../src/index.js';
import { valuesOf } from './deviceTools.js';
import { dataset, network } from './smallLearner.js';

describe('weights of LOW on the device', () => {
  it.each<[number, LowOptions]>([
    [1, {}],
    [2, { lambda: 0.01 }],
    [64, {}],
    [64, { lambda: 1 }],
    [64, { lossScaling: 'mean' }],
    [256, { lambda: 10 }],
    [1024, { lambda: 0.5 }],
  ])('are those on the host for %d scores, %j', async (size, options) => {
    const random = new RandomGenerator(size);
    const before = tf.memory().numTensors;
    for (const scores of [
      Float32Array.from({ length: size }, () => Math.abs(random.normal())),
      Float32Array.from({ length: size }, () => random.integer(3)), // ties
      new Float32Array(size), // nothing but ties
      Float32Array.from({ length: size }, () => 10 ** (8 * random.uniform() - 4)),
    ]) {
      const expected = lowWeights(scores, options);
      const tensor = tf.tensor1d(scores);
      const weights = await valuesOf(lowWeightRule(options)(tensor));
      tensor.dispose();
      // Sums of up to n terms, each rounded, against a sum of n: relative to the weight or to 1, whichever is more.
      const errors = weights.map((weight, i) => Math.abs(weight - expected[i]) / Math.max(1, expected[i]));
      expect(Math.max(...errors)).toBeLessThan(1e-5);
      expect(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) / size - 1)).toBeLessThan(1e-5);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('would be seen to differ with another λ', async () => {
    const scores = [1, 0.5, 0.2];
    const weights = await valuesOf(lowWeightRule({ lambda: 0.51 })(tf.tensor1d(scores)));
    const expected = lowWeights(scores, { lambda: 0.5 });
    expect(Math.max(...expected.map((weight, i) => Math.abs(weight - weights[i])))).toBeGreaterThan(1e-3);
  });

  it('refuses options that the one on the host refuses', () => {
    expect(() => lowWeightRule({ lambda: 0 })).toThrow('lambda is 0');
    expect(() => lowWeightRule({ lossScaling: 'max' as 'sum' })).toThrow("lossScaling is 'max'");
  });
});

describe('a step on the device with a rule for the weights', () => {
  const indices = Int32Array.of(3, 1, 3, 0, 2);

  /** A learner, and its parameters after one step. */
  function learnerWithParameters() {
    const model = network();
    const data = dataset();
    const optimizer = tf.train.sgd(1);
    const learner = new TfjsLearner({ model, optimizer, loss: 'softmaxCrossEntropy', train: data });
    return {
      learner,
      parameters: () => Promise.all(model.getWeights().map(async (weight) => (await weight.data()).slice())),
    };
  }

  it('makes the step that the same weights as constants make', async () => {
    const rule = lowWeightRule({ lambda: 1 });
    const ruled = learnerWithParameters();
    const onDevice = tf.tensor1d(indices, 'int32');
    const { losses, scores } = ruled.learner.stepOnDevice({ indices: onDevice, weights: rule, scored: false });
    expect(losses.shape).toEqual([5]);
    const weights = rule(scores as tf.Tensor1D);
    const constant = learnerWithParameters();
    constant.learner.stepOnDevice({ indices: onDevice, weights, scored: false });
    expect(await ruled.parameters()).toEqual(await constant.parameters());

    const host = learnerWithParameters();
    await host.learner.step({ indices, weights: Float32Array.from(await weights.data()), scored: false });
    expect(await ruled.parameters()).toEqual(await host.parameters());
    const plain = learnerWithParameters();
    plain.learner.stepOnDevice({ indices: onDevice, scored: false });
    expect(await ruled.parameters()).not.toEqual(await plain.parameters());
  });

  it('throws what the rule throws, leaves the model as it was, and leaves nothing behind', async () => {
    const { learner, parameters } = learnerWithParameters();
    const onDevice = tf.tensor1d(indices, 'int32');
    const before = await parameters();
    const tensors = tf.memory().numTensors;
    const weights = () => {
      throw new Error('no weights today');
    };
    expect(() => learner.stepOnDevice({ indices: onDevice, weights, scored: false })).toThrow('no weights today');
    expect(tf.memory().numTensors).toBe(tensors);
    expect(await parameters()).toEqual(before);
  });
});
