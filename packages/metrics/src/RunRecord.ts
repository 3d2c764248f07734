import type { VarianceSummary } from './VarianceTelemetry.js';

/** Version of the run-file format that this package writes and the newest that it reads. */
export const RUN_SCHEMA_VERSION = 1;

/** Anything that JSON can hold. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** One training run: what was asked for, what happened epoch by epoch, and how it ended. */
export interface RunRecord extends RunHeader {
  /** In order, from epoch 0 (before training) or 1, without gaps; the last one may be unfinished. */
  epochs: EpochRecord[];
  /** Absent while a run is unfinished. */
  end?: RunEnd;
}

/** What identifies a run and is needed to repeat it. */
export interface RunHeader {
  /** Name of the experiment, the same for all runs that may be compared: `mnist`. */
  experiment: string;
  /** The experiment in words, for headings. */
  title?: string;
  /** Name of the sampling method: `uniform`, `memory-is`. */
  method: string;
  /** Whether the method's gradient is a biased estimate of the gradient of the mean loss. */
  biased?: boolean;
  /** Seed of the run; runs of different methods with the same seed are compared as pairs. Integer ≥ 0. */
  seed: number;
  /** Settings that do not depend on the machine: batch size, learning rate, optimiser, epochs, … */
  settings: Record<string, JsonValue>;
  dataset: RunDataset;
  environment: RunEnvironment;
  /** ISO 8601 date and time. */
  startedAt: string;
}

/** The data set of a run. */
export interface RunDataset {
  name: string;
  /** Number of training samples. */
  trainSize: number;
  /** Number of test samples; 0 if there are none. */
  testSize: number;
}

/** Where a run was made. */
export interface RunEnvironment {
  /** Version of gradis. */
  gradis: string;
  /** Commit of the source, if it is known. */
  commit?: string;
  /** Versions of the packages that matter: `{ '@tensorflow/tfjs': '4.22.0' }`. */
  packages: Record<string, string>;
  /** Version of Node. */
  node: string;
  /** Operating system and architecture: `linux x64`. */
  platform: string;
  /** Backend of the tensor library: `wasm`. */
  backend: string;
  /** Model and number of cores of the processor. */
  cpu: string;
}

/** State of a run at the end of an epoch. All counts and times are cumulative from the start of the run. */
export interface EpochRecord {
  /** 0 is the state before training, 1 the end of the first epoch; a fraction where a budget ended the run within one. */
  epoch: number;
  /** Optimisation steps. */
  steps: number;
  /** Samples trained on, repetitions counted. */
  samples: number;
  /** Seconds of each phase of training; evaluation is in none of them. */
  seconds: Record<string, number>;
  /** Sum of `seconds`. */
  trainingSeconds: number;
  /** Unbiased estimate of the mean training loss while the parameters changed during this epoch; absent in epoch 0. */
  estimatedLoss?: number;
  /** Measured on the whole training set. */
  train?: Quality;
  /** Measured on the whole test set. */
  test?: Quality;
  /** What the sampling did to the gradient variance during this epoch. */
  telemetry?: VarianceSummary;
  /** What the method itself reports, such as `tau`. */
  diagnostics?: Record<string, number>;
}

/** Quality of a model on a set of samples. */
export interface Quality {
  /** Mean loss. */
  loss: number;
  /** Share of wrongly classified samples in [0, 1]; absent if the task is no classification. */
  error?: number;
}

/** How a run ended. */
export interface RunEnd {
  /** All epochs done, the time budget used up, or the loss no longer finite (then the last finite epoch is kept). */
  reason: 'completed' | 'budget' | 'diverged';
  /** ISO 8601 date and time. */
  finishedAt: string;
}
