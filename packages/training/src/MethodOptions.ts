import type { LowOptions, MemorySamplerOptions, ResamplingSamplerOptions } from '@gradis/samplers';

/** Options of every method in one place; each method reads those that concern it. */
export interface MethodOptions
  extends Omit<MemorySamplerOptions, 'weightExponent' | 'seed'>,
    Omit<ResamplingSamplerOptions, 'seed'>,
    LowOptions {
  /** Number of training samples N. */
  size: number;
  /** Length of the training in epochs, for methods that change in its course. Default: each method's own. */
  epochs?: number;
  /** Seed of the method's draws, any safe integer. Default 0. */
  seed?: number;
}
