import type { Sampler } from '@gradis/samplers';
import type { MethodSetting } from './Strategy.js';

/** The options that a sampler was made with, defaults included, from its state; none if its state does not tell. */
export function samplerSettings(sampler: Sampler): Readonly<Record<string, MethodSetting>> {
  const { options = {} } = sampler.getState() as { options?: Record<string, MethodSetting> };
  return { ...options };
}
