import {
  requireBoolean,
  requireFraction,
  requireInteger,
  requireNumber,
  requireOneOf,
  requirePositive,
} from './checks.js';
import type { ResamplingSamplerOptions } from './ResamplingSamplerOptions.js';

/** Options of a `ResamplingSampler` with their defaults, without the seed. */
export type ResamplingSettings = Required<Omit<ResamplingSamplerOptions, 'seed' | 'presampleSize' | 'threshold'>> &
  Pick<ResamplingSamplerOptions, 'presampleSize' | 'threshold'>;

/** Settings in force for N samples; throws on an option out of its range. */
export function resamplingSettings(
  size: number,
  {
    keep = 'batch-size',
    presampleSize,
    presampleFactor = 5,
    threshold,
    smoothing = 0.9,
    backwardForwardRatio = 2,
    exact = keep !== 'batch-size',
  }: ResamplingSamplerOptions,
): ResamplingSettings {
  requireOneOf('keep', keep, ['batch-size', 'variance', 'time']);
  if (presampleSize !== undefined) requireInteger('presampleSize', presampleSize, 1, size);
  requireNumber('presampleFactor', presampleFactor, 1);
  if (threshold !== undefined) requireNumber('threshold', threshold, 0);
  requireFraction('smoothing', smoothing);
  requirePositive('backwardForwardRatio', backwardForwardRatio);
  requireBoolean('exact', exact);
  return { keep, presampleSize, presampleFactor, threshold, smoothing, backwardForwardRatio, exact };
}
