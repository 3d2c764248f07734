import { requireLength } from './checks.js';

/** Throws unless a saved memory holds for each of N samples a finite value ≥ 0, or NaN if nothing is known of it. */
export function requireMemory(name: string, values: ArrayLike<number>, size: number): void {
  requireLength(`state.${name}`, values, size);
  for (let index = 0; index < size; index++) {
    const value = values[index];
    if (!(Number.isNaN(value) || (value >= 0 && value < Number.POSITIVE_INFINITY))) {
      throw new RangeError(
        `state.${name}[${index}] is ${value}; ${name} must be finite and ≥ 0, or NaN where none is known.`,
      );
    }
  }
}
