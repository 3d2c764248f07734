import type {
  CalibratedSamplerState,
  LowOptions,
  MemorySamplerState,
  SamplerState,
  UniformSamplerState,
} from '@gradis/samplers';
import type { MethodOptions } from '@gradis/training';
import { DeviceCalibratedSampler } from './DeviceCalibratedSampler.js';
import { DeviceMemorySampler } from './DeviceMemorySampler.js';
import type { DeviceSampler } from './DeviceSampler.js';
import { DeviceUniformSampler } from './DeviceUniformSampler.js';
import { lowWeightRule } from './lowWeightRule.js';

/** Each method that can run on the device, by the name that it has in `methods` of `@gradis/training`. */
const samplers = {
  uniform: ({ size, seed }) => new DeviceUniformSampler(size, { seed }),
  low: ({ size, seed, ...options }) => new DeviceUniformSampler(size, { seed, weights: lowWeightRule(options) }),
  'memory-is': ({ size, ...options }) => new DeviceMemorySampler(size, { ...options, weightExponent: 1 }),
  'memory-as': ({ size, ...options }) => new DeviceMemorySampler(size, { ...options, weightExponent: 0 }),
  calibrated: ({ size, ...options }) => new DeviceCalibratedSampler(size, options),
} satisfies Record<string, (options: MethodOptions) => DeviceSampler>;

/** Names of the methods that can run on the device. */
export type DeviceMethodName = keyof typeof samplers;

/** The names in the order of the table of methods. */
export const DEVICE_METHODS = Object.keys(samplers) as readonly DeviceMethodName[];

/**
 * The sampler of a method, with its state on the device.
 *
 * @param options `size`, and of the others each method reads those that concern it, as `createStrategy` does
 * @throws if there is no such method on the device, or an option is out of range
 * @example
 * ```ts
 * import { createDeviceSampler } from '@gradis/tfjs';
 *
 * const sampler = createDeviceSampler('memory-is', { size: 60_000, seed: 1, uniformMix: 0.2 });
 * console.log(sampler.draw(64).indices.shape); // → [ 64 ]
 * sampler.dispose();
 * ```
 */
export function createDeviceSampler(name: DeviceMethodName, options: MethodOptions): DeviceSampler {
  if (Object.hasOwn(samplers, name)) return samplers[name](options);
  throw unknownMethod(name);
}

/**
 * The sampler of a method that goes on from a saved state, of a sampler on the device or of the one of `@gradis/samplers`.
 *
 * @param options of `low`, which its state does not hold
 * @throws if there is no such method on the device, or the state is another sampler's or damaged
 * @example
 * ```ts
 * import { createDeviceSampler, deviceSamplerFromState } from '@gradis/tfjs';
 *
 * const state = await createDeviceSampler('memory-is', { size: 100 }).getState();
 * console.log(deviceSamplerFromState('memory-is', state).size); // → 100
 * ```
 */
export function deviceSamplerFromState(
  name: DeviceMethodName,
  state: SamplerState,
  options: LowOptions = {},
): DeviceSampler {
  switch (name) {
    case 'uniform':
      return DeviceUniformSampler.fromState(state as UniformSamplerState);
    case 'low':
      return DeviceUniformSampler.fromState(state as UniformSamplerState, { weights: lowWeightRule(options) });
    case 'memory-is':
    case 'memory-as':
      return DeviceMemorySampler.fromState(state as MemorySamplerState);
    case 'calibrated':
      return DeviceCalibratedSampler.fromState(state as CalibratedSamplerState);
    default:
      throw unknownMethod(name);
  }
}

function unknownMethod(name: string): Error {
  return new Error(
    `there is no method "${name}" on the device; choose one of ${DEVICE_METHODS.join(', ')}, ` +
      'or use any method with `createStrategy` and `train` of @gradis/training.',
  );
}
