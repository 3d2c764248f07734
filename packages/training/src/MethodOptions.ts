import type {
  LowOptions,
  MemorySamplerOptions,
  ResamplingSamplerOptions,
  RobustSamplerOptions,
} from '@gradis/samplers';

/** Options of every method in one place; each method reads those that concern it. */
export interface MethodOptions
  extends Omit<MemorySamplerOptions, 'weightExponent' | 'seed'>,
    Omit<ResamplingSamplerOptions, 'seed'>,
    RobustSamplerOptions,
    LowOptions {
  /** Exponent β in [0, 1] of the weights of `calibrated`: 1 importance, 0 adaptive sampling. Default 1. */
  weightExponent?: number;
  /** Number of training samples N. */
  size: number;
  /** Length of the training in epochs, > 0, for methods that change in its course. Default: each method's own. */
  epochs?: number;
  /** Seed of the method's draws, any safe integer. Default 0. */
  seed?: number;
}
