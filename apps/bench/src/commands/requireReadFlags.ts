import { createStrategy } from '@gradis/training';
import type { MethodSettings, Settings } from '../run/Settings.js';

/** The flag of each option of single methods. */
const FLAGS: Readonly<Record<keyof MethodSettings, string>> = {
  uniformMix: '--uniform-mix',
  momentum: '--momentum',
  epsilon: '--epsilon',
  drawing: '--drawing',
  presampleFactor: '--presample-factor',
  threshold: '--threshold',
  weightExponent: '--weight-exponent',
  clipQuantile: '--clip-quantile',
  quarantineQuantile: '--quarantine-quantile',
  patience: '--patience',
  quarantine: '--quarantine',
  lambda: '--lambda',
  lossScaling: '--loss-scaling',
};

/** Throws if a flag was given that changes none of the methods. */
export function requireReadFlags(given: Partial<Settings>, settings: Settings): void {
  const inForce = settings.methods.map((method) => createStrategy(method, { ...settings, size: 1000 }).settings());
  for (const [name, flag] of Object.entries(FLAGS)) {
    const value = given[name as keyof MethodSettings];
    if (value === undefined || inForce.some((options) => options[name] === value)) continue;
    throw new Error(`${flag} ${value} has no effect on ${settings.methods.join(', ')}; leave it out, or add a method.`);
  }
}
