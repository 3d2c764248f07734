import { createStrategy, strategyFromState, TrainingProgress } from '@gradis/training';
import { installWasmTraining } from '@gradis/wasm-training';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { TfjsLearner } from '../src/index.js';
import { dataset, makeLearner, N, run } from './smallLearner.js';

describe.each(['cpu', 'wasm'])('the state of a TfjsLearner on %s', (backend) => {
  beforeAll(async () => {
    if (backend === 'wasm') await installWasmTraining();
    await tf.setBackend(backend);
    await tf.ready();
  });

  it.each([
    ['adam', () => tf.train.adam(0.01)],
    ['momentum', () => tf.train.momentum(0.05, 0.9)],
    ['sgd', () => tf.train.sgd(0.05)],
    ['rmsprop', () => tf.train.rmsprop(0.01)],
  ])('continues from a saved state as if it had not stopped, with %s', async (_, optimizer) => {
    const whole = await run(makeLearner(optimizer()), createStrategy('memory-is', { size: N }), 40);

    const learner = makeLearner(optimizer());
    const strategy = createStrategy('memory-is', { size: N });
    const progress = new TrainingProgress();
    const first = await run(learner, strategy, 17, progress);
    const saved = structuredClone({
      learner: await learner.getState(),
      strategy: strategy.getState(),
      progress: progress.getState(),
    });

    const restored = makeLearner(optimizer());
    await restored.setState(saved.learner);
    const rest = await run(restored, strategyFromState(saved.strategy), 40, TrainingProgress.fromState(saved.progress));
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
    await run(learner, createStrategy('memory-is', { size: N }), 20);
    const fresh = make();
    const movingMean = (m: tf.LayersModel) => Array.from(m.layers[0].getWeights()[2].dataSync());
    expect(movingMean(model)).not.toEqual(movingMean(fresh.model));
    await fresh.learner.setState(structuredClone(await learner.getState()));
    expect(movingMean(fresh.model)).toEqual(movingMean(model));
    expect(await fresh.learner.evaluate('test')).toEqual(await learner.evaluate('test'));
  });
});
