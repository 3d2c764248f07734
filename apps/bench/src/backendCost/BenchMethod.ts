import { DEVICE_METHODS, type DeviceMethodName } from '@gradis/tfjs';
import type { MethodName } from '@gradis/training';

/** A method, or one with data, scores and probabilities on the device, by `trainOnDevice`. */
export type BenchMethod = MethodName | `${DeviceMethodName}@device`;

/** The name of the method on the device, if that is meant. */
export function deviceMethodOf(method: BenchMethod): DeviceMethodName | undefined {
  return DEVICE_METHODS.find((name) => method === `${name}@device`);
}

/** Those of the methods that can run on the device, there. */
export function onDevice(methods: readonly MethodName[]): BenchMethod[] {
  return DEVICE_METHODS.filter((name) => methods.includes(name)).map((name): BenchMethod => `${name}@device`);
}
