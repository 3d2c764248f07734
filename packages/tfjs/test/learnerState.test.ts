import { createStrategy, strategyFromState, TrainingProgress } from '@gradis/training';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { TfjsLearner } from '../src/index.js';
import { dataset, makeLearner, N, repetitions, run } from './smallLearner.js';

describe('the state of a TfjsLearner', () => {
  it.each([
    ['adam', () => tf.train.adam(0.01)],
    ['momentum', () => tf.train.momentum(0.05, 0.9)],
    ['sgd', () => tf.train.sgd(0.05)],
    ['rmsprop', () => tf.train.rmsprop(0.01)],
  ])('continues from a saved state as if it had not stopped, with %s', async (_, optimizer) => {
    // Saved in the middle of an epoch, and without a step under way that the strategy has not learnt of yet.
    const [half, all] = [repetitions(17, 7), repetitions(40, 14)];
    const delay = 0;
    const whole = await run(makeLearner(optimizer()), createStrategy('memory-is', { size: N }), all, { delay });

    const learner = makeLearner(optimizer());
    const strategy = createStrategy('memory-is', { size: N });
    const progress = new TrainingProgress();
    const first = await run(learner, strategy, half, { progress, delay });
    const saved = structuredClone({
      learner: await learner.getState(),
      strategy: strategy.getState(),
      progress: progress.getState(),
    });

    const restored = makeLearner(optimizer());
    await restored.setState(saved.learner);
    const rest = await run(restored, strategyFromState(saved.strategy), all, {
      progress: TrainingProgress.fromState(saved.progress),
      delay,
    });
    expect([...first, ...rest]).toEqual(whole);
  });

  it('saves and restores the moving averages of batch normalisation', async () => {
    const make = () => {
      const norm = tf.layers.batchNormalization({ inputShape: [5] });
      const head = tf.layers.dense({ units: 3, kernelInitializer: tf.initializers.glorotNormal({ seed: 1 }) });
      const model = tf.sequential({ layers: [norm, head] });
      const data = dataset();
      const options = { model, optimizer: tf.train.adam(0.01), train: data, test: data };
      return { model, learner: new TfjsLearner({ ...options, loss: 'softmaxCrossEntropy' }) };
    };
    const { model, learner } = make();
    await run(learner, createStrategy('memory-is', { size: N }), repetitions(20, 4));
    const fresh = make();
    const movingMean = async (m: tf.LayersModel) => Array.from(await m.layers[0].getWeights()[2].data());
    expect(await movingMean(model)).not.toEqual(await movingMean(fresh.model));
    await fresh.learner.setState(structuredClone(await learner.getState()));
    expect(await movingMean(fresh.model)).toEqual(await movingMean(model));
    expect(await fresh.learner.evaluate('test')).toEqual(await learner.evaluate('test'));
  });
});
