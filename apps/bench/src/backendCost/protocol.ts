import type { Turn } from '../stepCost/timeSteps.js';
import type { BenchMethod } from './BenchMethod.js';
import type { ModelName } from './benchModels.js';

/** A model and the number of samples in a batch. */
export interface Workload {
  model: ModelName;
  batchSize: number;
}

/** What a process that trains is asked: one request after another. */
export type TrainerRequest =
  | { kind: 'start'; backend: string; threads: number }
  | ({ kind: 'create' } & Workload)
  | ({ kind: 'time'; method: BenchMethod } & Required<Turn>)
  | { kind: 'count'; method: BenchMethod }
  | { kind: 'release' };

/** What it answers: the value, or in a sentence why there is none. */
export type TrainerAnswer<T> = { value: T } | { error: string };

/** Answer to `start`. */
export interface StartedTrainer {
  /** What it trains on, in words. */
  device: string;
  /** Whether the device is a program that imitates one. */
  isSoftware: boolean;
  /** Threads of one operation that are in force; undefined on a GPU. */
  threads?: number;
  /** Versions and machine. */
  environment: object;
  /** Devices other than the CPU on which it could train as well: PyTorch only. */
  accelerators?: string[];
}

/** Answer to `time`. */
export interface TurnTimes {
  /** Milliseconds of each step. */
  milliseconds: number[];
  /** Milliseconds of a step, on average, that processors worked for this process, in all its threads. */
  processorMilliseconds: number;
}

/** Answer to `create`. */
export interface CreatedModel {
  /** Number of trained values. */
  parameters: number;
}
