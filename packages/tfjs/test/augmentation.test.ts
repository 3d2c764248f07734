import { createStrategy, strategyFromState, TrainingProgress } from '@gradis/training';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { type GatherableDataset, TfjsLearner } from '../src/index.js';
import { N, network, repetitions, run } from './smallLearner.js';

/** Three classes of five values, which a view moves; without a view they are the plain ones. */
const augmented: GatherableDataset = {
  size: N,
  gather(indices, _into, view) {
    const values = Array.from(indices, (i) => [0, 1, 2, 3, 4].map((k) => Math.sin(5 * i + k) + moveOf(i, view)));
    return {
      inputs: { data: Float32Array.from(values.flat()), shape: [indices.length, 5] },
      targets: { data: Int32Array.from(indices, (i) => i % 3), shape: [indices.length] },
    };
  },
};
const moveOf = (index: number, view?: number) => (view === undefined ? 0 : 1 + Math.cos(index + 7 * view));

const makeLearner = (train: GatherableDataset = augmented) =>
  new TfjsLearner({ model: network(), optimizer: tf.train.adam(0.01), loss: 'softmaxCrossEntropy', train });

describe('augmented samples', () => {
  it('are scored and trained on in the same view, which changes with the step, and evaluated as they are', async () => {
    const views: (number | undefined)[] = [];
    const learner = makeLearner({
      size: N,
      gather: (indices, into, view) => {
        views.push(view);
        return augmented.gather(indices, into, view);
      },
    });
    const indices = Int32Array.of(0, 1);
    const weights = Float32Array.of(1, 1);
    const scores = await learner.scores(indices);
    const first = await learner.step({ indices, weights, scored: true });
    await learner.evaluate('train');
    const second = await learner.step({ indices, weights, scored: true });
    expect(views).toEqual([0, 0, undefined, 1]);
    first.scores?.forEach((score, i) => {
      expect(score).toBeCloseTo(scores[i], 5);
    });
    expect(second.scores?.[0]).not.toBeCloseTo(scores[0], 2);
  });

  it('come in the views that they would have come in, when a run is restored', async () => {
    const [half, all] = [repetitions(17, 7), repetitions(40, 14)];
    const delay = 0;
    const whole = await run(makeLearner(), createStrategy('memory-is', { size: N }), all, { delay });

    const learner = makeLearner();
    const strategy = createStrategy('memory-is', { size: N });
    const progress = new TrainingProgress();
    const first = await run(learner, strategy, half, { progress, delay });
    const restored = makeLearner();
    await restored.setState(structuredClone(await learner.getState()));
    const again = strategyFromState(structuredClone(strategy.getState()));
    const rest = await run(restored, again, all, { progress: TrainingProgress.fromState(progress.getState()), delay });
    expect([...first, ...rest]).toEqual(whole);

    // The check can fail: without the number of steps the views would start again.
    const forgetful = makeLearner();
    await forgetful.setState(Object.assign(await learner.getState(), { steps: 0 }));
    const other = await run(forgetful, strategyFromState(strategy.getState()), all, {
      progress: TrainingProgress.fromState(progress.getState()),
      delay,
    });
    expect([...first, ...other]).not.toEqual(whole);
  });
});
