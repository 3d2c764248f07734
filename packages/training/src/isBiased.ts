import { createStrategy } from './createStrategy.js';
import type { MethodOptions } from './MethodOptions.js';
import { type MethodName, methods } from './methods/methods.js';

/**
 * Whether the expected step of a method with these options is not along the gradient of the mean loss: as the method
 * is, or because of a `weightExponent` below 1 or a quarantine that ignores samples.
 *
 * @throws what `createStrategy` throws
 * @example
 * ```ts
 * import { isBiased } from '@gradis/training';
 *
 * console.log(isBiased('calibrated', { size: 100 })); // → false
 * console.log(isBiased('calibrated', { size: 100, weightExponent: 0.5 })); // → true
 * ```
 */
export function isBiased(name: MethodName, options: MethodOptions): boolean {
  const { weightExponent = 1, quarantine } = createStrategy(name, options).settings();
  return methods[name].biased || Number(weightExponent) < 1 || quarantine === 'ignore';
}
