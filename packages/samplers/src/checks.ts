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

/** Throws unless every value is finite and ≥ 0. */
export function requireNumbers(name: string, values: ArrayLike<number>): void {
  for (let k = 0; k < values.length; k++) {
    const value = values[k];
    const isValid = typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;
    if (!isValid) throw new RangeError(`${name}[${k}] is ${value}; it must be finite and ≥ 0.`);
  }
}

/** Throws unless `value` is in [0, 1). */
export function requireFraction(name: string, value: number): void {
  if (typeof value !== 'number' || !(value >= 0 && value < 1)) {
    throw new RangeError(`${name} is ${value}; it must be in [0, 1).`);
  }
}

/** Throws unless `value` is finite and above 0. */
export function requirePositive(name: string, value: number): void {
  if (typeof value !== 'number' || !(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${name} is ${value}; it must be finite and > 0.`);
  }
}

/** Throws unless `value` is one of the allowed words. */
export function requireOneOf<T extends string>(name: string, value: T, allowed: readonly T[]): void {
  if (!allowed.includes(value)) {
    throw new RangeError(`${name} is '${value}'; it must be one of ${allowed.map((word) => `'${word}'`).join(', ')}.`);
  }
}

/** Throws unless `value` is true or false. */
export function requireBoolean(name: string, value: boolean): void {
  if (typeof value !== 'boolean') throw new TypeError(`${name} is ${value}; it must be true or false.`);
}

/** Throws unless every value is an integer in [0, end). */
export function requireIntegers(name: string, values: ArrayLike<number>, end: number): void {
  for (let k = 0; k < values.length; k++) {
    const value = values[k];
    if (!(Number.isInteger(value) && value >= 0 && value < end)) {
      throw new RangeError(`${name}[${k}] is ${value}; ${name} must be integers in [0, ${end}).`);
    }
  }
}

/** Throws unless the values are the integers 0 … n − 1 in any order. */
export function requirePermutation(name: string, values: ArrayLike<number>): void {
  requireIntegers(name, values, values.length);
  const seen = new Uint8Array(values.length); // a Set holds no more than 2²⁴
  for (let k = 0; k < values.length; k++) {
    if (seen[values[k]]++ > 0) throw new RangeError(`${name} names sample ${values[k]} twice; the state is damaged.`);
  }
}

/** Throws unless `value` is an array of any kind. */
export function requireArray(name: string, value: ArrayLike<unknown>): void {
  if (typeof value !== 'object' || typeof value?.length !== 'number') {
    throw new TypeError(`${name} is ${value}; it must be an array or a typed array.`);
  }
}

/** Number of elements of a typed array of a saved state; throws unless it is one. */
export function savedLength(name: string, array: ArrayLike<number> | undefined): number {
  if (!ArrayBuffer.isView(array)) {
    throw new TypeError(
      `${name} is ${array}; it must be a typed array. JSON keeps none: copy a state by structuredClone, store it by node:v8 or IndexedDB.`,
    );
  }
  return (array as ArrayLike<number>).length;
}

/** Throws unless the array has exactly `length` elements. */
export function requireLength(name: string, array: ArrayLike<unknown>, length: number): void {
  requireArray(name, array);
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

/** Throws unless a saved state counts something with `value`: an integer ≥ 0. */
export function requireCount(name: string, value: number): void {
  requireInteger(name, value, 0, Number.MAX_SAFE_INTEGER);
}

/** Throws unless the options of a saved state are exactly those that a sampler took from them: none missing or unknown. */
export function requireSavedOptions(saved: object, taken: object): void {
  const given: Record<string, unknown> = { ...saved };
  const known: Record<string, unknown> = { ...taken };
  for (const name of Object.keys({ ...known, ...given })) {
    if (given[name] !== known[name]) {
      const names = Object.keys(known).join(', ');
      throw new TypeError(`state.options.${name} is ${given[name]}; a state has the options ${names} and no others.`);
    }
  }
}
