// Sums of floats in float64.

import { VECTOR } from './vector';

/** Bytes of a float64. */
export const DOUBLE: usize = 8;

/** The first two of four floats. */
@inline export function lowDoubles(x: v128): v128 { return f64x2.promote_low_f32x4(x); }

/** The last two of four floats. */
@inline export function highDoubles(x: v128): v128 { return f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1)); }

@inline export function sumOfDoubles(x: v128): f64 { return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1); }

/** Two sums and four floats more. */
@inline export function plusFloats(sums: v128, x: v128): v128 {
  return f64x2.add(sums, f64x2.add(lowDoubles(x), highDoubles(x)));
}

/** Adds four floats to the four float64 at an address. */
@inline export function addFloats(sums: usize, x: v128): void {
  v128.store(sums, f64x2.add(v128.load(sums), lowDoubles(x)));
  v128.store(sums, f64x2.add(v128.load(sums, VECTOR), highDoubles(x)), VECTOR);
}

/** Adds a number to the float64 at an address. */
@inline export function addTo(sum: usize, x: f64): void { store<f64>(sum, load<f64>(sum) + x); }

/**
 * Variance from the mean of the distances to one of the numbers and the mean of their squares. No number is further than
 * √(n − 1) standard deviations from the mean (Samuelson, "How deviant can you be?", 1968), so what the difference loses is at
 * most a factor of n of the 53 bits of float64.
 */
@inline export function varianceOf(meanDistance: f64, meanSquare: f64): f64 {
  return max<f64>(meanSquare - meanDistance * meanDistance, 0);
}
