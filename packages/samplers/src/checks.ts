/** Largest number of samples and of draws: indices are Int32. */
export const MAX_SIZE = 2 ** 31 - 1;

/** Throws unless `value` is an integer in [min, max]. */
export function requireInteger(name: string, value: number, min: number, max = MAX_SIZE): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${name} is ${value}; it must be an integer in [${min}, ${max}].`);
  }
}

/** Throws unless `value` is a finite number in [min, max]. */
export function requireNumber(name: string, value: number, min: number, max = Number.MAX_VALUE): void {
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    const range = max === Number.MAX_VALUE ? `finite and ≥ ${min}` : `in [${min}, ${max}]`;
    throw new RangeError(`${name} is ${value}; it must be ${range}.`);
  }
}

/** Throws unless `value` is in [0, 1). */
export function requireFraction(name: string, value: number): void {
  if (!(value >= 0 && value < 1)) throw new RangeError(`${name} is ${value}; it must be in [0, 1).`);
}

/** Throws unless `value` is finite and above 0. */
export function requirePositive(name: string, value: number): void {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${name} is ${value}; it must be finite and > 0.`);
  }
}

/** Throws unless `value` is one of the allowed words. */
export function requireOneOf<T extends string>(name: string, value: T, allowed: readonly T[]): void {
  if (!allowed.includes(value)) {
    throw new RangeError(`${name} is '${value}'; it must be one of ${allowed.map((word) => `'${word}'`).join(', ')}.`);
  }
}

/** Throws unless the array has exactly `length` elements. */
export function requireLength(name: string, array: ArrayLike<unknown>, length: number): void {
  if (array.length !== length) throw new RangeError(`${name} has ${array.length} elements; it must have ${length}.`);
}

/** Throws unless a saved state was written by `kind` in the version that is read here. */
export function requireState(state: { readonly kind: string; readonly version: number }, kind: string): void {
  if (state?.kind !== kind) {
    throw new TypeError(`state.kind is '${state?.kind}'; ${kind}.fromState reads the state of a ${kind}.`);
  }
  if (state.version !== 1) {
    throw new TypeError(`state.version is ${state.version}; this release reads version 1. Update @gradis/samplers.`);
  }
}
