import { subset } from '@gradis/datasets';
import type { Experiment, ExperimentData } from '../experiments/Experiment.js';
import { runOne } from './runOne.js';
import type { Settings } from './Settings.js';

/** Steps for each method: enough for the engine to compile what the runs will do over and over. */
const STEPS = 30;

/** Trains throw-away models for a moment, the same for every method, so that no run pays for being the first. */
export async function warmUp(experiment: Experiment, data: ExperimentData, settings: Settings): Promise<void> {
  const { batchSize } = settings;
  // Two batches are an epoch here, so that memory methods leave their first epoch.
  const few = (size: number) => subset(data.train, Math.min(size, data.train.size), { seed: 0 });
  const small = { train: few(2 * batchSize), test: few(batchSize) };
  for (const method of settings.methods) {
    await runOne({
      experiment,
      data: small,
      settings: { ...settings, epochs: STEPS / 2, budgetSeconds: undefined },
      id: { method, seed: 0 },
    });
  }
}
