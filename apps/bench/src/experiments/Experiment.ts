import type { Dataset } from '@gradis/datasets';
import type { LossName } from '@gradis/tfjs';
import type * as tf from '@tensorflow/tfjs';
import type { Settings } from '../run/Settings.js';

/** Training and test samples of an experiment. */
export interface ExperimentData {
  train: Dataset;
  test: Dataset;
}

/** A named experiment: data, model, loss, and the settings of its presets. */
export interface Experiment {
  readonly name: string;
  readonly title: string;
  /** One line for `gradis list`. */
  readonly summary: string;
  /** Name of the data set. */
  readonly dataset: string;
  readonly loss: LossName;
  /** Threads with which a CPU trains it fastest: the default of `--threads`. Default: what the backend does by itself. */
  readonly threads?: number;
  /** What each preset sets; `quick` fits two cores and a few minutes, `paper` is what was published, or a full run where nothing was. */
  readonly presets: Readonly<Record<PresetName, Settings>>;
  /** What `quick` changes against `paper`, in words. */
  readonly quickNote: string;
  /** Loads the samples, and fetches them before where needed; throws the signal's reason when that is aborted. */
  loadData(signal?: AbortSignal): Promise<ExperimentData>;
  /** The training samples in another view at each step; same seed, same views. Evaluations see them as they are. */
  augment?(train: Dataset, seed: number): Dataset;
  /** A new model; same seed, same weights. */
  createModel(seed: number): tf.LayersModel;
}

/** Names of the presets. */
export type PresetName = 'quick' | 'paper';
