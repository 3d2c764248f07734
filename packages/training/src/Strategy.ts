import type { SamplerState } from '@gradis/samplers';
import type { Batch, Scorer, StepResult } from './Learner.js';
import type { MethodOptions } from './MethodOptions.js';

/** The batch that a strategy decided on. */
export interface PlannedBatch extends Batch {
  /**
   * 1/(N·p) of each sample, p the probability of its draw; absent if every sample was as likely as any other.
   * For unbiased estimates from a non-uniform batch, also where the training itself uses other weights. [B]
   */
  importanceWeights?: Float32Array;
}

/** Value of an option of a method. */
export type MethodSetting = number | string | boolean | undefined;

/** Decides which samples to train on and with which weights, and learns from what the step found out. */
export interface Strategy {
  /** Name of the method, such as `memory-is`. */
  readonly name: string;
  /** Number of training samples N. */
  readonly size: number;
  /** The next batch, which may be smaller than `batchSize`. The scorer is for methods that look before they choose. */
  next(batchSize: number, scorer: Scorer): Promise<PlannedBatch>;
  /** Takes in the result of the step on the batch that `next` gave last. */
  observe(batch: PlannedBatch, result: StepResult): void;
  /** Options in force, defaults included, by their names: what is needed to make the same strategy again. */
  settings(): Readonly<Record<string, MethodSetting>>;
  /** What the method has to say about itself, such as `tau`; finite numbers by name. */
  diagnostics(): Record<string, number>;
  getState(): StrategyState;
}

/** Saved state of a strategy: which method, with which options, and the state of its sampler. */
export interface StrategyState {
  readonly name: string;
  readonly version: 1;
  readonly options: MethodOptions;
  readonly sampler: SamplerState;
}
