import { type Dataset, withLabelNoise } from '@gradis/datasets';
import type { Experiment, ExperimentData } from '../experiments/Experiment.js';
import type { Settings } from './Settings.js';

/** The training samples of a run: with wrong labels if the settings say so, augmented if the experiment does. */
export function trainingSet(
  { augment }: Experiment,
  { train }: ExperimentData,
  { labelNoise = 0 }: Settings,
  seed: number,
): Dataset {
  // With the seed itself, the shuffle that picks the labels would be the one that the samplers begin with.
  const labelled = labelNoise > 0 ? withLabelNoise(train, { rate: labelNoise, seed: -seed }) : train;
  return augment?.(labelled, seed) ?? labelled;
}
