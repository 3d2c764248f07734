import type { LowOptions, MemorySamplerOptions, ResamplingSamplerOptions } from '@gradis/samplers';

/** Options of every method in one place; each method reads those that concern it. */
export interface MethodOptions
  extends Pick<MemorySamplerOptions, 'momentum' | 'epsilon' | 'uniformMix' | 'drawing'>,
    Pick<ResamplingSamplerOptions, 'presampleFactor' | 'threshold' | 'smoothing'>,
    LowOptions {
  /** Number of training samples N. */
  size: number;
  /** Seed of the method's draws. Default 0. */
  seed?: number;
}
