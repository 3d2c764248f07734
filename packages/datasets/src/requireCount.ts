/** Throws unless `value` is an integer of at least `least`. */
export function requireCount(what: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${what} is ${value}; it must be an integer ≥ ${least}.`);
  }
}
