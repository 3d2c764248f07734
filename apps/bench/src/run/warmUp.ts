import { setImmediate } from 'node:timers/promises';
import { subset } from '@gradis/datasets';
import { TfjsLearner } from '@gradis/tfjs';
import { createStrategy, train as trainSteps } from '@gradis/training';
import type { Experiment, ExperimentData } from '../experiments/Experiment.js';
import { createOptimizer } from './createOptimizer.js';
import type { Settings } from './Settings.js';
import { scoreOf } from './scoreOf.js';
import { trainingSet } from './trainingSet.js';

/** Steps and seconds for each method: enough for the engine to compile what the runs will do over and over. */
const STEPS = 30;
const SECONDS = 3;

/** Trains throw-away models for a moment, the same for every method, so that no run pays for being the first. */
export async function warmUp(
  experiment: Experiment,
  data: ExperimentData,
  settings: Settings,
  signal: AbortSignal,
): Promise<void> {
  const { batchSize } = settings;
  // Two batches are an epoch here, so that memory methods leave their first epoch.
  const few = subset(data.train, Math.min(2 * batchSize, data.train.size), { seed: 0 });
  const train = trainingSet(experiment, { ...data, train: few }, settings, 0);
  for (const method of settings.methods) {
    const model = experiment.createModel(0);
    const optimizer = createOptimizer(settings);
    const score = scoreOf(method, settings);
    const learner = new TfjsLearner({ model, optimizer, loss: experiment.loss, score, train });
    const strategy = createStrategy(method, { ...settings, size: train.size });
    const limits = { batchSize, epochs: STEPS / 2, budgetSeconds: SECONDS, evaluate: [], signal };
    for await (const _ of trainSteps(learner, strategy, limits)) await setImmediate();
    model.dispose();
    optimizer.dispose();
  }
}
