// exp of four floats at once, and what follows from it.
// With x = n ln 2 + r and |r| ≤ ½ ln 2 it is exp x = 2ⁿ exp r.

import { multiplyAdd, withSign } from './vector';

/** log₂ e, and ln 2 in two parts whose sum is exact to 40 bits: n · LN2_HIGH is exact for every n that occurs. */
const LOG2_E: f32 = 1.44269504;
export const LN2_HIGH: f32 = 0.693359375;
export const LN2_LOW: f32 = -2.12194440e-4;

/** At these, exp has rounded to 0 and to infinity. */
export const LOWEST: f32 = -104;
export const HIGHEST: f32 = 89;

/** Added to a number it leaves the nearest integer in the low bits; subtracted again, that integer as a float. */
export const ROUNDING: f32 = 12_582_912;
/** The bits of ROUNDING. */
const ROUNDING_BITS: i32 = 0x4b400000;

/** exp x to a relative error of 1e-7; where it leaves the normal float32 numbers, to 2⁻¹⁴⁹. NaN stays NaN. */
@inline export function exp(x: v128): v128 {
  const bounded = f32x4.pmin(f32x4.pmax(x, f32x4.splat(LOWEST)), f32x4.splat(HIGHEST));
  const rounded = nearestMultiple(bounded);
  return scaledExp(remainder(bounded, rounded), i32x4.sub(rounded, i32x4.splat(ROUNDING_BITS)));
}

/** 2ⁿ exp r for |r| ≤ ½ ln 2 and −254 < n < 255, in two factors, since 2ⁿ alone may be too large or too small for a float32. */
@inline export function scaledExp(r: v128, n: v128): v128 {
  const result = f32x4.add(smallExpMinusOne(r), f32x4.splat(1));
  const half = i32x4.shr_s(n, 1);
  return f32x4.mul(f32x4.mul(result, powerOfTwo(half)), powerOfTwo(i32x4.sub(n, half)));
}

/** exp x − 1 for −87 ≤ x ≤ 87 to a relative error of 3e-7: 2ⁿ (exp r − 1) + (2ⁿ − 1). */
@inline export function expMinusOne(x: v128): v128 {
  const rounded = nearestMultiple(x);
  const power = powerOfTwo(i32x4.sub(rounded, i32x4.splat(ROUNDING_BITS)));
  return multiplyAdd(smallExpMinusOne(remainder(x, rounded)), power, f32x4.sub(power, f32x4.splat(1)));
}

/** exp x − 1 for every x to a relative error of 2e-7: twice half of it, since 2ⁿ may be too large for a float32. */
@inline export function expm1(x: v128): v128 {
  const bounded = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-87)), f32x4.splat(HIGHEST));
  const rounded = nearestMultiple(bounded);
  const power = powerOfTwo(i32x4.sub(rounded, i32x4.splat(ROUNDING_BITS + 1)));
  const half = multiplyAdd(smallExpMinusOne(remainder(bounded, rounded)), power, f32x4.sub(power, f32x4.splat(0.5)));
  return withSign(f32x4.add(half, half), x);
}

/** n + ROUNDING */
@inline function nearestMultiple(x: v128): v128 {
  return multiplyAdd(x, f32x4.splat(LOG2_E), f32x4.splat(ROUNDING));
}

/** r = x − n ln 2 */
@inline function remainder(x: v128, rounded: v128): v128 {
  const n = f32x4.sub(rounded, f32x4.splat(ROUNDING));
  return multiplyAdd(n, f32x4.splat(-LN2_LOW), multiplyAdd(n, f32x4.splat(-LN2_HIGH), x));
}

/** exp r − 1 = r + r² P(r) for |r| ≤ ½ ln 2; P minimises the largest relative error, which is 1.4e-8. */
@inline function smallExpMinusOne(r: v128): v128 {
  let p = f32x4.splat(1.39461298e-3);
  p = multiplyAdd(p, r, f32x4.splat(8.36658169e-3));
  p = multiplyAdd(p, r, f32x4.splat(4.16662876e-2));
  p = multiplyAdd(p, r, f32x4.splat(1.66665430e-1));
  p = multiplyAdd(p, r, f32x4.splat(5.00000006e-1));
  return multiplyAdd(f32x4.mul(r, r), p, r);
}

/** 2ⁿ for −127 < n < 128. */
@inline function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}
