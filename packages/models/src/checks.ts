/** Throws unless `value` is an integer ≥ 1. */
export function requirePositiveInteger(what: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new RangeError(`${what} is ${value}; it must be an integer ≥ 1.`);
  }
}

/** Throws unless every one of `values` is an integer ≥ 1. */
export function requirePositiveIntegers(what: string, values: readonly number[]): void {
  values.forEach((value, i) => {
    requirePositiveInteger(`${what}[${i}]`, value);
  });
}

/** Throws unless `inputShape` is [height, width, channels], integers ≥ 1. */
export function requireImageShape(inputShape: readonly number[]): void {
  if (inputShape.length !== 3) {
    throw new RangeError(`inputShape is [${inputShape}]; it must be [height, width, channels].`);
  }
  requirePositiveIntegers('inputShape', inputShape);
}

/** Throws unless `seed` is an unsigned 32-bit integer. */
export function requireSeed(seed: number): void {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new RangeError(`seed is ${seed}; it must be an integer in [0, 2³² − 1].`);
  }
}
