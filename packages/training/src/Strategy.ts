import type { SamplerState } from '@gradis/samplers';
import type { Batch, Scorer, Signal, StepResult } from './Learner.js';
import type { MethodOptions } from './MethodOptions.js';

/** The batch that a strategy decided on. */
export interface PlannedBatch extends Batch {
  /**
   * 1/(N·p) of each sample, p the chance of its draw: for unbiased estimates of means over all samples, also where the
   * training itself uses other weights. Absent if every sample was as likely as any other, or the batch is skewed. [B]
   */
  importanceWeights?: Float32Array;
  /**
   * Whether some samples were likelier than others and no weights are known that correct it: then nothing about the mean
   * over all samples can be told from the batch. Default false.
   */
  skewed?: boolean;
}

/** Value of an option of a method. */
export type MethodSetting = number | string | boolean | undefined;

/** Decides which samples to train on and with which weights, and learns from what the step found out. */
export interface Strategy {
  /** Name of the method, such as `memory-is`. */
  readonly name: string;
  /** Number of training samples N. */
  readonly size: number;
  /** Whether `next` may be asked before the step on the batch that it gave last was observed. Default false. */
  readonly allowsDelay?: boolean;
  /** The next batch, which may be smaller than `batchSize`. The scorer is for methods that look before they choose. */
  next(batchSize: number, scorer: Scorer): Promise<PlannedBatch>;
  /** Takes in the result of the step on a batch that `next` gave, in the order in which it gave them. */
  observe(batch: PlannedBatch, result: StepResult): void;
  /** Options in force, defaults included, by their names: what is needed to make the same strategy again. */
  settings(): Readonly<Record<string, MethodSetting>>;
  /** What the method has to say about itself, such as `tau`; finite numbers by name. */
  diagnostics(): Record<string, number>;
  getState(): StrategyState;
}

/** Saved state of a strategy: which method, with which options, what it does with its sampler, and the sampler's state. */
export interface StrategyState {
  readonly name: string;
  readonly version: 1;
  readonly options: MethodOptions;
  readonly learnsFrom: Signal | 'nothing';
  readonly skewed: boolean;
  readonly sampler: SamplerState;
}
