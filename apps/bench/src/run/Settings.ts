import type { MethodName } from '@gradis/training';

/** Options of single methods; each method's own default where absent. */
export interface MethodSettings {
  uniformMix?: number;
  momentum?: number;
  epsilon?: number;
  drawing?: 'with-replacement' | 'systematic';
  presampleFactor?: number;
  threshold?: number;
  weightExponent?: number;
  clipQuantile?: number;
  quarantineQuantile?: number;
  patience?: number;
  quarantine?: 'calm' | 'ignore';
  lambda?: number;
  lossScaling?: 'sum' | 'mean';
}

/** Settings of a comparison that do not depend on the machine. */
export interface Settings extends MethodSettings {
  /** Methods to compare, by name. */
  methods: MethodName[];
  /** Number of seeds; the runs have the seeds 1, 2, …. */
  seeds: number;
  epochs?: number;
  /** Seconds of training for each run. */
  budgetSeconds?: number;
  batchSize: number;
  learningRate: number;
  optimizer: OptimizerName;
  score: 'output-gradient' | 'loss' | 'last-layer';
  /** Training samples to use, chosen at random, the same for all runs; all of them where absent. */
  trainSize?: number;
  /** Share of the training labels that are made wrong, in [0, 1]; none where absent. */
  labelNoise?: number;
}

/** Optimizers by name. */
export const OPTIMIZERS = ['adam', 'momentum', 'sgd'] as const;
export type OptimizerName = (typeof OPTIMIZERS)[number];
